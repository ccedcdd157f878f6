extension LineLexer {
  /// Takes the list signs and the key that begin a line of YAML.
  mutating func yamlLine() {
    let indent = blanksEnd(0)
    emit(.plain, to: indent)
    let isMarker = hasPrefix(Array("---".utf8), at: at) || hasPrefix(Array("...".utf8), at: at)
    if isMarker, blanksEnd(at + 3) == bytes.count {
      return emit(.punctuation, to: bytes.count)
    }
    var depth = indent
    while byte(at) == UInt8(ascii: "-"), byte(at + 1) == 0x20 || at + 1 == bytes.count {
      emit(.punctuation, to: at + 1)
      depth = at
      emit(.plain, to: blanksEnd(at))
    }
    if let end = keyEnd() { emit(.attribute, to: end) }
    openBlock(depth)
  }

  /// Where a plain key ends that stands here: before a colon with a blank or nothing behind it.
  private func keyEnd() -> Int? {
    let first = byte(at)
    if first == 0 || "\"'#{[&*!|>%@`".utf8.contains(first) { return nil }
    var end = at
    while end < bytes.count {
      if bytes[end] == UInt8(ascii: ":"), end + 1 == bytes.count || bytes[end + 1] == 0x20 { return end }
      if bytes[end] == UInt8(ascii: "#"), byte(end - 1) == 0x20 { return nil }
      end += 1
    }
    return nil
  }

  /// `key: |` and `- >-` make the deeper lines that follow a text.
  private mutating func openBlock(_ indent: Int) {
    var end = bytes.count
    if let comment = (at..<bytes.count).first(where: {
      bytes[$0] == UInt8(ascii: "#") && byte($0 - 1) == 0x20
    }) {
      end = comment
    }
    while end > at, bytes[end - 1] == 0x20 { end -= 1 }
    var start = end
    while start > at, "+-0123456789".utf8.contains(bytes[start - 1]) { start -= 1 }
    guard start > at, bytes[start - 1] == UInt8(ascii: "|") || bytes[start - 1] == UInt8(ascii: ">"),
      isBeforeBlock(at..<(start - 1))
    else { return }
    while at < start - 1 { step(before: start - 1) }
    emit(.operator, to: end)
    if end < bytes.count {
      emit(.plain, to: blanksEnd(end))
      emit(.comment, to: bytes.count)
    }
    state.push(.block(indent: indent))
  }

  /// Between the key and the sign of a block there may be a tag and an anchor, and no text.
  private func isBeforeBlock(_ range: Range<Int>) -> Bool {
    let words = bytes[range].drop { $0 == UInt8(ascii: ":") }.split(separator: 0x20)
    return words.allSatisfy { $0.first == UInt8(ascii: "&") || $0.first == UInt8(ascii: "!") }
  }

  private mutating func step(before end: Int) {
    let before = at
    code()
    if at <= before || at > end { emit(.plain, to: end) }
  }
}
