import StetJSON

/// Takes the text out of old tool outputs (C5): the cheap way to make room, without asking the model.
struct OutputMask: Sendable {
  /// Shorter outputs cost less than the prefix cache that masking breaks.
  private static let shortest = 500

  let items: [JSONValue]
  /// Bytes that were won.
  let won: Int

  /// - Parameter kept: bytes of the newest outputs that stay as they are.
  init(_ items: [JSONValue], keeping kept: Int) {
    var items = items
    var left = kept
    var won = 0
    for index in items.indices.reversed() {
      guard let output = items[index]["output"], items[index]["call_id"] != nil,
        !RetainedOutput.isOne(items[index])
      else { continue }
      let size = PromptWeight.of(items[index], bytes: output.serialized().count)
      guard size > Self.shortest else { continue }
      left -= size
      guard left < 0 else { continue }
      let note = Self.note(output, size)
      won += max(0, size - note.utf8.count)
      items[index]["output"] = .string(note)
    }
    self.items = items
    self.won = won
  }

  private static func note(_ output: JSONValue, _ size: Int) -> String {
    let text = output.stringValue ?? (output.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    return "[Output of \(size) bytes was taken out to save room\(file(text)). Call again if you need it.]"
  }

  /// The file that keeps the output, where its text named one (C8).
  private static func file(_ text: String) -> String {
    let phrases = OutputCutter.filePhrases
    for (phrase, words) in [(phrases.whole, phrases.whole), (phrases.part, "; its beginning is in ")] {
      guard let start = text.firstRange(of: phrase) else { continue }
      let path = text[start.upperBound...].prefix { $0 != ":" && !$0.isNewline }
      if !path.isEmpty { return words + path }
    }
    return ""
  }
}
