import StetProcess
import StetProtocol
import Testing

@testable import StetAgent

@Suite struct CommandPolicyTests {
  private func policy(
    _ approval: AskForApproval, wants: Bool = true, problem: String? = nil, ruling: Ruling? = nil,
    accepted: Bool = false
  ) -> CommandPolicy {
    CommandPolicy(
      approvalPolicy: approval, wantsSandbox: wants, sandboxProblem: problem, ruling: ruling,
      acceptedForSession: accepted)
  }

  private func request(_ script: String = "make check", escalates: Bool = false) -> CommandRequest {
    CommandRequest(script: script, cwd: "/w", escalates: escalates, justification: escalates ? "why" : nil)
  }

  @Test func onRequestRunsInTheSandboxAndAsksToLeaveIt() {
    #expect(policy(.onRequest).verdict(for: request()) == .run(sandboxed: true))
    #expect(
      policy(.onRequest).verdict(for: request(escalates: true))
        == .ask(reason: "why", sandboxed: false))
  }

  @Test func untrustedAsksForEveryCommand() {
    #expect(policy(.untrusted).verdict(for: request("ls")) == .ask(reason: nil, sandboxed: true))
  }

  @Test func neverNeverAsks() {
    #expect(policy(.never).verdict(for: request()) == .run(sandboxed: true))
    guard case .refuse = policy(.never).verdict(for: request(escalates: true)) else {
      Issue.record("an escalation under never was not refused")
      return
    }
  }

  @Test("S1: without a sandbox nothing runs unasked") func s1_missingSandboxAsks() {
    guard case .ask(let reason, false) = policy(.onRequest, problem: "no bwrap").verdict(for: request())
    else {
      Issue.record("a command ran without the sandbox that the policy wants")
      return
    }
    #expect(reason?.contains("no bwrap") == true)
    guard case .refuse = policy(.never, problem: "no bwrap").verdict(for: request()) else {
      Issue.record("a command ran without the sandbox under never")
      return
    }
  }

  @Test("S3: a rule approves and keeps the sandbox") func s3_ruleKeepsSandbox() {
    let allowed = policy(.untrusted, ruling: .allow(outsideSandbox: false))
    #expect(allowed.verdict(for: request()) == .run(sandboxed: true))
    guard case .ask = allowed.verdict(for: request(escalates: true)) else {
      Issue.record("a rule took the sandbox away")
      return
    }
    let leaving = policy(.onRequest, ruling: .allow(outsideSandbox: true))
    #expect(leaving.verdict(for: request()) == .run(sandboxed: true))
    #expect(leaving.verdict(for: request(escalates: true)) == .run(sandboxed: false))
  }

  @Test("S1: with the sandbox off only what was allowed word by word runs unasked")
  func s1_onlyExactRulesWithoutSandbox() {
    let missing = policy(.onRequest, problem: "no bwrap", ruling: .allow(outsideSandbox: false))
    #expect(missing.verdict(for: request()) != .run(sandboxed: false))
    let off = policy(.untrusted, wants: false, ruling: .allow(outsideSandbox: false))
    #expect(off.verdict(for: request()) == .ask(reason: nil, sandboxed: false))
    let exact = policy(.onRequest, problem: "no bwrap", ruling: .allow(outsideSandbox: true))
    #expect(exact.verdict(for: request()) == .run(sandboxed: false))
  }

  @Test func forbiddenIsRefusedWhateverElseHolds() {
    guard
      case .refuse = policy(.onRequest, wants: false, ruling: .forbidden, accepted: true).verdict(
        for: request())
    else {
      Issue.record("a forbidden command ran")
      return
    }
  }

  @Test("S1: full access is the user's own word: a policy that asks nothing asks nothing there, either")
  func s1_fullAccessIsTheUsersWord() {
    #expect(policy(.onRequest, wants: false).verdict(for: request()) == .run(sandboxed: false))
    #expect(policy(.never, wants: false).verdict(for: request()) == .run(sandboxed: false))
    #expect(policy(.onRequest, wants: false).verdict(for: request(escalates: true)) == .run(sandboxed: false))
  }

  @Test("S11: accepted for the session") func s11_acceptedForSession() {
    #expect(policy(.untrusted, accepted: true).verdict(for: request()) == .run(sandboxed: true))
    #expect(
      policy(.onRequest, accepted: true).verdict(for: request(escalates: true)) == .run(sandboxed: false))
  }

  @Test("S11: what was accepted behind some walls is asked about again behind wider ones")
  func s11_walls() {
    let session = SessionApprovals()
    func judge(_ walls: SandboxPolicyKind) -> CommandJudge {
      CommandJudge(
        approvalPolicy: .untrusted, wantsSandbox: true, sandboxProblem: nil, session: session,
        rules: RuleBook(directory: "/nonexistent"), walls: walls)
    }
    let request = CommandRequest(script: "make x", cwd: "/w", escalates: false, justification: nil)
    session.accept(judge(.readOnly).tuple(request))
    #expect(judge(.readOnly).judge(request).verdict == .run(sandboxed: true))
    for walls in [
      SandboxPolicyKind.workspaceWrite(roots: ["/w"], network: false),
      .workspaceWrite(roots: [], network: true), .workspaceWrite(roots: ["/w", "/x"], network: false),
    ] {
      #expect(judge(walls).judge(request).verdict == .ask(reason: nil, sandboxed: true))
    }
  }
}
