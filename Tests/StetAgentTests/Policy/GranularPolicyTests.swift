import StetProtocol
import Testing

@testable import StetAgent

/// `approvalPolicy: {granular: …}`: each member decides about the questions of its kind, and only about those.
@Suite struct GranularPolicyTests {
  private func granular(sandbox: Bool = true, rules: Bool = true) -> AskForApproval {
    .granular(GranularApproval(sandboxApproval: sandbox, rules: rules, mcpElicitations: true))
  }

  private func verdict(
    _ approval: AskForApproval, escalates: Bool = false, ruling: Ruling? = nil, problem: String? = nil
  ) -> CommandVerdict {
    CommandPolicy(
      approvalPolicy: approval, wantsSandbox: true, sandboxProblem: problem, ruling: ruling,
      acceptedForSession: false
    ).verdict(
      for: CommandRequest(script: "make", cwd: "/w", escalates: escalates, justification: "why"))
  }

  private func isRefused(_ verdict: CommandVerdict) -> Bool {
    if case .refuse = verdict { true } else { false }
  }

  @Test("protocol.md §2: sandbox_approval decides whether a command may ask to leave the sandbox")
  func sandbox() {
    #expect(verdict(granular(rules: false), escalates: true) == .ask(reason: "why", sandboxed: false))
    #expect(isRefused(verdict(granular(sandbox: false), escalates: true)))
    #expect(isRefused(verdict(granular(sandbox: false), problem: "none")))
    #expect(verdict(granular(sandbox: false)) == .run(sandboxed: true))
    guard case .refuse(let text, _) = verdict(granular(sandbox: false), escalates: true) else { return }
    #expect(text.hasPrefix("The approval policy allows no question about leaving the sandbox."))
  }

  @Test("protocol.md §2: rules decides whether a rule may have a command asked about")
  func rules() {
    #expect(verdict(granular(sandbox: false), ruling: .prompt) == .ask(reason: "why", sandboxed: true))
    #expect(isRefused(verdict(granular(rules: false), ruling: .prompt)))
    // Both kinds of question at once: both must be allowed.
    #expect(isRefused(verdict(granular(rules: false), escalates: true, ruling: .prompt)))
    #expect(isRefused(verdict(granular(sandbox: false), escalates: true, ruling: .prompt)))
    #expect(verdict(granular(), escalates: true, ruling: .prompt) == .ask(reason: "why", sandboxed: false))
    #expect(verdict(granular(rules: false), ruling: .allow(outsideSandbox: false)) == .run(sandboxed: true))
  }

  @Test("the model is told what it can't ask for")
  func told() {
    func text(_ policy: AskForApproval) -> String {
      PermissionsText.text(
        TurnSettings(
          cwd: "/w", workspaceRoots: ["/w"], model: "m", modelProvider: "p", approvalPolicy: policy,
          sandboxPolicy: .readOnly(networkAccess: false), editReview: .off, effort: nil, summary: nil,
          trusted: true))
    }
    #expect(text(granular(rules: false)).contains("require_escalated"))
    #expect(!text(granular(sandbox: false)).contains("require_escalated"))
    #expect(text(granular(sandbox: false)).contains("can't be asked to let a command leave the sandbox"))
  }
}
