import StetJSON
import StetProtocol
import StetStore

/// Rebuilds a thread, or one side of it, from records of its log. Pure; a record that can't be read is skipped with a
/// notice.
struct ThreadReplay: Sendable {
  /// What clients are shown.
  static let shownTypes: Set = [
    ThreadRecord.turnStarted, ThreadRecord.itemStarted, ThreadRecord.item, ThreadRecord.turnCompleted,
  ]
  /// What the model is sent, and what stet knows of it.
  static let promptTypes: Set = [
    ThreadRecord.prompt, ThreadRecord.compacted, ThreadRecord.tools, ThreadRecord.facts, ThreadRecord.seen,
    ThreadRecord.announced, ThreadRecord.usage,
  ]

  private(set) var facts: PromptFacts?
  private(set) var turns: [TurnState] = []
  /// The last count of the provider, and the prompt that it counted.
  private(set) var measure: ContextMeter.Measure?
  private(set) var seen: [String: String] = [:]
  private(set) var announced: [String] = []
  private(set) var notices: [String] = []
  private var items: [PromptItem] = []
  private var weight = 0
  private var tools: PromptTools?
  private var unreadable = 0

  var prompt: PromptLog { PromptLog(items: items, tools: tools) }

  mutating func add(_ record: LogRecord) {
    do {
      try read(record)
    } catch {
      unreadable += 1
    }
  }

  /// To be called after the last record.
  mutating func finish() {
    for index in turns.indices {
      turns[index].entries.sort { $0.position < $1.position }
      // A background command that never came to its end.
      guard turns[index].status != .inProgress else { continue }
      turns[index].entries = turns[index].entries.map(\.cut)
    }
    if unreadable > 0 {
      notices.append("\(unreadable) records of the thread could not be understood and were skipped.")
      unreadable = 0
    }
  }

  /// A last turn that never ended reads as interrupted, what ran in it as cut off (R9).
  mutating func closeCrashed() {
    guard let last = turns.indices.last, turns[last].status == .inProgress else { return }
    turns[last].status = .interrupted
    turns[last].entries = turns[last].entries.map(\.cut)
  }

  // MARK: - Parts

  private mutating func read(_ record: LogRecord) throws {
    switch record.type {
    case ThreadRecord.prompt: append(record.payload)
    case ThreadRecord.compacted:
      let compacted: ThreadRecord.Compacted = try record.payload.decode()
      items = []
      weight = 0
      measure = nil
      announced = []
      for value in compacted.items { append(value) }
    case ThreadRecord.tools: tools = PromptTools(try record.payload.decode(ThreadRecord.Tools.self).tools)
    case ThreadRecord.facts: facts = try record.payload.decode()
    case ThreadRecord.turnStarted:
      let started = try record.payload.decode(ThreadRecord.TurnStarted.self)
      closeCrashed()
      turns.append(TurnState(id: started.turnId, startedAtMs: started.startedAtMs))
    case ThreadRecord.itemStarted:
      let started = try record.payload.decode(ThreadRecord.ItemStarted.self)
      add(started.entry, to: started.turnId)
    case ThreadRecord.item:
      let item = try record.payload.decode(ThreadRecord.Item.self)
      add(item.entry, to: item.turnId)
    case ThreadRecord.usage:
      let known = try record.payload.decode(ThreadRecord.Usage.self).usage
      // What follows a compaction is an estimate: it counts no input.
      if known.last.inputTokens > 0 {
        measure = ContextMeter.Measure(tokens: known.last.totalTokens, weight: weight)
      }
    case ThreadRecord.seen:
      for (path, hash) in try record.payload.decode(ThreadRecord.Seen.self).files { seen[path] = hash }
    case ThreadRecord.turnCompleted: end(try record.payload.decode(ThreadRecord.TurnCompleted.self))
    case ThreadRecord.announced:
      announced = try record.payload.decode(ThreadRecord.Announced.self).tools
    default: break  // of the other side, or of a newer version
    }
  }

  private mutating func append(_ value: JSONValue) {
    let item = PromptItem(value)
    items.append(item)
    weight += item.weight
  }

  private mutating func add(_ entry: TurnState.Entry, to turnId: String) {
    guard let index = turns.lastIndex(where: { $0.id == turnId }) else { return }
    if let known = turns[index].entries.firstIndex(where: { $0.item.id == entry.item.id }) {
      turns[index].entries[known] = entry
    } else {
      turns[index].entries.append(entry)
    }
  }

  private mutating func end(_ record: ThreadRecord.TurnCompleted) {
    guard let index = turns.lastIndex(where: { $0.id == record.turnId }) else { return }
    turns[index].end(record)
  }
}
