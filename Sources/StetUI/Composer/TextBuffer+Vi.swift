/// Where a command of vi's normal mode goes.
struct ViMotion: Equatable, Sendable {
  var target: Int
  /// An operator takes the character at the target, too.
  var isInclusive = false
  /// An operator takes whole lines.
  var hasLines = false
}

extension TextBuffer {
  /// Where a motion leads from the caret; nil if it fails. `j` and `k` are whole lines for operators only.
  func viMotion(_ command: ViCommand, count: Int, forOperator: Bool) -> ViMotion? {
    switch command {
    case .left: return ViMotion(target: max(lineStart, caret - count))
    case .right: return ViMotion(target: min(lineEnd, caret + count))
    case .down, .up: return lines(away: command == .down ? count : -count)
    case .wordForward, .bigWordForward:
      let target = repeated(count) { nextWord($0, isBig: command == .bigWordForward) }
      // The last word of a line goes without the line's end.
      return ViMotion(target: forOperator && count == 1 ? min(target, max(lineEnd, caret)) : target)
    case .wordBack: return ViMotion(target: repeated(count) { previousWord($0, isBig: false) })
    case .bigWordBack: return ViMotion(target: repeated(count) { previousWord($0, isBig: true) })
    case .wordEnd, .bigWordEnd:
      let target = repeated(count) { endOfWord($0, isBig: command == .bigWordEnd) }
      return ViMotion(target: target, isInclusive: true)
    case .lineStart: return ViMotion(target: lineStart)
    case .textStart: return ViMotion(target: textStart(ofLineAt: caret))
    case .lineEnd: return ViMotion(target: lineEnd)
    case .lastLine: return ViMotion(target: textStart(ofLineAt: self.count), hasLines: true)
    default: return nil
    }
  }

  /// To the end of the word that the caret is on, also from its last letter, and of as many words as are counted.
  func viWordRest(count: Int, isBig: Bool) -> ViMotion? {
    guard caret < characters.count else { return nil }
    var at = caret
    let own = kind(at, isBig: isBig)
    while at + 1 < characters.count, kind(at + 1, isBig: isBig) == own { at += 1 }
    for _ in 1..<max(1, count) where at + 1 < characters.count { at = endOfWord(at, isBig: isBig) }
    return ViMotion(target: at, isInclusive: true)
  }

  /// The first line.
  var viTop: ViMotion { ViMotion(target: textStart(ofLineAt: 0), hasLines: true) }

  func viFind(_ found: ViState.Found, count: Int, isRepeated: Bool) -> ViMotion? {
    let step = found.find.isForward ? 1 : -1
    var at = caret
    // ; behind t does not stay before the same character.
    if isRepeated, found.find.stopsBefore { at += step }
    for _ in 0..<count {
      repeat {
        at += step
        guard characters.indices.contains(at), !characters[at].isNewline else { return nil }
      } while characters[at] != found.character
    }
    if found.find.stopsBefore { at -= step }
    return ViMotion(target: at, isInclusive: found.find.isForward)
  }

  /// What `iw`, `a(` … mean at the caret.
  func viObject(_ character: Character, isInner: Bool) -> Range<Int>? {
    switch character {
    case "w", "W": return word(isBig: character == "W", isInner: isInner)
    case "\"", "'", "`": return between(character, character, isInner: isInner)
    case "(", ")", "b": return between("(", ")", isInner: isInner)
    case "[", "]": return between("[", "]", isInner: isInner)
    case "{", "}", "B": return between("{", "}", isInner: isInner)
    default: return nil
    }
  }

  func textStart(ofLineAt position: Int) -> Int {
    var at = start(ofLineAt: position)
    while at < characters.count, characters[at].isWhitespace, !characters[at].isNewline { at += 1 }
    return at
  }

  func start(ofLineAt position: Int) -> Int {
    var at = min(max(0, position), characters.count)
    while at > 0, !characters[at - 1].isNewline { at -= 1 }
    return at
  }

  func end(ofLineAt position: Int) -> Int {
    var at = min(max(0, position), characters.count)
    while at < characters.count, !characters[at].isNewline { at += 1 }
    return at
  }

