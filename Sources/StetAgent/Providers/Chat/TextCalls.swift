import StetJSON

/// Finds tool calls that a model writes into its text because its server has no parser for them (V7):
/// `<tool_call>{"name": …, "arguments": {…}}</tool_call>` (Hermes) and `<function=NAME><parameter=KEY>…` (Qwen), the
/// latter with or without `<tool_call>` around it. What names no tool of the thread stays text.
struct TextCalls: Sendable {
  enum Piece: Sendable, Hashable {
    case text(String)
    case call(name: String, arguments: String)
  }

  /// A call that is longer was never meant to be one.
  static let limit = 1 << 20

  private static let marks: [(opener: [UInt8], closer: [UInt8])] = [
    (Array("<tool_call>".utf8), Array("</tool_call>".utf8)),
    (Array("<function=".utf8), Array("</function>".utf8)),
  ]

  /// Schemas of the parameters, by tool.
  private let tools: [String: JSONValue]
  /// Text that may be the beginning of a call, or is one.
  private var held: [UInt8] = []
  /// Which kind of call `held` begins with.
  private var mark: Int?
  /// How far `held` was searched for the end.
  private var searched = 0

  init(_ tools: PromptTools) {
    var schemas: [String: JSONValue] = [:]
    for tool in tools.definitions {
      if let name = tool["name"]?.stringValue { schemas[name] = tool["parameters"] ?? .null }
    }
    self.tools = schemas
  }

  /// Takes the next text; what it settles.
  mutating func feed(_ text: String) -> [Piece] {
    held += text.utf8
    var pieces: [Piece] = []
    while let more = step() { pieces += more }
    return pieces
  }

  /// The text is over. A call without its end tag counts, unless the answer was cut.
  mutating func finish(isCut: Bool) -> [Piece] {
    defer {
      held = []
      mark = nil
      searched = 0
    }
    guard !held.isEmpty else { return [] }
    if let mark, !isCut,
      case .call(let name, let arguments) = TextCallParser.call(held[...], tools, isXML: mark == 1)
    {
      return [.call(name: name, arguments: arguments)]
    }
    return [.text(String(decoding: held, as: UTF8.self))]
  }

  // MARK: - Parts

  /// One step forward; nil when more text is needed.
  private mutating func step() -> [Piece]? {
    guard let mark else { return findOpener() }
    let closer = Self.marks[mark].closer
    while let end = Self.find(closer, in: held, from: searched) {
      let after = end + closer.count
      switch TextCallParser.call(held[..<end], tools, isXML: mark == 1) {
      case .call(let name, let arguments):
        drop(after)
        return [.call(name: name, arguments: arguments)]
      case .unknown:
        let text = String(decoding: held[..<after], as: UTF8.self)
        drop(after)
        return [.text(text)]
      case .broken:
        // The tag may stand inside an argument, and a later one end the call.
        searched = after
      }
    }
    searched = max(searched, held.count - closer.count)
    guard held.count > Self.limit else { return nil }
    let text = String(decoding: held, as: UTF8.self)
    drop(held.count)
    return [.text(text)]
  }

  private mutating func findOpener() -> [Piece]? {
    var first: (place: Int, mark: Int)?
    for (index, mark) in Self.marks.enumerated() {
      if let place = Self.find(mark.opener, in: held, from: 0), place < first?.place ?? .max {
        first = (place, index)
      }
    }
    if let first {
      let before = String(decoding: held[..<first.place], as: UTF8.self)
      drop(first.place)
      mark = first.mark
      return before.isEmpty ? [] : [.text(before)]
    }
    let kept = Self.marks.map { Self.overlap(held, $0.opener) }.max() ?? 0
    guard held.count > kept else { return nil }
    let text = String(decoding: held[..<(held.count - kept)], as: UTF8.self)
    drop(held.count - kept)
    return [.text(text)]
  }

  private mutating func drop(_ count: Int) {
    held.removeFirst(count)
    mark = nil
    searched = 0
  }

  /// How many bytes at the end of `text` may begin `opener`.
  private static func overlap(_ text: [UInt8], _ opener: [UInt8]) -> Int {
    var count = min(text.count, opener.count - 1)
    while count > 0, !text.suffix(count).elementsEqual(opener.prefix(count)) { count -= 1 }
    return count
  }

  static func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard let first = needle.first, text.count >= needle.count else { return nil }
    var place = max(0, start)
    while place <= text.count - needle.count {
      if text[place] == first, text[place..<(place + needle.count)].elementsEqual(needle) { return place }
      place += 1
    }
    return nil
  }
}
