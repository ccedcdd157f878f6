extension LineLexer {
  /// Text between tags.
  mutating func markup() {
    if table.blockComments.indices.contains(0), hasPrefix(table.blockComments[0].open, at: at) {
      state.push(.comment(rule: 0, depth: 1))
      emit(.comment, to: at + table.blockComments[0].open.count)
    } else if bytes[at] == UInt8(ascii: "<"), isTagStart(at) {
      openTag()
    } else if bytes[at] == UInt8(ascii: "&"), let end = bytes[at...].firstIndex(of: UInt8(ascii: ";")),
      end - at < 12
    {
      emit(.constant, to: end + 1)
    } else {
      var end = at + 1
      while end < bytes.count, bytes[end] != UInt8(ascii: "<"), bytes[end] != UInt8(ascii: "&") { end += 1 }
      emit(.plain, to: end)
    }
  }

  /// A tag where a value may stand.
  mutating func jsx() -> Bool {
    guard byte(at) == UInt8(ascii: "<"), expectsValue, isTagStart(at) || byte(at + 1) == UInt8(ascii: ">")
    else {
      return false
    }
    openTag()
    return true
  }

  private func isTagStart(_ start: Int) -> Bool {
    let next = byte(start + 1)
    if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") { return table.mode == .markup }
    return isClass(start + 1, .wordStart) || next == UInt8(ascii: "/")
  }

  private mutating func openTag() {
    var start = at + 1
    let isClosing = byte(start) == UInt8(ascii: "/")
    if isClosing || byte(start) == UInt8(ascii: "!") || byte(start) == UInt8(ascii: "?") { start += 1 }
    var end = start
    while isClass(end, .wordPart) || byte(end) == UInt8(ascii: "-") || byte(end) == UInt8(ascii: ".")
      || byte(end) == UInt8(ascii: ":")
    { end += 1 }
    let name = bytes[start..<end].prefix(16).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    emit(.punctuation, to: start)
    emit(.tag, to: end)
    state.push(.tag(isClosing: isClosing, name: name))
  }

  /// Between the angle brackets.
  mutating func tag(_ isClosing: Bool, _ name: [UInt8]) {
    switch bytes[at] {
    case UInt8(ascii: ">"):
      let isEmpty = byte(at - 1) == UInt8(ascii: "/")
      emit(.punctuation, to: at + 1)
      state.pop()
      endTag(isClosing, isEmpty: isEmpty, name)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let quote = bytes[at]
      emit(.string, to: at + 1)
      state.push(.until(close: [quote], kind: .string))
    case UInt8(ascii: "{"):
      emit(.punctuation, to: at + 1)
      expectsValue = true
      state.push(.interpolation(close: UInt8(ascii: "}"), depth: 0))
    case _ where isClass(at, .blank): emit(.plain, to: blanksEnd(at))
    case _ where isClass(at, .wordPart) || bytes[at] == UInt8(ascii: "@") || bytes[at] == UInt8(ascii: ":"):
      var end = at + 1
      while isClass(end, .wordPart) || byte(end) == UInt8(ascii: "-") || byte(end) == UInt8(ascii: ":") {
        end += 1
      }
      emit(.attribute, to: end)
    case UInt8(ascii: "/"): emit(.punctuation, to: at + 1)
    default: emit(.operator, to: at + 1)
    }
  }

  private mutating func endTag(_ isClosing: Bool, isEmpty: Bool, _ name: [UInt8]) {
    if table.mode == .markup {
      let inner = ["script": "JavaScript", "style": "CSS"][String(decoding: name, as: UTF8.self)]
      guard !isClosing, !isEmpty, let inner, let language = Language.forFence(inner) else { return }
      state.push(.embedded(language: language.index, close: Array("</".utf8) + name))
      state.inner = [LexerState()]
      return
    }
    expectsValue = false
    if isClosing {
      if state.contexts.last == .children { state.pop() }
    } else if !isEmpty {
      state.push(.children)
    }
  }

  /// Text between JSX tags.
  mutating func children() {
    switch bytes[at] {
    case UInt8(ascii: "<") where isTagStart(at) || byte(at + 1) == UInt8(ascii: ">"): openTag()
    case UInt8(ascii: "{"):
      emit(.punctuation, to: at + 1)
      expectsValue = true
      state.push(.interpolation(close: UInt8(ascii: "}"), depth: 0))
    default:
      var end = at + 1
      while end < bytes.count, bytes[end] != UInt8(ascii: "<"), bytes[end] != UInt8(ascii: "{") { end += 1 }
      emit(.plain, to: end)
    }
  }

  /// Code of another language, up to the closing tag.
  mutating func embedded(_ language: Int, _ close: [UInt8]) {
    var end = at
    while end < bytes.count, !hasPrefix(close, at: end) { end += 1 }
    if end > at { embed(language, to: end) }
    if end < bytes.count { state.pop() }
  }

  /// Lexes a part of the line by another table; its state is kept for the lines that follow.
  mutating func embed(_ language: Int, to end: Int) {
    let start = at
    var lexer = LineLexer(
      UnsafeBufferPointer(rebasing: bytes[start..<end]), LanguageTable.all[language],
      state.inner.first ?? LexerState())
    lexer.run()
    state.inner = [lexer.state]
    for token in lexer.tokens { emit(token.kind, to: start + token.end) }
  }
}
