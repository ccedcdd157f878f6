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
  var hasMaterial: Bool { body.contains { !PromptOrigin.isUserMessage($0) && !RetainedOutput.isOne($0) } }

  /// Bytes that a summary stands for.
  var replacedBytes: Int { body.reduce(0) { $0 + PromptWeight.of($1, bytes: $1.serialized().count) } }

  /// Weights of what a compaction keeps word for word.
  var kept: (messages: Int, calls: Int) {
    (
      userMessages.reduce(0) { $0 + Self.weight($1) },
      hasMaterial ? pairs.reduce(0) { $0 + Self.weight($1) } : 0
    )
  }

  /// The newest outputs stay, the older ones are emptied.
  var masked: OutputMask { OutputMask(items, keeping: limits.pairBytes) }

  /// - Parameters:
  ///   - layers: the context layers as they are now.
  ///   - state: lines on files and commands.
  func window(layers: [JSONValue], summary: String, isMidTurn: Bool, state: [String]) -> [JSONValue] {
    let text = CompactionTexts.summary(summary, isMidTurn: isMidTurn, state: state)
    return layers + userMessages + retained + [MessageItem.ours(text)] + pairs
  }

  /// With the provider's own summary, which knows the calls too.
  func window(layers: [JSONValue], sealed item: JSONValue) -> [JSONValue] {
    layers + userMessages + retained + [item]
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
  private static func withoutImages(_ item: JSONValue) -> JSONValue { ImageMask.emptied(item) }

  /// A message whose text is cut in the middle when it is longer than `limit` bytes.
  private static func cut(_ item: JSONValue, to limit: Int) -> JSONValue {
    guard weight(item) > limit else { return item }
    var short = MessageItem.user(
      OutputCutter.cut(MessageItem.text(of: item), to: max(limit, 1_000), file: nil))
    // Whose words they are is not to be guessed from what is left of them.
    ItemNotes.add(ItemNotes.ours, false, to: &short)
    return short
  }

  // MARK: - Calls

  /// Outputs that the client wants kept, the newest as far as they fit.
  private var retained: [JSONValue] {
    var left = limits.pairBytes
    let newest = body.reversed().filter(RetainedOutput.isOne).prefix { item in
      left -= Self.weight(item)
      return left >= 0
    }
    return newest.reversed()
  }

  /// The newest calls with their outputs as far as they fit, never one without the other; reasoning that belongs to
  /// a kept call stays with it.
  private var pairs: [JSONValue] {
    let body = Array(body)
    let outputs = Self.outputs(in: body)
    var left = limits.pairBytes
    var isOpen = true
    var seen: Set<String> = []
    var kept: Set<Int> = []
    for index in body.indices.reversed() {
      guard let call = CallItem(body[index]), let output = outputs[index] else { continue }
      let group = Self.reasoning(before: index, in: body) + [index, output]
      let size = group.reduce(0) { $0 + Self.weight(body[$1]) }
      let isPinned = Self.pinned.contains(call.name) && seen.insert(call.name).inserted
      if isOpen, size <= left { left -= size } else { isOpen = false }
      if isOpen || isPinned { kept.formUnion(group) }
    }
    return kept.sorted().map { body[$0] }
  }

  /// Where the output of each call is. Some servers number their calls anew in each response: an id names the calls
  /// that are open, not one for ever.
  private static func outputs(in body: [JSONValue]) -> [Int: Int] {
    var open: [String: [Int]] = [:]
    var found: [Int: Int] = [:]
    for (index, item) in body.enumerated() {
      if let call = CallItem(item) {
        open[call.callId, default: []].append(index)
      } else if let id = item["call_id"]?.stringValue, let call = open[id]?.first {
        open[id]?.removeFirst()
        found[call] = index
      }
    }
    return found
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
