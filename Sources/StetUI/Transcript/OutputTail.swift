/// The output of a command as the pane keeps it: bounded, the end always there.
struct OutputTail: Sendable {
  /// Bytes kept of one command: some 5,000 lines; the server keeps all of it.
  static let maxBytes = 512 * 1024

  private(set) var text = ""
  /// Line ends that were dropped from the front.
  private(set) var droppedLines = 0
  private var lineEnds = 0

  init(_ text: String = "") { append(text) }

  mutating func append(_ delta: String) {
    guard !delta.isEmpty else { return }
    // A flood must not be copied and counted piece by piece: only its end can be seen.
    if delta.utf8.count > Self.maxBytes * 2 {
      append(String(decoding: delta.utf8.suffix(Self.maxBytes), as: UTF8.self))
      return
    }
    text += delta
    lineEnds += delta.utf8.count { $0 == 10 }
    // Dropping whole halves keeps the cost of long output linear.
    if text.utf8.count > Self.maxBytes * 2 { dropFront() }
  }

  var isEmpty: Bool { text.isEmpty }

  /// Lines in all, the dropped ones included.
  var totalLines: Int { lineEnds + (text.isEmpty || text.utf8.last == 10 ? 0 : 1) }

  /// The last lines, unsanitised.
  func last(_ count: Int) -> String {
    var body = text.utf8[...]
    if body.last == 10 { body = body.dropLast() }
    var left = count
    var index = body.endIndex
    while index > body.startIndex {
      let before = body.index(before: index)
      if body[before] == 10 {
        left -= 1
        if left == 0 { break }
      }
      index = before
    }
    return String(decoding: body[index...], as: UTF8.self)
  }

  private mutating func dropFront() {
    let utf8 = text.utf8
    let cut = utf8.index(utf8.endIndex, offsetBy: -Self.maxBytes)
    let start = utf8[cut...].firstIndex(of: 10).map { utf8.index(after: $0) } ?? cut
    droppedLines += utf8[..<start].count { $0 == 10 }
    text = String(decoding: utf8[start...], as: UTF8.self)
  }
}
