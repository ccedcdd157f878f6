import StetJSON

/// The prompt of a thread: an append-only list of items with the bytes that are sent for them, and the frozen tools.
/// A request is the old bytes plus the new ones, so the provider's prefix cache hits (P1).
struct PromptLog: Sendable {
  private(set) var items: [PromptItem] = []
  /// Frozen at the first request (P2); nil before.
  private(set) var tools: PromptTools?
  /// What the items cost in tokens, as bytes of text.
  private(set) var weight = 0
  /// The same, by what it is; without the tools.
  private(set) var shares = PromptShares()
  /// Pictures in all items.
  private(set) var images = 0
  /// Items that came since the last compaction, or all of them.
  private(set) var freshItems = 0
  /// Items that the last request carried; -1 when there was none since the prompt was read.
  private var sentItems = -1
  /// Items that were read back from the thread's log, and that a request may have carried then.
  private var readItems = 0

  init() {}

  /// A prompt read back from the thread's log.
  init(items: [PromptItem], tools: PromptTools?) {
    self.init(whole: items, tools)
    readItems = items.count
  }

  private init(whole items: [PromptItem], _ tools: PromptTools?) {
    self.items = items
    self.tools = tools
    weight = items.reduce(0) { $0 + $1.weight }
    shares = items.reduce(PromptShares()) { $0 + $1.shares }
    images = items.reduce(0) { $0 + $1.images }
    freshItems = items.count
  }

  mutating func append(_ value: JSONValue) {
    let item = PromptItem(value)
    items.append(item)
    weight += item.weight
    shares = shares + item.shares
    images += item.images
    freshItems += 1
  }

  /// A request carries the items as they are now.
  mutating func sent() {
    sentItems = items.count
  }

  /// The next item with what later requests have to know of it: who said it, and whether a request ended before it
  /// although wires that join items to messages would join it to the last one.
  ///
  /// - Parameter origin: of the turn's model.
  func noted(_ value: JSONValue, origin: String?) -> JSONValue {
    var value = value
    let isOfModel = ItemNotes.isOfModel(value)
    if isOfModel, let origin { ItemNotes.add(ItemNotes.origin, .string(origin), to: &value) }
    guard let last = items.last else { return value }
    if sentItems < 0, readItems == items.count {
      // Whether the last request before the restart ended here is not known: a message that would be joined to what it
      // may have carried is kept apart. The output of an open call is none: no request goes out before it.
      let joins = !isOfModel && !ItemNotes.isOfModel(last.plain) && !ItemNotes.isOutput(value)
      if joins { ItemNotes.add(ItemNotes.apart, true, to: &value) }
      return value
    }
    guard sentItems == items.count else { return value }
    if isOfModel, !ItemNotes.isOfModel(last.plain) { return value }
    ItemNotes.add(ItemNotes.apart, true, to: &value)
    return value
  }

  /// Compaction: the one place where items are not appended. Items that stay keep their bytes.
  mutating func replace(_ values: [JSONValue]) {
    replace(values.map { PromptItem($0) })
  }

  mutating func replace(_ items: [PromptItem]) {
    self = PromptLog(whole: items, tools)
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
