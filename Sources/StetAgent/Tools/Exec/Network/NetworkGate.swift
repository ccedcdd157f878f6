import StetProcess
import StetProtocol
import Synchronization

/// Which hosts one sandboxed command reaches: by rule, by what was accepted before, or by asking (S13).
///
/// A question is asked once a command and host, however many connections wait for it. It is withdrawn when the command
/// ends, and no question is asked once the turn is over. Safe from any thread.
final class NetworkGate: Sendable {
  /// Hosts of one command that are asked about or remembered for it; a command that tries more is looking for a hole.
  static let hostLimit = 100

  private struct State {
    var questions: [NetworkTarget: Task<SandboxProxy.Verdict, Never>] = [:]
    var openCount = 0
    var refused: [String] = []
    var isOver = false
    var stopsTurn = false
  }

  private let state = Mutex(State())
  private let item: CommandExecutionItem
  private let context: ToolContext
  private let rules: RuleBook
  private let cwd: String
  /// Ends the command: the user stopped the turn from a question.
  private let interrupt = Mutex<(@Sendable () -> Void)?>(nil)

  init(_ item: CommandExecutionItem, _ context: ToolContext) {
    self.item = item
    self.context = context
    rules = CommandRules.book(context)
    cwd = RealPath.of(item.cwd)
  }

  // MARK: - Deciding

  func decide(_ target: NetworkTarget) async -> SandboxProxy.Verdict {
    guard !state.withLock({ $0.isOver }) else { return .refuse("the command was ended") }
    switch rules.allows(target, cwd: cwd, extra: context.sessionApprovals.hosts) {
    case true?: return .allow
    case false?: return refuse(target, "a rule of the user forbids it")
    case nil: break
    }
    guard context.settings.approvalPolicy.mayAskForCommands else {
      return refuse(target, "no rule allows it, and the approval policy allows no questions")
    }
    let question = state.withLock { state -> Task<SandboxProxy.Verdict, Never>? in
      if let known = state.questions[target] { return known }
      guard !state.isOver, state.questions.count < Self.hostLimit else { return nil }
      state.openCount += 1
      let task = Task { await self.ask(target) }
      state.questions[target] = task
      return task
    }
    guard let question else { return refuse(target, "the command asked for too many hosts") }
    return await question.value
  }

  /// The proxy did not reach a host although nobody refused it.
  func note(_ target: NetworkTarget, _ why: String) { _ = refuse(target, why) }

  private func refuse(_ target: NetworkTarget, _ why: String) -> SandboxProxy.Verdict {
    let text = "\(HostRule(target).text) was not reached: \(why)"
    state.withLock { state in
      if !state.refused.contains(text), state.refused.count < Self.hostLimit { state.refused.append(text) }
    }
    return .refuse(text)
  }

  private func ask(_ target: NetworkTarget) async -> SandboxProxy.Verdict {
    let answer = await context.approvals.ask(.commandExecutionRequestApproval(params(target)))
    // An answer that crosses the end of the command decides nothing.
    let isOver = state.withLock { $0.isOver }
    let verdict = read(isOver ? .cancelled : answer, target)
    return state.withLock { state in
      state.openCount -= 1
      return state.isOver && verdict == .allow ? .refuse("the command was ended") : verdict
    }
  }

  private func params(_ target: NetworkTarget) -> CommandExecutionRequestApprovalParams {
    let scheme = NetworkApprovalProtocol.from(target.scheme)
    let offered = [NetworkPolicyRuleAction.allow, .deny].map { action in
      NetworkPolicyAmendment(action: action, host: target.name)
    }
    return CommandExecutionRequestApprovalParams(
      threadId: context.threadId, turnId: context.turnId, itemId: item.id,
      startedAtMs: WallClock.milliseconds, environmentId: "local", reason: Self.reason(target),
      command: item.command, cwd: item.cwd, commandActions: item.commandActions,
      availableDecisions: [.accept, .acceptForSession]
        + offered.map(CommandExecutionApprovalDecision.applyNetworkPolicyAmendment) + [.decline, .cancel],
      approvalId: "network-\(ThreadIds.random())",
      networkApprovalContext: NetworkApprovalContext(host: target.name, protocol: scheme),
      proposedNetworkPolicyAmendments: offered,
      stet: StetCommandApproval(
        undoable: context.changes.coversCommands ? .full : .none, sandboxed: true,
        consent: ["rules": [["text": .string("reaching " + HostRule(target).text), "outside": false]]]))
  }

