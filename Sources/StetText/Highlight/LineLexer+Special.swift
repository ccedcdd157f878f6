extension LineLexer {
  /// What the table says may begin here; false if it does not.
  mutating func special() -> Bool {
    if comments() || features() { return true }
    for (index, rule) in table.strings.enumerated() where hasPrefix(rule.open, at: at) {
      openString(index, rule.open.count)
      return true
    }
    if let kind = table.sigils[bytes[at]] {
      let end = wordEnd(at + 1)
      let isNumber = bytes[at] == UInt8(ascii: ".") && isClass(at + 1, .digit)
      if end > at + 1, !isNumber {
        expectsValue = false
        emit(kind, to: end)
        return true
      }
    }
    return false
  }

  private mutating func comments() -> Bool {
    if table.features.contains(.longBrackets), hasPrefix(Array("--[".utf8), at: at),
      longBracket(at + 2, .comment)
    {
      return true
    }
    for comment in table.lineComments where hasPrefix(comment, at: at) {
      if table.features.contains(.spacedComments), at > 0, byte(at - 1) > 0x20,
        byte(at - 1) != UInt8(ascii: ";")
      {
        continue
      }
      emit(.comment, to: bytes.count)
      return true
    }
    for (index, comment) in table.blockComments.enumerated() where hasPrefix(comment.open, at: at) {
      emit(.comment, to: at + comment.open.count)
      state.push(.comment(rule: index, depth: 1))
      return true
    }
    return false
  }

  private mutating func features() -> Bool {
    let features = table.features
    if features.contains(.hashStrings), hashString() { return true }
    if features.contains(.rust), rust() { return true }
    if features.contains(.rawStrings), rawString() { return true }
    if features.contains(.preprocessor), directive() { return true }
    if features.contains(.dollar), dollar() { return true }
    if features.contains(.longBrackets), byte(at) == UInt8(ascii: "["), longBracket(at, .string) {
      return true
    }
    if features.contains(.heredocs), heredoc() { return true }
    if features.contains(.symbols), symbol() { return true }
    if features.contains(.regex), regex() { return true }
    if features.contains(.jsx), jsx() { return true }
    return false
  }

  private func count(_ sign: Character, from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] == sign.asciiValue { end += 1 }
    return end - start
  }

  /// `#"` and `##"""`
  private mutating func hashString() -> Bool {
    let hashes = count("#", from: at)
    guard hashes > 0, byte(at + hashes) == UInt8(ascii: "\"") else { return false }
    let isLong = hasPrefix(Array("\"\"\"".utf8), at: at + hashes)
    let quotes = isLong ? 3 : 1
    guard let rule = table.strings.firstIndex(where: { $0.open.count == quotes }) else { return false }
    openString(rule, hashes + quotes, hashes: hashes)
    return true
  }

  private mutating func rust() -> Bool {
    if byte(at) == UInt8(ascii: "#") {
      let open = byte(at + 1) == UInt8(ascii: "!") ? at + 2 : at + 1
      guard byte(open) == UInt8(ascii: "[") else { return false }
      emit(.attribute, to: open + 1)
      state.push(.until(close: [UInt8(ascii: "]")], kind: .attribute))
      return true
    }
    if byte(at) == UInt8(ascii: "'") {
      let isEscape = byte(at + 1) == UInt8(ascii: "\\")
      var close = at + 2
      while byte(close) & 0xC0 == 0x80 { close += 1 }
      if isEscape || byte(close) == UInt8(ascii: "'") { return false }
      let end = wordEnd(at + 1)
      guard end > at + 1 else { return false }
      emit(.attribute, to: end)
      return true
    }
    if at > 0, isClass(at - 1, .wordPart) { return false }
    var start = at
    if byte(start) == UInt8(ascii: "b") { start += 1 }
    guard byte(start) == UInt8(ascii: "r") else { return false }
    let hashes = count("#", from: start + 1)
    guard byte(start + 1 + hashes) == UInt8(ascii: "\"") else { return false }
    emit(.string, to: start + 2 + hashes)
    state.push(
      .until(close: [UInt8(ascii: "\"")] + Array(repeating: UInt8(ascii: "#"), count: hashes), kind: .string))
    return true
  }

  /// `R"delimiter(`
  private mutating func rawString() -> Bool {
    if at > 0, isClass(at - 1, .wordPart) { return false }
    let open = wordEnd(at)
    guard byte(open - 1) == UInt8(ascii: "R"), open - at <= 3, byte(open) == UInt8(ascii: "\"") else {
      return false
    }
    var end = open + 1
    while end < bytes.count, end - open <= 17, bytes[end] != UInt8(ascii: "(") { end += 1 }
    guard byte(end) == UInt8(ascii: "(") else { return false }
    let close = [UInt8(ascii: ")")] + bytes[(open + 1)..<end] + [UInt8(ascii: "\"")]
    emit(.string, to: end + 1)
    state.push(.until(close: close, kind: .string))
    return true
  }

  /// `#include <file>`
  private mutating func directive() -> Bool {
    guard byte(at) == UInt8(ascii: "#"), blanksEnd(0) == at else { return false }
    let start = blanksEnd(at + 1)
    let end = wordEnd(start)
    let isInclude = hasPrefix(Array("include".utf8), at: start)
    emit(.attribute, to: end)
    guard isInclude else { return true }
    emit(.plain, to: blanksEnd(at))
    if byte(at) == UInt8(ascii: "<"), let close = bytes[at...].firstIndex(of: UInt8(ascii: ">")) {
      emit(.string, to: close + 1)
    }
    return true
  }

  /// `$name`, `$1`, `${…}`, `$(NAME)` of make.
  mutating func dollar() -> Bool {
    guard byte(at) == UInt8(ascii: "$") else { return false }
    let next = byte(at + 1)
    var end = at + 1
    if next == UInt8(ascii: "{") || next == UInt8(ascii: "(") && table.mode == .make {
      let closing = next == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ")")
      end = (bytes[at...].firstIndex(of: closing) ?? bytes.count - 1) + 1
    } else if isClass(end, .wordStart) {
      while isClass(end, .wordPart), bytes[end] != UInt8(ascii: "-") { end += 1 }
    } else if isClass(end, .digit) || "?!#@*$-^<".utf8.contains(next), table.name != "PHP" {
      end += 1
    }
    guard end > at + 1 else { return false }
    expectsValue = false
    emit(.variable, to: end)
    return true
  }

  /// `[[` and `[==[`
  private mutating func longBracket(_ start: Int, _ kind: TokenKind) -> Bool {
    let level = count("=", from: start + 1)
    guard byte(start) == UInt8(ascii: "["), byte(start + 1 + level) == UInt8(ascii: "[") else { return false }
    emit(kind, to: start + 2 + level)
    let equals = Array(repeating: UInt8(ascii: "="), count: level)
    state.push(.until(close: [UInt8(ascii: "]")] + equals + [UInt8(ascii: "]")], kind: kind))
    return true
  }

  /// `<<EOF`, `<<-'EOF'`, `<<~EOF`, `<<<EOT`. The text begins with the next line.
  private mutating func heredoc() -> Bool {
    guard hasPrefix(Array("<<".utf8), at: at) else { return false }
    var start = at + 2
    let isPHP = table.name == "PHP"
    if isPHP {
      guard byte(start) == UInt8(ascii: "<") else { return false }
      start += 1
    }
    let sign = byte(start)
    let isIndented = isPHP || sign == UInt8(ascii: "-") || sign == UInt8(ascii: "~")
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "~") { start += 1 }
    if table.name == "Shell" || isPHP { start = blanksEnd(start) }
    let quote = byte(start) == UInt8(ascii: "'") || byte(start) == UInt8(ascii: "\"") ? byte(start) : nil
    if quote != nil { start += 1 }
    let end = wordEnd(start)
    // In Ruby, `a <<b` is an operator unless the word is a constant.
    guard end > start, !isClass(start, .digit), table.name != "Ruby" || isIndented || byte(start) < 0x61
    else { return false }
    heredocs.append(.heredoc(word: Array(bytes[start..<end]), isIndented: isIndented))
    emit(.string, to: quote != nil && byte(end) == quote ? end + 1 : end)
    return true
  }

  private mutating func symbol() -> Bool {
    guard byte(at) == UInt8(ascii: ":"), byte(at - 1) != UInt8(ascii: ":"), isClass(at + 1, .wordStart),
      at == 0 || !isClass(at - 1, .wordPart)
    else { return false }
    emit(.constant, to: wordEnd(at + 1))
    expectsValue = false
    return true
  }

  private mutating func regex() -> Bool {
    guard byte(at) == UInt8(ascii: "/"), expectsValue, byte(at + 1) != 0x20 else { return false }
    var end = at + 1
    var isClass = false
    while end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "\\"): end += 1
      case UInt8(ascii: "["): isClass = true
      case UInt8(ascii: "]"): isClass = false
      case UInt8(ascii: "/") where !isClass:
        expectsValue = false
        emit(.string, to: max(end + 1, wordEnd(end + 1)))
        return true
      default: break
      }
      end += 1
    }
    return false
  }
}