  // MARK: Parts

  private func repeated(_ count: Int, _ step: (Int) -> Int) -> Int {
    var at = caret
    for _ in 0..<count {
      let next = step(at)
      if next == at { break }
      at = next
    }
    return at
  }

  /// 0 for blanks, 1 for words, 2 for what stands between them.
  private func kind(_ position: Int, isBig: Bool) -> Int {
    let character = characters[position]
    if character.isWhitespace { return 0 }
    return isBig || character.isLetter || character.isNumber || character == "_" ? 1 : 2
  }

  private func nextWord(_ from: Int, isBig: Bool) -> Int {
    guard from < characters.count else { return from }
    var at = from
    let own = kind(at, isBig: isBig)
    while own != 0, at < characters.count, kind(at, isBig: isBig) == own { at += 1 }
    while at < characters.count, kind(at, isBig: isBig) == 0 { at += 1 }
    return at
  }

  private func previousWord(_ from: Int, isBig: Bool) -> Int {
    var at = from
    while at > 0, kind(at - 1, isBig: isBig) == 0 { at -= 1 }
    guard at > 0 else { return 0 }
    let own = kind(at - 1, isBig: isBig)
    while at > 0, kind(at - 1, isBig: isBig) == own { at -= 1 }
    return at
  }

  private func endOfWord(_ from: Int, isBig: Bool) -> Int {
    var at = from + 1
    while at < characters.count, kind(at, isBig: isBig) == 0 { at += 1 }
    guard at < characters.count else { return max(0, characters.count - 1) }
    let own = kind(at, isBig: isBig)
    while at + 1 < characters.count, kind(at + 1, isBig: isBig) == own { at += 1 }
    return at
  }

  private func lines(away: Int) -> ViMotion? {
    var at = caret
    for _ in 0..<abs(away) {
      let edge = away > 0 ? end(ofLineAt: at) : start(ofLineAt: at)
      guard away > 0 ? edge < characters.count : edge > 0 else {
        return at == caret ? nil : ViMotion(target: at, hasLines: true)
      }
      at = away > 0 ? edge + 1 : edge - 1
    }
    return ViMotion(target: at, hasLines: true)
  }

  private func word(isBig: Bool, isInner: Bool) -> Range<Int>? {
    guard caret < characters.count, !characters[caret].isNewline else { return nil }
    let own = kind(caret, isBig: isBig)
    func belongs(_ at: Int, _ kind: Int) -> Bool {
      characters.indices.contains(at) && !characters[at].isNewline && self.kind(at, isBig: isBig) == kind
    }
    var (from, to) = (caret, caret + 1)
    while belongs(from - 1, own) { from -= 1 }
    while belongs(to, own) { to += 1 }
    if !isInner {
      let end = to
      while belongs(to, 0) { to += 1 }
      if end == to { while belongs(from - 1, 0) { from -= 1 } }
    }
    return from..<to
  }

  private func between(_ open: Character, _ close: Character, isInner: Bool) -> Range<Int>? {
    let range = open == close ? quoted(open) : enclosed(open, close)
    guard let range else { return nil }
    return isInner ? range.lowerBound + 1..<range.upperBound - 1 : range
  }

  /// The quoted part of the line that holds the caret, or the next one.
  private func quoted(_ quote: Character) -> Range<Int>? {
    let places = (lineStart..<lineEnd).filter { characters[$0] == quote }
    for index in stride(from: 0, to: places.count - 1, by: 2) where places[index + 1] >= caret {
      return places[index]..<places[index + 1] + 1
    }
    return nil
  }

  private func enclosed(_ open: Character, _ close: Character) -> Range<Int>? {
    var depth = 0
    var from = min(caret, characters.count - 1)
    while from >= 0 {
      if characters[from] == close, from != caret { depth += 1 }
      if characters[from] == open {
        if depth == 0 { break }
        depth -= 1
      }
      from -= 1
    }
    guard from >= 0 else { return nil }
    depth = 0
    for to in from..<characters.count {
      if characters[to] == open { depth += 1 }
      if characters[to] == close { depth -= 1 }
      if depth == 0 { return from..<to + 1 }
    }
    return nil
  }
}
