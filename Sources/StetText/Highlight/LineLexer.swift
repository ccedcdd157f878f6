/// Cuts one line of code into tokens, by a table.
struct LineLexer {
  let bytes: UnsafeBufferPointer<UInt8>
  let table: LanguageTable
  var state: LexerState
  /// The line began with a tab, before tabs became blanks.
  let isRecipe: Bool
  private(set) var tokens: [Token] = []
  /// Everything before it is in `tokens`.
  var at = 0
  /// Heredocs that were named in this line; they begin with the next one.
  var heredocs: [LexerState.Context] = []
  /// Whether a value may stand here, so that `/` begins a regular expression and `<` a tag.
  var expectsValue = true
  /// What the word behind a defining keyword is.
  private var defines: TokenKind?

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, _ table: LanguageTable, _ state: LexerState, isRecipe: Bool = false
  ) {
    self.bytes = bytes
    self.table = table
    self.state = state
    self.isRecipe = isRecipe
  }

  /// Lexes the line; `state` is then that at its end. The tokens cover every byte.
  mutating func run() {
    beginLine()
    while at < bytes.count {
      let before = at
      step()
      // Whatever a rule missed, the line ends.
      if at <= before { emit(.plain, to: before + 1) }
    }
    endLine()
  }

  private mutating func step() {
    switch state.contexts.last {
    case .comment(let rule, let depth): comment(rule, depth)
    case .string(let rule, let hashes): string(rule, hashes)
    case .heredoc: emit(.string, to: bytes.count)
    case .until(let close, let kind): until(close, kind)
    case .tag(let isClosing, let name): tag(isClosing, name)
    case .children: children()
    case .embedded(let language, let close): embedded(language, close)
    case .block: emit(.string, to: bytes.count)
    case .fence: emit(.string, to: bytes.count)
    case .interpolation, nil:
      if table.mode == .markup, state.contexts.isEmpty { markup() } else { code() }
    }
  }

  /// Adds a token from where the last one ended.
  mutating func emit(_ kind: TokenKind, to end: Int) {
    guard end > at else { return }
    if let last = tokens.last, last.kind == kind {
      tokens[tokens.count - 1].end = end
    } else {
      tokens.append(Token(start: at, end: end, kind: kind))
    }
    at = end
  }

  func hasPrefix(_ prefix: [UInt8], at start: Int) -> Bool {
    guard start + prefix.count <= bytes.count else { return false }
    for (index, byte) in prefix.enumerated() where bytes[start + index] != byte { return false }
    return true
  }

  func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

  func isClass(_ index: Int, _ kind: ByteClass) -> Bool {
    index < bytes.count && !table.classes[Int(bytes[index])].isDisjoint(with: kind)
  }

  func wordEnd(_ start: Int) -> Int {
    var end = start
    while isClass(end, .wordPart) { end += 1 }
    return end
  }

  func blanksEnd(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
    return end
  }

  /// Ordinary code.
  mutating func code() {
    let kind = table.classes[Int(bytes[at])]
    if kind.contains(.blank) { return emit(.plain, to: blanksEnd(at)) }
    if kind.contains(.special), special() { return }
    if kind.contains(.wordStart) { return word() }
    if kind.contains(.digit) { return number() }
    if kind.contains(.punctuation) { return bracket() }
    expectsValue = true
    emit(.operator, to: at + 1)
  }

  private mutating func bracket() {
    let sign = bytes[at]
    emit(.punctuation, to: at + 1)
    expectsValue = sign != UInt8(ascii: ")") && sign != UInt8(ascii: "]") && sign != UInt8(ascii: "}")
    guard case .interpolation(let close, let depth)? = state.contexts.last else { return }
    if sign == close {
      if depth == 0 { state.pop() } else { state.replace(.interpolation(close: close, depth: depth - 1)) }
    } else if sign == (close == UInt8(ascii: ")") ? UInt8(ascii: "(") : UInt8(ascii: "{")) {
      state.replace(.interpolation(close: close, depth: depth + 1))
    }
  }

  private mutating func word() {
    let end = wordEnd(at)
    let range = at..<end
    let isMember = byte(at - 1) == UInt8(ascii: ".") && byte(at - 2) != UInt8(ascii: ".")
    let known = isMember || table.mode == .docker ? nil : table.words.kind(bytes, range)
    let kind = known ?? defines ?? guess(range)
    let isKey = (known != .keyword || table.mode == .toml || table.mode == .css) && isKey(end)
    expectsValue = kind == .keyword
    defines = nil
    if table.functionKeywords.kind(bytes, range) != nil { defines = .function }
    if table.typeKeywords.kind(bytes, range) != nil { defines = .type }
    let isAssigned =
      table.features.contains(.assignments) && byte(end) == UInt8(ascii: "=") && known != .keyword
    emit(isKey ? .attribute : isAssigned ? .variable : kind, to: end)
  }

  /// What a word is that the table does not name.
  private func guess(_ range: Range<Int>) -> TokenKind {
    let first = bytes[range.lowerBound]
    let next = byte(range.upperBound)
    if table.features.contains(.rust), next == UInt8(ascii: "!"),
      byte(range.upperBound + 1) != UInt8(ascii: "=")
    {
      return .function
    }
    if table.features.contains(.capitals), first >= 0x41, first <= 0x5A {
      let isConstant = range.count > 1 && bytes[range].allSatisfy { $0 < 0x61 || $0 > 0x7A }
      return isConstant ? .constant : .type
    }
    return table.features.contains(.calls) && next == UInt8(ascii: "(") ? .function : .plain
  }

  /// Whether what ends at `end` is the name in a pair.
  func isKey(_ end: Int) -> Bool {
    if table.mode == .yaml { return byte(end) == UInt8(ascii: ":") && byte(end + 1) <= 0x20 }
    let next = blanksEnd(end)
    if table.features.contains(.colonKeys), byte(next) == UInt8(ascii: ":"),
      byte(next + 1) != UInt8(ascii: ":")
    {
      return true
    }
    return table.features.contains(.equalsKeys) && byte(next) == UInt8(ascii: "=")
  }

  mutating func number() {
    var end = at
    let isHex = bytes[at] == 0x30 && byte(at + 1) | 0x20 == UInt8(ascii: "x")
    while end < bytes.count {
      let byte = bytes[end]
      if isClass(end, .wordPart), byte < 0x80, byte != UInt8(ascii: "-") {
        end += 1
      } else if byte == UInt8(ascii: "'"), table.features.contains(.rawStrings), isClass(end + 1, .digit) {
        // A digit separator of C++.
        end += 1
      } else if byte == UInt8(ascii: "."), self.byte(end + 1) >= 0x30, self.byte(end + 1) <= 0x39 {
        end += 1
      } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), !isHex,
        self.byte(end - 1) | 0x20 == 0x65,
        self.byte(end + 1) >= 0x30, self.byte(end + 1) <= 0x39
      {
        end += 1
      } else {
        break
      }
    }
    if table.mode == .css, byte(end) == UInt8(ascii: "%") { end += 1 }
    expectsValue = false
    emit(.number, to: max(end, at + 1))
  }
}
