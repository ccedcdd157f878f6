import Glibc
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// The corpus where there is no sandbox: rules for the first words of each script, even with the right to leave the
/// sandbox, approve none of it.
@Suite struct BypassApprovalTests {
  private func judge(_ policy: AskForApproval, wants: Bool, _ rules: [PrefixRule]) -> CommandJudge {
    let session = SessionApprovals()
    session.accept(rules)
    return CommandJudge(
      approvalPolicy: policy, wantsSandbox: wants, sandboxProblem: wants ? "none here" : nil,
      session: session,
      rules: RuleBook(directory: "/nonexistent"))
  }

  /// Rules as wide as a user could store them: every beginning of every line.
  private func rules(for script: String) -> [PrefixRule] {
    script.split(separator: "\n").flatMap { line -> [PrefixRule] in
      let words = line.split(separator: " ").map(String.init)
      return (1...max(1, words.count - 1)).map {
        PrefixRule(pattern: Array(words.prefix($0)), leavesSandbox: true)
      }
    }
  }

  @Test(
    "S1, S2: with the sandbox off nothing of the corpus is approved by a rule", arguments: BypassVector.all)
  func s1_nothingApproved(_ vector: BypassVector) {
    let script = vector.script(out: "/out", home: "/home/u", own: "/home/u/.config/stet")
    let request = CommandRequest(script: script, cwd: "/w", escalates: false, justification: nil)
    for policy in [
      judge(.onRequest, wants: true, rules(for: script)), judge(.untrusted, wants: false, rules(for: script)),
    ] {
      guard case .ask(_, false) = policy.judge(request).verdict else {
        Issue.record("it would run: \(policy.judge(request).verdict)")
        continue
      }
    }
    let never = judge(.never, wants: true, rules(for: script)).judge(request).verdict
    guard case .refuse = never else {
      Issue.record("it would run under never: \(never)")
      return
    }
  }

  @Test("S2: what is more than plain words no rule approves, not even inside the sandbox")
  func s2_shellSyntax() {
    for kind in ["redirect", "substitution", "newline", "heredoc", "unicode"] {
      for vector in BypassVector.of(kind) {
        let script = vector.script(out: "/out", home: "/home/u", own: "/own")
        let asked = CommandJudge(
          approvalPolicy: .untrusted, wantsSandbox: true, sandboxProblem: nil, session: SessionApprovals(),
          rules: RuleBook(directory: "/nonexistent")
        )
        asked.session.accept(
          ["ls", "echo", "cat", "true", "printf", "mkdir", "false"].map { PrefixRule(pattern: [$0]) })
        let request = CommandRequest(script: script, cwd: "/w", escalates: false, justification: nil)
        #expect(asked.judge(request).verdict == .ask(reason: nil, sandboxed: true), "\(vector)")
      }
    }
  }

  @Test("S1: in the real program, with walls that can't be made, each is a question and none runs unanswered")
  func s1_realProgramAsks() async throws {
    let vectors = ["redirect", "substitution", "eval", "env", "option", "symlink"].compactMap {
      BypassVector.of($0).first
    }
    let ground = BypassGround()
    let bench = try await Workbench([])
    bench.harness.home.write(
      "rules/wide.rules",
      ["echo", "bash", "env", "find", "ln", "eval"].map {
        "prefix_rule(pattern=[\"\($0)\"], sandbox=\"off\")\n"
      }
      .joined())
    // More protected places than can be bound: there are no walls.
    for number in 0...2_000 { bench.work.write("d\(number)/.envrc", "") }
    for (index, vector) in vectors.enumerated() {
      let script = vector.script(
        out: ground.target(index), home: bench.userHome.path, own: bench.harness.home.path)
      bench.harness.model.extend(.call("exec_command", ["cmd": .string(script)]))
    }
    bench.harness.model.extend(.text("done"))
    bench.answer { _ in vectors.map { _ in ["decision": "decline"] } }
    let before = try await ground.untouched(bench)
    try await bench.turn()
    #expect(bench.requests.count == vectors.count)
    #expect(bench.requests.allSatisfy { $0["stet"]?["sandboxed"] == false })
    #expect(bench.commands.allSatisfy { $0.status == .declined })
    #expect(try await ground.untouched(bench) == before)
  }
}
