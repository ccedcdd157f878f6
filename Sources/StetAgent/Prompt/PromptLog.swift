import StetJSON

/// The prompt of a thread: an append-only list of items with the bytes that are sent for them, and the frozen tools.
/// A request is the old bytes plus the new ones, so the provider's prefix cache hits (P1).
struct PromptLog: Sendable {
  private(set) var items: [PromptItem] = []
  /// Frozen at the first request (P2); nil before.
  private(set) var tools: PromptTools?
  /// What the items cost in tokens, as bytes of text.
  private(set) var weight = 0
  /// Items that came since the last compaction, or all of them.
  private(set) var freshItems = 0

  init() {}

  /// A prompt read back from the thread's log.
  init(items: [PromptItem], tools: PromptTools?) {
    self.items = items
    self.tools = tools
    weight = items.reduce(0) { $0 + $1.weight }
    freshItems = items.count
  }

  mutating func append(_ value: JSONValue) {
    let item = PromptItem(value)
    items.append(item)
    weight += item.weight
    freshItems += 1
  }

  /// Compaction: the one place where items are not appended.
  mutating func replace(_ values: [JSONValue]) {
    self = PromptLog(items: values.map { PromptItem($0) }, tools: tools)
    freshItems = 0
  }

  /// The items as values.
  var values: [JSONValue] { items.map(\.value) }

  /// Freezes the tools, unless they are frozen. A model switch may unfreeze them with `replaceTools`.
  mutating func freeze(_ tools: PromptTools) {
    if self.tools == nil { self.tools = tools }
  }

  /// A different model needs different tools: the one change of the array that P1 allows.
  mutating func replaceTools(_ tools: PromptTools) {
    self.tools = tools
  }

  /// Calls in the prompt that no output answers, in order: after a crash they need a synthetic one (R9).
  var unansweredCalls: [CallItem] {
    var open: [CallItem] = []
    for item in items {
      let value = item.value
      if let call = CallItem(value) {
        open.append(call)
      } else if value["type"]?.stringValue?.hasSuffix("call_output") == true {
        let id = value["call_id"]?.stringValue
        if let index = open.firstIndex(where: { $0.callId == id }) { open.remove(at: index) }
      }
    }
    return open
  }
}
