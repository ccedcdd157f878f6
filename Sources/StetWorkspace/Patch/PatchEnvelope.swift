/// Takes what models wrap around a patch off it: blank lines, a byte order mark, a Markdown fence, a
/// heredoc with or without the command, a common indentation (T6). What is inside stays as it is.
enum PatchEnvelope {
  struct Line: Hashable {
    var text: ArraySlice<UInt8>
    /// 1-based in what the model wrote.
    let number: Int
  }

  /// The lines from `*** Begin Patch` to `*** End Patch`, both included.
  static func open(_ bytes: [UInt8]) throws(WorkspaceError) -> [Line] {
    var lines = trimmed(split(bytes))
    // A fence around a heredoc is the deepest nesting seen.
    for _ in 0..<3 {
      guard let inner = unwrapped(lines) else { break }
      lines = trimmed(inner)
    }
    lines = dedented(lines)
    guard let first = lines.first, let last = lines.last else {
      throw WorkspaceError(.patchSyntax, "The patch is empty", hint: "Begin it with '*** Begin Patch'.")
    }
    guard Blanks.trimmed(first.text).elementsEqual("*** Begin Patch".utf8) else {
      throw WorkspaceError(
        .patchSyntax, "The first line of the patch must be '*** Begin Patch', got: '\(text(first.text))'",
        hint: "Send the patch alone, without text around it.", line: first.number)
    }
    guard lines.count > 1, Blanks.trimmed(last.text).elementsEqual("*** End Patch".utf8) else {
      throw WorkspaceError(
        .patchSyntax, "The last line of the patch must be '*** End Patch', got: '\(text(last.text))'",
        hint: "Was the patch cut off? Send it whole, or in smaller parts.", line: last.number)
    }
    return lines
  }

  static func text(_ bytes: some Collection<UInt8>) -> String {
    // An error message is no place for a minified line.
    let shown = bytes.prefix(200)
    return String(decoding: shown, as: UTF8.self) + (shown.count < bytes.count ? "…" : "")
  }

  private static func split(_ bytes: [UInt8]) -> [Line] {
    var body = bytes[...]
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
    var lines: [Line] = []
    for (index, piece) in body.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      lines.append(Line(text: piece.last == 13 ? piece.dropLast() : piece, number: index + 1))
    }
    return lines
  }

  private static func trimmed(_ lines: [Line]) -> [Line] {
    var lines = lines[...]
    while let first = lines.first, Blanks.trimmed(first.text).isEmpty { lines = lines.dropFirst() }
    while let last = lines.last, Blanks.trimmed(last.text).isEmpty { lines = lines.dropLast() }
    return Array(lines)
  }

  /// The lines inside of one wrapper, nil when there is none.
  private static func unwrapped(_ lines: [Line]) -> [Line]? {
    guard lines.count > 2, let first = lines.first, let last = lines.last else { return nil }
    let opening = String(decoding: Blanks.trimmed(first.text), as: UTF8.self)
    let closing = String(decoding: Blanks.trimmed(last.text), as: UTF8.self)
    let isFence = opening.hasPrefix("```") && closing == String(opening.prefix { $0 == "`" })
    let isHeredoc = heredocWord(opening).map { $0 == closing } ?? false
    return isFence || isHeredoc ? Array(lines[1..<(lines.count - 1)]) : nil
  }

  /// The closing word of `<<'WORD'`, `<<WORD` or either with the command before.
  private static func heredocWord(_ opening: String) -> String? {
    var rest = opening[...]
    for name in ShellPatch.commandNames where rest.hasPrefix(name) {
      rest = rest.dropFirst(name.count)
      break
    }
    rest = rest.drop { $0 == " " }
    guard rest.hasPrefix("<<") else { return nil }
    var word = rest.dropFirst(2).drop { $0 == " " }
    for quote: Character in ["'", "\""] where word.count > 2 && word.first == quote && word.last == quote {
      word = word.dropFirst().dropLast()
    }
    let isWord = !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isWord ? String(word) : nil
  }

  private static func dedented(_ lines: [Line]) -> [Line] {
    guard let first = lines.first else { return lines }
    let indent = Array(first.text.prefix { $0 == 32 || $0 == 9 })
    guard !indent.isEmpty else { return lines }
    let shared = lines.allSatisfy { $0.text.starts(with: indent) || Blanks.trimmed($0.text).isEmpty }
    guard shared else { return lines }
    return lines.map { line in
      Line(text: line.text.starts(with: indent) ? line.text.dropFirst(indent.count) : [], number: line.number)
    }
  }
}
