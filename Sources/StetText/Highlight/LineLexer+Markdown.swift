extension LineLexer {
  /// A line of Markdown source: what it is by its beginning, then its inline signs.
  mutating func markdownLine() {
    let start = blanksEnd(0)
    let first = byte(start)
    if let fence = SourceLine(bytes[...]).fence {
      let name = SourceLine(bytes[...]).fenceLanguage
      emit(.plain, to: start)
      emit(.punctuation, to: start + fence.length)
      emit(.attribute, to: bytes.count)
      state.push(
        .fence(character: fence.character, length: fence.length, language: Language.forFence(name)?.index))
      state.inner = [LexerState()]
      return
    }
    if SourceLine(bytes[...]).isHeading { return emit(.heading, to: bytes.count) }
    emit(.plain, to: start)
    if first == UInt8(ascii: ">") {
      emit(.comment, to: bytes.count)
    } else if let length = PartialLine.marker(bytes[start...]) {
      emit(.punctuation, to: start + length)
    }
    while at < bytes.count { inline() }
  }

  mutating func fencedLine(_ character: UInt8, _ length: Int, _ language: Int?) {
    let fence = SourceLine.Fence(character: character, length: length, indent: 0)
    if SourceLine(bytes[...]).closes(fence) {
      state.pop()
      emit(.punctuation, to: bytes.count)
    } else if let language, language != LanguageTable.byAlias["markdown"] {
      embed(language, to: bytes.count)
    }
  }

  private mutating func inline() {
    let pairs: [(String, String, TokenKind)] = [
      ("`", "`", .string), ("**", "**", .strong), ("__", "__", .strong), ("*", "*", .emphasis),
      ("_", "_", .emphasis),
      ("[", "]", .link), ("(http", ")", .string), ("<http", ">", .link),
    ]
    for (open, close, kind) in pairs where hasPrefix(Array(open.utf8), at: at) {
      let isWord = open == "_" && at > 0 && isClass(at - 1, .wordPart)
      guard !isWord, let end = find(Array(close.utf8), from: at + open.utf8.count) else { continue }
      return emit(kind, to: end)
    }
    var end = at + 1
    while end < bytes.count, !"`*_[<(".utf8.contains(bytes[end]) { end += 1 }
    emit(.plain, to: end)
  }

  /// Behind the next `close` that has something before it.
  private func find(_ close: [UInt8], from start: Int) -> Int? {
    var end = start
    while end < bytes.count {
      if hasPrefix(close, at: end) { return end > start ? end + close.count : nil }
      end += 1
    }
    return nil
  }
}
