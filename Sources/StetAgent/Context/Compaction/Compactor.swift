import StetJSON

/// Builds the window that takes the place of a long history (C4): fresh layers, the user's own messages, the summary,
/// and the newest calls with their outputs. Pure.
struct Compactor: Sendable {
  /// Names of tools whose newest call is always kept: without it the plan would be lost.
  private static let pinned: Set<String> = ["update_plan"]

  let limits: CompactionLimits
  /// The history, layers first.
  let items: [JSONValue]

  init(_ items: [JSONValue], limits: CompactionLimits) {
    self.items = items
    self.limits = limits
  }

  /// What is not a layer.
  var body: ArraySlice<JSONValue> { items.dropFirst(PromptOrigin.layerCount(items)) }

  /// Whether there is anything to replace beside the user's own messages.
  var hasMaterial: Bool { body.contains { !PromptOrigin.isUserMessage($0) } }

  /// Bytes that a summary stands for.
  var replacedBytes: Int { body.reduce(0) { $0 + PromptWeight.of($1, bytes: $1.serialized().count) } }

  /// The newest outputs stay, the older ones are emptied.
  var masked: OutputMask { OutputMask(items, keeping: limits.pairBytes) }

  /// - Parameters:
  ///   - layers: the context layers as they are now.
  ///   - state: lines on files and commands.
  func window(layers: [JSONValue], summary: String, isMidTurn: Bool, state: [String]) -> [JSONValue] {
    let text = CompactionTexts.summary(summary, isMidTurn: isMidTurn, state: state)
    return layers + userMessages + [MessageItem.user(text)] + pairs
  }

  // MARK: - User messages

  /// Newest first as far as they fit, the first always; in their order.
  private var userMessages: [JSONValue] {
    let all = body.filter(PromptOrigin.isUserMessage)
    guard let first = all.first else { return [] }
    // The first says what the thread is about: a part of the room is its own.
    let opening = Self.cut(
      Self.withoutImages(first), to: all.count == 1 ? limits.userBytes : limits.userBytes / 4)
    var left = limits.userBytes - Self.weight(opening)
    var kept: [JSONValue] = []
    for (index, message) in all.dropFirst().reversed().enumerated() {
      let plain = index == 0 ? message : Self.withoutImages(message)
      let size = Self.weight(plain)
      if size > left {
        if index == 0 { kept.append(Self.cut(Self.withoutImages(message), to: left)) }
        break
      }
      left -= size
      kept.append(plain)
    }
    return [all.count == 1 ? Self.cut(first, to: limits.userBytes) : opening] + kept.reversed()
  }

  private static func weight(_ item: JSONValue) -> Int {
    PromptWeight.of(item, bytes: item.serialized().count)
  }

  /// Old pictures cost more than they tell.
  private static func withoutImages(_ item: JSONValue) -> JSONValue {
    guard let parts = item["content"]?.arrayValue else { return item }
    var item = item
    item["content"] = .array(
      parts.map {
        $0["type"]?.stringValue == "input_text" ? $0 : MessageItem.inputText("[an attachment was here]")
      })
    return item
  }

  /// A message whose text is cut in the middle when it is longer than `limit` bytes.
  private static func cut(_ item: JSONValue, to limit: Int) -> JSONValue {
    guard weight(item) > limit else { return item }
    return MessageItem.user(OutputCutter.cut(MessageItem.text(of: item), to: max(limit, 1_000), file: nil))
  }

  // MARK: - Calls

  /// The newest calls with their outputs as far as they fit, never one without the other; reasoning that belongs to
  /// a kept call stays with it.
  private var pairs: [JSONValue] {
    let body = Array(body)
    var outputs: [String: Int] = [:]
    for (index, item) in body.enumerated() where CallItem(item) == nil {
      if let id = item["call_id"]?.stringValue { outputs[id] = index }
    }
    var left = limits.pairBytes
    var isOpen = true
    var seen: Set<String> = []
    var kept: Set<Int> = []
    for index in body.indices.reversed() {
      guard let call = CallItem(body[index]), let output = outputs[call.callId], output > index else {
        continue
      }
      let group = Self.reasoning(before: index, in: body) + [index, output]
      let size = group.reduce(0) { $0 + Self.weight(body[$1]) }
      let isPinned = Self.pinned.contains(call.name) && seen.insert(call.name).inserted
      if isOpen, size <= left { left -= size } else { isOpen = false }
      if isOpen || isPinned { kept.formUnion(group) }
    }
    return kept.sorted().map { body[$0] }
  }

  private static func reasoning(before index: Int, in body: [JSONValue]) -> [Int] {
    var found: [Int] = []
    var place = index - 1
    while place >= 0, body[place]["type"]?.stringValue == "reasoning" {
      found.append(place)
      place -= 1
    }
    return found
  }
}
