/// Recognises a shell command that does nothing but hand a patch to `apply_patch` in a heredoc: it is taken
/// as a patch, never run as a command.
public enum ShellPatch {
  /// Both spellings that models use.
  static let commandNames = ["apply_patch", "applypatch"]

  /// The patch, and the directory of a `cd DIR &&` before it. nil for every other command: what is not
  /// exactly this form is a command like any other.
  public static func recognise(_ command: String) -> (patch: [UInt8], directory: String?)? {
    var scanner = Scanner(rest: Array(command.utf8)[...])
    scanner.skipBlankLines()
    var directory: String?
    if scanner.word("cd") {
      guard let word = scanner.argument(), scanner.token("&&") else { return nil }
      directory = word
      scanner.skipBlankLines()
    }
    guard commandNames.contains(where: { scanner.word($0) }), scanner.token("<<"),
      let (word, _) = scanner.delimiter(),
      scanner.endOfLine(), let body = scanner.heredoc(until: word), scanner.isBlank
    else { return nil }
    return (body, directory)
  }

  private struct Scanner {
    var rest: ArraySlice<UInt8>

    var isBlank: Bool { Blanks.trimmed(rest).isEmpty }

    mutating func skipBlanks() { rest = rest.drop { $0 == 32 || $0 == 9 } }

    mutating func skipBlankLines() { rest = rest.drop { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 } }

    /// A command word with a blank (or the heredoc) after it.
    mutating func word(_ name: String) -> Bool {
      guard rest.starts(with: name.utf8) else { return false }
      let after = rest.dropFirst(name.utf8.count)
      guard let next = after.first, next == 32 || next == 9 || next == UInt8(ascii: "<") else { return false }
      rest = after
      skipBlanks()
      return true
    }

    mutating func token(_ text: String) -> Bool {
      skipBlanks()
      guard rest.starts(with: text.utf8) else { return false }
      rest = rest.dropFirst(text.utf8.count)
      skipBlanks()
      return true
    }

    /// One argument: quoted, or of characters that mean nothing to a shell.
    mutating func argument() -> String? {
      guard let first = rest.first else { return nil }
      let bytes: ArraySlice<UInt8>
      if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
        let inner = rest.dropFirst()
        guard let end = inner.firstIndex(of: first) else { return nil }
        bytes = inner[..<end]
        // Inside double quotes a shell still expands these.
        if first == UInt8(ascii: "\""), bytes.contains(where: { "$`\\!".utf8.contains($0) }) { return nil }
        rest = inner[(end + 1)...]
      } else {
        bytes = rest.prefix { Self.isPlain($0) }
        rest = rest.dropFirst(bytes.count)
      }
      guard !bytes.isEmpty, !bytes.contains(10), bytes.first != UInt8(ascii: "-") else { return nil }
      if let next = rest.first, next != 32, next != 9, next != UInt8(ascii: "&") { return nil }
      return String(validating: bytes, as: UTF8.self)
    }

    mutating func delimiter() -> (word: [UInt8], quoted: Bool)? {
      guard let first = rest.first else { return nil }
      let isQuoted = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
      if isQuoted { rest = rest.dropFirst() }
      let word = Array(rest.prefix { Self.isWord($0) })
      rest = rest.dropFirst(word.count)
      if isQuoted {
        guard rest.first == first else { return nil }
        rest = rest.dropFirst()
      }
      return word.isEmpty ? nil : (word, isQuoted)
    }

    mutating func endOfLine() -> Bool {
      skipBlanks()
      if rest.first == 13 { rest = rest.dropFirst() }
      guard rest.first == 10 else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// The lines up to the closing word.
    mutating func heredoc(until word: [UInt8]) -> [UInt8]? {
      var body: [UInt8] = []
      for line in rest.split(separator: 10, omittingEmptySubsequences: false) {
        let bare = line.last == 13 ? line.dropLast() : line
        if bare.elementsEqual(word) {
          rest = rest[line.endIndex...].dropFirst()
          return body
        }
        body.append(contentsOf: line)
        body.append(10)
      }
      return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
      isWord(byte) || byte >= 0x80 || "./-+,:@%=".utf8.contains(byte)
    }
  }
}
