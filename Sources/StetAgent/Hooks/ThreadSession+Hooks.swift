import StetConfig
import StetJSON
import StetProcess
import StetProtocol

/// The hooks of a thread: which there are, and what they are asked when a turn begins and ends.
extension ThreadSession {
  /// How often in a row a Stop hook may send the model on in one turn: a program that never has enough must not spend
  /// without an end.
  private static let stopLimit = 20
  /// Seconds for programs that are told of something that is over.
  private static let lateLimit = 10

  /// Reads which hooks apply, and tells once of those that wait for the user's word.
  func loadHooks(_ configuration: Configuration?) {
    let environment = services.environment
    guard let configuration, environment.modelClientOverride == nil else {
      hookHandlers = []
      return
    }
    hookEnvironment = HookEnvironment(environment.processEnvironment, configuration, cwd: settings.cwd)
    let catalog = HookCatalog(
      cwd: settings.cwd, configuration: configuration, home: environment.home,
      environment: environment.processEnvironment)
    hookHandlers = catalog.handlers.filter { $0.mayRun && !$0.event.isNever }
    let notices = services.processMemory.value { HookNotices() }
    if let text = notices.text(for: catalog.handlers, of: configuration) { feed.warn(text) }
  }

  func hookRunner(turn: String?) -> HookRunner {
    // Most threads have none: nothing is put together for every call.
    let base = hookHandlers.isEmpty ? JSONObject() : hookBase(turn)
    return HookRunner(
      handlers: hookHandlers, feed: feed, turnId: turn, cwd: settings.cwd, base: base,
      environment: hookEnvironment, tasks: hookTasks, sweep: protectedSweep,
      walls: hookWalls)
  }

  private var hookWalls: @Sendable (_ directory: String) async throws -> SandboxLaunch? {
    let (settings, id, environment) = (settings, id, services.environment)
    let memory = services.processMemory
    return { directory in
      let choice = await SandboxChoice.make(
        settings, network: false, memory: memory, environment: environment.processEnvironment)
      guard choice.isWanted else { return nil }
      if let problem = choice.problem { throw HookFault(problem) }
      return try await choice.launch(home: environment.home, threadId: id, cwd: directory)
    }
  }

  // MARK: - The beginning

  /// What the programs say to a turn that begins.
  struct HookOpening: Sendable {
    /// For the prompt, behind the message.
    var items: [JSONValue] = []
    /// Why the turn does not begin.
    var refusal: String?
    /// The message was not judged to its end, or was refused: the model never sees it.
    var isWithheld = false
  }

  func openingHooks(_ turnId: String, _ input: [UserInput]) async -> HookOpening {
    let hooks = hookRunner(turn: turnId)
    var opening = HookOpening()
    if let source = sessionSource {
      sessionSource = nil
      let outcome = await hooks.run(
        .sessionStart, HookCall(names: [source], fields: ["source": .string(source)]))
      warn(of: outcome, .sessionStart)
      opening.items += outcome.items(.sessionStart)
      if let stop = outcome.stop { opening.refusal = "A SessionStart hook ended the turn: \(stop)" }
    }
    guard opening.refusal == nil, !input.isEmpty, hooks.has(.userPromptSubmit) else {
      opening.isWithheld = opening.refusal != nil
      return opening
    }
    let verdict = await judge(input, hooks)
    opening.items += verdict.items
    opening.refusal = verdict.refusal
    opening.isWithheld = verdict.isWithheld
    return opening
  }

  /// What the programs say to a message of the user.
  func judge(_ input: [UserInput], _ hooks: HookRunner) async -> HookOpening {
    var opening = HookOpening()
    let outcome = await hooks.run(
      .userPromptSubmit, HookCall(fields: ["prompt": .string(UserInputItems.words(input))]))
    warn(of: outcome, .userPromptSubmit)
    opening.items = outcome.items(.userPromptSubmit)
    if case .deny(let reason) = outcome.decision {
      opening.refusal = "A UserPromptSubmit hook blocked the message: \(reason)"
    } else if let stop = outcome.stop {
      opening.refusal = "A UserPromptSubmit hook ended the turn: \(stop)"
    }
    // One that was stopped has not said yes.
    opening.isWithheld = opening.refusal != nil || Task.isCancelled
    return opening
  }

  // MARK: - The end

  /// Shows the answer to the Stop hooks; comes back with `.endChecked`.
  func checkEnd(_ answer: String, _ turn: Running) {
    let hooks = hookRunner(turn: turn.id)
    let isActive = turn.stopBlocks > 0
    let call = HookCall(fields: [
      "stop_hook_active": .bool(isActive),
      "last_assistant_message": answer.isEmpty ? .null : .string(answer),
    ])
    running?.timers.append(
      Task { [weak self] in
        let outcome = await hooks.run(.stop, call)
        guard !Task.isCancelled else { return }
        await self?.endChecked(outcome, turn.id)
      })
  }

