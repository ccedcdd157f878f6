/// What depends on where a line begins or ends.
extension LineLexer {
  mutating func beginLine() {
    switch state.contexts.last {
    case .heredoc(let word, let isIndented)?:
      let start = isIndented ? blanksEnd(0) : 0
      let end = wordEnd(start)
      if Array(bytes[start..<end]) == word, isEndOfHeredoc(end) {
        emit(.string, to: end)
        state.pop()
      }
      return
    case .block(let indent)?:
      let blanks = blanksEnd(0)
      if blanks == bytes.count || blanks > indent { return }
      state.pop()
    case .fence(let character, let length, let language)?:
      fencedLine(character, length, language)
      return
    case .interpolation?, nil: break
    default: return
    }
    switch table.mode {
    case .code, .markup, .css: rubyComment()
    case .yaml: yamlLine()
    case .toml: tomlLine()
    case .markdown: markdownLine()
    case .diff: diffLine()
    case .make: makeLine()
    case .docker: dockerLine()
    }
  }

  /// A string that can't span lines ends with the line, whether it was closed or not.
  mutating func endLine() {
    let continues = bytes.last == UInt8(ascii: "\\")
    while case .string(let rule, _)? = state.contexts.last, !table.strings[rule].spansLines, !continues {
      state.pop()
    }
    if case .interpolation? = state.contexts.last, let index = openLineString() {
      state.contexts.removeSubrange(index...)
    }
    // The first one that was named is read first.
    for heredoc in heredocs.reversed() { state.push(heredoc) }
  }

  /// The first string that ends with the line, with code inside it still open.
  private func openLineString() -> Int? {
    state.contexts.firstIndex {
      if case .string(let rule, _) = $0 { return !table.strings[rule].spansLines }
      return false
    }
  }

  private func isEndOfHeredoc(_ end: Int) -> Bool {
    end == bytes.count || table.name != "Shell" || blanksEnd(end) == bytes.count
  }

  /// `=begin` … `=end`
  private mutating func rubyComment() {
    if table.name == "Ruby", hasPrefix(Array("=begin".utf8), at: 0) {
      emit(.comment, to: bytes.count)
      state.push(.until(close: Array("=end".utf8), kind: .comment))
    }
  }

  private mutating func diffLine() {
    let kind: TokenKind =
      switch byte(0) {
      case UInt8(ascii: "+"): hasPrefix(Array("+++".utf8), at: 0) ? .keyword : .plus
      case UInt8(ascii: "-"): hasPrefix(Array("---".utf8), at: 0) ? .keyword : .minus
      case UInt8(ascii: "@"): .hunk
      case UInt8(ascii: " "), UInt8(ascii: "\\"), 0: .plain
      default: .keyword
      }
    emit(kind, to: bytes.count)
  }

  private mutating func tomlLine() {
    let start = blanksEnd(0)
    guard state.contexts.isEmpty, byte(start) == UInt8(ascii: "["),
      let end = bytes.lastIndex(of: UInt8(ascii: "]")), !bytes[start...].contains(UInt8(ascii: "="))
    else { return }
    emit(.plain, to: start)
    emit(.type, to: end + 1)
  }

  private mutating func dockerLine() {
    let start = blanksEnd(0)
    emit(.plain, to: start)
    let end = wordEnd(start)
    if table.words.kind(bytes, start..<end) != nil { emit(.keyword, to: end) }
  }

  private mutating func makeLine() {
    if isRecipe { return }
    let start = blanksEnd(0)
    emit(.plain, to: start)
    guard
      let colon = bytes[start...].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }),
      !bytes[start..<colon].contains(UInt8(ascii: "#"))
    else { return }
    let isAssignment =
      bytes[colon] == UInt8(ascii: "=") || byte(colon + 1) == UInt8(ascii: "=")
      || hasPrefix(Array("::=".utf8), at: colon)
    let end = wordEnd(start)
    if isAssignment {
      if table.words.kind(bytes, start..<end) == nil { emit(.variable, to: end) }
    } else if byte(start) != UInt8(ascii: "$") {
      emit(.function, to: colon)
    }
  }
}