  private static func reason(_ target: NetworkTarget) -> String {
    switch target.reach {
    case .machine?: "It runs, and wants to reach a server on this machine, outside of the sandbox."
    case .privateNetwork?: "It runs, and wants to reach a host in a private network."
    default: "It runs, and wants to reach this host."
    }
  }

  // MARK: - The answer

  private func read(_ answer: ApprovalAnswer, _ target: NetworkTarget) -> SandboxProxy.Verdict {
    let value: JSONValue
    switch answer {
    case .cancelled: return refuse(target, "nobody could be asked any more")
    case .failed(let error): return failClosed(target, "the answer was an error: \(error.message)")
    case .answered(let given): value = given
    }
    let response: CommandExecutionRequestApprovalResponse
    do {
      response = try value.decode(CommandExecutionRequestApprovalResponse.self)
    } catch {
      return failClosed(target, "the answer could not be read")
    }
    switch response.decision {
    case .accept:
      guard let wish = value["stet"]?["remember"], !wish.isNull else { return .allow }
      return remember(wish, target)
    case .acceptForSession:
      context.sessionApprovals.accept(HostRule(target))
      return .allow
    case .applyNetworkPolicyAmendment(let amendment): return amend(amendment, target)
    case .decline:
      let said = value["stet"]?["message"]?.stringValue.map { "; the user says: \($0)" } ?? ""
      return refuse(target, "the user did not allow it\(said)")
    case .cancel:
      state.withLock { $0.stopsTurn = true }
      interrupt.withLock { $0 }?()
      return refuse(target, "the user stopped the turn")
    case .acceptWithExecpolicyAmendment, .unknown:
      return failClosed(target, "the answer was none of those offered")
    }
  }

  /// Only what was offered counts (S5): this host, allowed or denied.
  private func amend(_ amendment: NetworkPolicyAmendment, _ target: NetworkTarget) -> SandboxProxy.Verdict {
    guard amendment.host.utf8.elementsEqual(target.name.utf8),
      amendment.action == .allow || amendment.action == .deny
    else { return failClosed(target, "the rule for `\(amendment.host)` was not among those offered") }
    let isAllowed = amendment.action == .allow
    store(HostRule(target, isAllowed: isAllowed), .user)
    return isAllowed ? .allow : refuse(target, "the user did not allow it")
  }

  private func remember(_ wish: JSONValue, _ target: NetworkTarget) -> SandboxProxy.Verdict {
    do {
      let wanted = try RememberWish(wish, offers: 1)
      var rule = HostRule(target)
      rule.lastDay = wanted.lastDay
      rule.project = wanted.scope == .project ? RealPath.of(context.settings.cwd) : nil
      store(rule, wanted.scope)
      return .allow
    } catch {
      return failClosed(target, error.reason)
    }
  }

  private func store(_ rule: HostRule, _ scope: RememberWish.Scope) {
    guard scope != .thread else { return context.sessionApprovals.accept(rule) }
    do {
      try rules.remember(rule)
    } catch {
      context.sessionApprovals.accept(rule)
      context.items.warn("The rule could not be stored and holds for this thread only: \(error)")
    }
  }

  private func failClosed(_ target: NetworkTarget, _ why: String) -> SandboxProxy.Verdict {
    context.items.warn("\(HostRule(target).text) was not reached: \(why).")
    return refuse(target, "the approval request failed")
  }

  // MARK: - The command's side

  /// What ends the command when the user stops the turn from a question.
  func onStop(_ body: @escaping @Sendable () -> Void) { interrupt.withLock { $0 = body } }

  /// The user stopped the turn from a question.
  var stopsTurn: Bool { state.withLock { $0.stopsTurn } }

  /// Whether a question is open: the command waits for the user, not the user for the command.
  var isAsking: Bool { state.withLock { $0.openCount > 0 } }

  /// Waits for the answers to the questions that are open now.
  func settle() async {
    for question in state.withLock({ Array($0.questions.values) }) { _ = await question.value }
  }

  /// What the model is told: the hosts that were not reached and why. Each once.
  func takeRefusals() -> [String] {
    state.withLock { state in
      defer { state.refused = [] }
      return state.refused
    }
  }

  /// The command has ended, or is to end: nothing is asked any more, and nothing allowed. May be called again.
  func close() {
    let questions = state.withLock { state in
      state.isOver = true
      return Array(state.questions.values)
    }
    for question in questions { question.cancel() }
    interrupt.withLock { $0 = nil }
  }
}

extension NetworkApprovalProtocol {
  fileprivate static func from(_ scheme: NetworkTarget.Scheme) -> NetworkApprovalProtocol {
    switch scheme {
    case .http: .http
    case .https: .https
    }
  }
}