  private func endChecked(_ outcome: HookOutcome, _ turnId: String) {
    guard let turn = running, turn.id == turnId else { return }
    warn(of: outcome, .stop)
    if let stop = outcome.stop { feed.warn("A Stop hook ended the turn: \(stop)") }
    guard case .deny(let reason) = outcome.decision, outcome.stop == nil else {
      return apply(.endChecked(goOn: outcome.stop == nil ? outcome.items(.stop) : []))
    }
    guard turn.stopBlocks < Self.stopLimit else {
      feed.warn("Stop hooks sent the model on \(Self.stopLimit) times in this turn; it ends now. \(reason)")
      return apply(.endChecked(goOn: []))
    }
    running?.stopBlocks += 1
    let words = "<hook_context event=\"Stop\">\nA Stop hook wants you to go on: \(reason)\n</hook_context>"
    apply(.endChecked(goOn: [MessageItem.ours(words)] + outcome.items(.stop)))
  }

  /// The user stopped a turn.
  func interruptHooks(_ turn: Running) {
    let hooks = hookRunner(turn: turn.id)
    guard hooks.has(.interrupt) else { return }
    startHook(.interrupt) { _ = await hooks.run(.interrupt, limitSeconds: Self.lateLimit) }
  }

  /// The thread is closed: programs have a moment to hear of it.
  func endHooks() async {
    judging?.cancel()
    await judging?.value
    let hooks = hookRunner(turn: nil)
    // A session that began for nobody ends for nobody.
    if sessionSource == nil, hooks.has(.sessionEnd) {
      _ = await hooks.run(
        .sessionEnd, HookCall(names: ["other"], fields: ["reason": "other"]), limitSeconds: 2)
    }
    await hookTasks.endAll()
  }

  // MARK: - Compaction

  /// Why the history is not compacted; nil when nobody minds.
  func preCompactHooks(_ reason: CompactionReason, _ turnId: String) async -> TurnFailure? {
    let hooks = hookRunner(turn: turnId)
    guard hooks.has(.preCompact) else { return nil }
    let outcome = await hooks.run(.preCompact, compactCall(reason))
    warn(of: outcome, .preCompact)
    if case .deny(let why) = outcome.decision {
      return TurnFailure("A PreCompact hook stopped the compaction: \(why)")
    }
    return outcome.stop.map { TurnFailure("A PreCompact hook stopped the compaction: \($0)") }
  }

  /// The history is another one now: programs that gave it context at its beginning are asked again.
  func compactedHooks(_ reason: CompactionReason, _ turnId: String) {
    sessionSource = "compact"
    let hooks = hookRunner(turn: turnId)
    guard hooks.has(.postCompact) else { return }
    let call = compactCall(reason)
    startHook(.postCompact) { _ = await hooks.run(.postCompact, call) }
  }

  private func compactCall(_ reason: CompactionReason) -> HookCall {
    let trigger = reason == .manual ? "manual" : "auto"
    return HookCall(
      names: [trigger],
      fields: [
        "trigger": .string(trigger), "custom_instructions": .string(running?.compactInstructions ?? ""),
      ])
  }

  // MARK: - Parts

  /// Hooks of something that is over, which nobody waits for.
  private func startHook(_ event: HookEvent, _ body: @escaping @Sendable () async -> Void) {
    guard !hookTasks.start(body) else { return }
    feed.warn(
      "The \(event.rawValue) hooks were left out: \(HookTasks.limit) programs that nobody waits for still run."
    )
  }

  private func warn(of outcome: HookOutcome, _ event: HookEvent) {
    for fault in outcome.faults { feed.warn("A \(event.rawValue) hook failed: \(fault)") }
  }

  /// The members that Claude Code and Codex give to every hook.
  private func hookBase(_ turn: String?) -> JSONObject {
    [
      "session_id": .string(id), "turn_id": turn.map(JSONValue.string) ?? .null,
      "transcript_path": journal.path.map(JSONValue.string) ?? .null, "cwd": .string(settings.cwd),
      "model": .string(settings.model), "permission_mode": .string(permissionMode),
    ]
  }

  private var permissionMode: String {
    if settings.mode == .plan { return "plan" }
    guard settings.approvalPolicy == .never else { return "default" }
    return settings.sandboxPolicy == .dangerFullAccess ? "bypassPermissions" : "dontAsk"
  }
}
