import StetProcess
import StetProtocol

/// Brings together all that speaks on a command: policy, stored rules, what was accepted in the thread, the walls.
/// What runs and what `/permissions` says of a typed command come from here, so that they can't differ.
struct CommandJudge: Sendable {
  let approvalPolicy: AskForApproval
  /// The policy asks for a sandbox; `sandboxProblem` is why there is none.
  let wantsSandbox: Bool
  let sandboxProblem: String?
  let session: SessionApprovals
  let rules: RuleBook
  /// The walls in words, as they are on this machine.
  var sandboxWords = ""
  /// They keep protected paths from being written.
  var wallsAreWhole = true
  /// What the walls let a command touch.
  var walls = SandboxPolicyKind.readOnly

  struct Judgement: Sendable {
    let verdict: CommandVerdict
    let script: ShellScript
    /// What the rules say of each part.
    let rulings: [Ruling?]
  }

  func judge(_ request: CommandRequest) -> Judgement {
    let script = ShellScript(request.script)
    let rulings = rules.rulings(on: script, cwd: request.cwd, extra: session.rules)
    let policy = CommandPolicy(
      approvalPolicy: approvalPolicy, wantsSandbox: wantsSandbox, sandboxProblem: sandboxProblem,
      ruling: Ruling.whole(rulings), acceptedForSession: session.accepts(tuple(request)))
    return Judgement(verdict: policy.verdict(for: request), script: script, rulings: rulings)
  }

  /// What an acceptance for the session stands for (S11).
  func tuple(_ request: CommandRequest) -> SessionApprovals.Command {
    SessionApprovals.Command(
      script: request.script, cwd: request.cwd,
      walls: wantsSandbox && sandboxProblem == nil && !request.escalates ? walls : nil)
  }
}

extension CommandJudge.Judgement {
  /// Places of the parts that no rule covers.
  private func uncovered(outside: Bool) -> [Int] {
    rulings.indices.filter { index in
      if case .allow(let leaves)? = rulings[index] { return outside && !leaves }
      return true
    }
  }

  /// The rules that may be remembered from the question, the widest first.
  func offers(outside: Bool) -> [RuleOffer] {
    // What a pattern stands for is another thing tomorrow: no words to remember.
    guard !outside || !script.hasPatterns else { return [] }
    return RuleOffer.offers(for: uncovered(outside: outside).map { script.commands[$0] }, outside: outside)
  }

  /// What the prompt marks (`stet.consent`): the parts that need consent as ranges of bytes of the script where others
  /// do not, why no rule can cover it, and the rules on offer.
  func consent(outside: Bool, offers: [RuleOffer]) -> JSONValue {
    var consent: JSONObject = [
      "rules": .array(offers.map { ["text": .string($0.text), "outside": .bool(outside)] })
    ]
    let parts = uncovered(outside: outside)
    if parts.count < script.commands.count {
      consent["parts"] = .array(
        parts.map { index in
          [
            "start": .int(Int64(script.ranges[index].lowerBound)),
            "end": .int(Int64(script.ranges[index].upperBound)),
          ]
        })
    }
    if let reason = script.opaqueReason { consent["opaque"] = .string(reason) }
    return .object(consent)
  }
}
