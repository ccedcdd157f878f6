import StetProtocol

/// The events of a run as lines of JSON, as Codex's `exec --json` writes them. Used from one thread.
struct JSONOutput: ExecOutput {
  private let out: OutputDescriptor
  private var limit: EventLimit
  private var nextItem = 0
  /// The item ids of exec by those of the protocol, while the items are open.
  private var numbers: [String: String] = [:]
  private var planNumber: String?

  init(_ out: OutputDescriptor, limit: EventLimit) {
    self.out = out
    self.limit = limit
  }

  mutating func show(_ event: ExecEvent) throws(OutputError) {
    guard let object = object(for: event) else { return }
    try out.write(limit.line(object))
  }

  /// The answer is among the events.
  mutating func end(_ outcome: ExecOutcome) throws(OutputError) {}

  // MARK: - Parts

  private mutating func object(for event: ExecEvent) -> JSONObject? {
    switch event {
    case .threadStarted(let thread):
      limit.thread = thread.id
      return ["type": "thread.started", "thread_id": .string(thread.id)]
    case .turnStarted: return ["type": "turn.started"]
    case .item(let phase, let item): return self.item(phase, item)
    case .plan(let phase, let steps): return plan(phase, steps)
    case .warning(let text): return Self.event(.completed, number(), JSONItems.error(text))
    case .refused(let refusal):
      return Self.event(.completed, number(), JSONItems.error("approval needed: \(refusal.text)"))
    case .note(let text): return Self.event(.completed, number(), JSONItems.error(text))
    case .error(let text): return ["type": "error", "message": .string(text)]
    case .turnCompleted(let usage): return ["type": "turn.completed", "usage": JSONItems.usage(usage)]
    case .turnFailed(let text): return ["type": "turn.failed", "error": ["message": .string(text)]]
    }
  }

  private mutating func number() -> String {
    defer { nextItem += 1 }
    return "item_\(nextItem)"
  }

  private mutating func item(_ phase: ItemPhase, _ item: ThreadItem) -> JSONObject? {
    let isWhole: Bool
    switch item {
    // Codex reports these once, when they are there.
    case .agentMessage, .reasoning: isWhole = true
    default: isWhole = false
    }
    if isWhole, phase != .completed { return nil }
    guard let members = JSONItems.members(of: item, aborted: phase == .aborted) else { return nil }
    switch phase {
    case .started, .updated:
      let id = numbers[item.id] ?? number()
      numbers[item.id] = id
      return Self.event(phase, id, members)
    case .completed, .aborted:
      let id = isWhole ? number() : numbers.removeValue(forKey: item.id) ?? number()
      return Self.event(phase, id, members)
    }
  }

  private mutating func plan(_ phase: ItemPhase, _ steps: [TurnPlanStep]) -> JSONObject {
    let id = planNumber ?? number()
    planNumber = phase == .completed ? nil : id
    return Self.event(phase, id, JSONItems.todoList(steps))
  }

  private static func event(_ phase: ItemPhase, _ id: String, _ members: JSONObject) -> JSONObject {
    let name =
      switch phase {
      case .started: "item.started"
      case .updated: "item.updated"
      case .completed, .aborted: "item.completed"
      }
    var item: JSONObject = ["id": .string(id)]
    for (key, value) in members { item[key] = value }
    return ["type": .string(name), "item": .object(item)]
  }
}
