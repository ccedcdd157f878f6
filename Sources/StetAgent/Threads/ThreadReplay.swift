import StetJSON
import StetProtocol
import StetStore

/// Rebuilds what the model is sent of a thread, and what stet knows of it, from records of its log. Pure; a record that
/// can't be read is skipped with a notice. What clients are shown is read by `HistoryReader`.
struct ThreadReplay: Sendable {
  static let types: Set = [
    ThreadRecord.prompt, ThreadRecord.compacted, ThreadRecord.tools, ThreadRecord.facts, ThreadRecord.seen,
    ThreadRecord.announced, ThreadRecord.usage, ThreadRecord.review,
  ]

  private(set) var facts: PromptFacts?
  /// The last count of the provider, and the prompt that it counted.
  private(set) var measure: ContextMeter.Measure?
  /// Bytes a token, as they were observed last.
  private(set) var ratio: Double?
  private(set) var seen: [String: String] = [:]
  private(set) var announced = ThreadRecord.Announced()
  /// What the last compaction replaced; nil where there was none, or where it was undone.
  private(set) var former: FormerPrompt?
  /// A compaction stands that may be undone.
  private(set) var isCompacted = false
  private(set) var sealedFor: String?
  /// The records of reviews that wait, oldest first.
  private(set) var reviews: [JSONValue] = []
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
    guard unreadable > 0 else { return }
    notices.append("\(unreadable) records of the thread could not be understood and were skipped.")
    unreadable = 0
  }

  private mutating func read(_ record: LogRecord) throws {
    switch record.type {
    case ThreadRecord.prompt: append(record.payload)
    case ThreadRecord.compacted:
      let compacted: ThreadRecord.Compacted = try record.payload.decode()
      isCompacted = compacted.isUndo != true
      sealedFor = compacted.sealedFor
      former =
        isCompacted
        ? FormerPrompt(items: items, window: compacted.items.count, facts: facts, announced: announced) : nil
      items = []
      weight = 0
      measure = nil
      announced = ThreadRecord.Announced()
      for value in compacted.items { append(value) }
    case ThreadRecord.tools: tools = PromptTools(try record.payload.decode(ThreadRecord.Tools.self).tools)
    case ThreadRecord.facts: facts = try record.payload.decode()
    case ThreadRecord.usage:
      let known = try record.payload.decode(ThreadRecord.Usage.self)
      // What follows a compaction is an estimate: it counts no input. Reviews and summaries count another prompt.
      if let observed = known.ratio, known.usage.last.inputTokens > 0 {
        ratio = observed
        measure = ContextMeter.Measure(tokens: known.usage.last.totalTokens, weight: weight)
      }
    case ThreadRecord.seen:
      for (path, hash) in try record.payload.decode(ThreadRecord.Seen.self).files { seen[path] = hash }
    case ThreadRecord.announced:
      announced = try record.payload.decode(ThreadRecord.Announced.self)
    case ThreadRecord.review:
      reviews.removeAll { $0["id"] == record.payload["id"] }
      if record.payload["state"] != "done" { reviews.append(record.payload) }
    default: break  // what clients are shown, or of a newer version
    }
  }

  private mutating func append(_ value: JSONValue) {
    let item = PromptItem(value)
    items.append(item)
    weight += item.weight
  }
}
