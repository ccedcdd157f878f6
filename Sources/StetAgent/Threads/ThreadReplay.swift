import StetJSON
import StetProtocol
import StetStore

/// Rebuilds a thread from the records of its log. Pure; a record that can't be read is skipped with a notice.
struct ThreadReplay: Sendable {
  private(set) var meta: ThreadRecord.Meta?
  private(set) var settings: TurnSettings?
  private(set) var facts: PromptFacts?
  private(set) var turns: [TurnState] = []
  private(set) var usage: ThreadTokenUsage?
  private(set) var seen: [String: String] = [:]
  private(set) var queue: ThreadRecord.Queue?
  private(set) var goal: ThreadGoal?
  private(set) var notices: [String] = []
  private var items: [PromptItem] = []
  private var tools: PromptTools?
  private var unreadable = 0

  init() {}

  init(_ records: [LogRecord]) {
    for record in records { add(record) }
    finish()
  }

  var prompt: PromptLog { PromptLog(items: items, tools: tools) }

  /// Whether the last turn never ended: its process was killed (R9).
  var hasOpenTurn: Bool { turns.last?.status == .inProgress }

  mutating func add(_ record: LogRecord) {
    do {
      try read(record)
    } catch {
      unreadable += 1
    }
  }

  /// To be called after the last record.
  mutating func finish() {
    for index in turns.indices { turns[index].entries.sort { $0.position < $1.position } }
    if unreadable > 0 {
      notices.append("\(unreadable) records of the thread could not be understood and were skipped.")
      unreadable = 0
    }
  }

  /// Appends the items that close a crashed turn, and closes it (R9).
  mutating func close(with closing: [JSONValue]) {
    items += closing.map { PromptItem($0) }
    closeCrashed()
  }

  // MARK: - Parts

  private mutating func read(_ record: LogRecord) throws {
    switch record.type {
    case ThreadRecord.meta: meta = try record.payload.decode()
    case ThreadRecord.settings: settings = try record.payload.decode(ThreadRecord.Settings.self).value
    case ThreadRecord.prompt: items.append(PromptItem(record.payload))
    case ThreadRecord.tools: tools = PromptTools(try record.payload.decode(ThreadRecord.Tools.self).tools)
    case ThreadRecord.facts: facts = try record.payload.decode()
    case ThreadRecord.turnStarted:
      let started = try record.payload.decode(ThreadRecord.TurnStarted.self)
      closeCrashed()
      turns.append(TurnState(id: started.turnId, startedAtMs: started.startedAtMs))
    case ThreadRecord.item: add(try record.payload.decode(ThreadRecord.Item.self))
    case ThreadRecord.usage: usage = try record.payload.decode(ThreadRecord.Usage.self).usage
    case ThreadRecord.seen:
      for (path, hash) in try record.payload.decode(ThreadRecord.Seen.self).files { seen[path] = hash }
    case ThreadRecord.turnCompleted: end(try record.payload.decode(ThreadRecord.TurnCompleted.self))
    case ThreadRecord.queue: queue = try record.payload.decode()
    case ThreadRecord.goal: goal = try record.payload.decode(ThreadRecord.Goal.self).goal
    default: break  // the summary of the store, and types of newer versions
    }
  }

  private mutating func add(_ record: ThreadRecord.Item) {
    guard let index = turns.lastIndex(where: { $0.id == record.turnId }) else { return }
    let entry = TurnState.Entry(
      item: record.item, position: record.position, startedAtMs: record.startedAtMs,
      completedAtMs: record.completedAtMs)
    if let known = turns[index].entries.firstIndex(where: { $0.item.id == record.item.id }) {
      turns[index].entries[known] = entry
    } else {
      turns[index].entries.append(entry)
    }
  }

  private mutating func end(_ record: ThreadRecord.TurnCompleted) {
    guard let index = turns.lastIndex(where: { $0.id == record.turnId }) else { return }
    turns[index].status = record.status
    turns[index].completedAtMs = record.completedAtMs
    turns[index].durationMs = record.durationMs
    turns[index].error = record.error
  }

  /// A turn that another one follows has ended, whatever the log says.
  private mutating func closeCrashed() {
    guard let last = turns.indices.last, turns[last].status == .inProgress else { return }
    turns[last].status = .interrupted
  }
}
