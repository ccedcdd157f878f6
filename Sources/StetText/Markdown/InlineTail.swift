/// Finds how the inline text of an unfinished paragraph should be shown: what to hold back, because it may become
/// something else (a link, an entity), and what to close, because it was opened (`**`, a code span).
struct InlineTail {
  /// A bracket that is not closed within so many bytes is a bracket.
  private static let longestLabel = 300
  private static let longestTarget = 2048
  /// Longer than any tag or bare address that is worth waiting for.
  private static let longestTag = 200

  private struct Opener {
    var character: UInt8
    var count: Int
    var end: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let start: Int
  private var openers: [Opener] = []
  /// What is shown ends here.
  private var end: Int
  private var codeCloser = 0
  /// A code span that begins with a blank is written with one at the end, and shown without both.
  private var isCodePadded = false

  /// Up to which byte to show the text, and what to append to it.
  static func complete(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, closers: String) {
    var tail = InlineTail(bytes: bytes, start: start, end: bytes.count)
    tail.scan()
    return (tail.end, tail.close())
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, start: Int, end: Int) {
    self.bytes = bytes
    self.start = start
    self.end = end
  }

  private mutating func scan() {
    var at = start
    while at < end {
      switch bytes[at] {
      case UInt8(ascii: "\\"):
        if at + 1 >= end { return hold(at) }
        at += 2
      case UInt8(ascii: "`"): at = code(at)
      case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): at = delimiters(at)
      case UInt8(ascii: "!"):
        if at + 1 >= end { return hold(at) }
        at = bytes[at + 1] == UInt8(ascii: "[") ? bracket(at, open: at + 1) : at + 1
      case UInt8(ascii: "["): at = bracket(at, open: at)
      case UInt8(ascii: "<"):
        at = waits(at, Self.longestTag) { $0 != 0x3E && $0 > 0x20 } ? holding(at) : at + 1
      case UInt8(ascii: "&"):
        at = waits(at, 10) { $0 == 0x23 || Self.isAlphanumeric($0) } ? holding(at) : at + 1
      default: at += 1
      }
    }
  }

  private mutating func hold(_ at: Int) { end = at }

  private mutating func holding(_ at: Int) -> Int {
    end = at
    return at
  }

  /// Whether everything behind `at` could still belong to what begins there.
  private func waits(_ at: Int, _ limit: Int, _ belongs: (UInt8) -> Bool) -> Bool {
    end - at <= limit && bytes[(at + 1)..<end].allSatisfy(belongs)
  }

  private func run(_ at: Int) -> Int {
    var next = at
    while next < end, bytes[next] == bytes[at] { next += 1 }
    return next - at
  }

  private mutating func code(_ at: Int) -> Int {
    let length = run(at)
    var next = at + length
    while next < end {
      guard bytes[next] == UInt8(ascii: "`") else {
        next += 1
        continue
      }
      let other = run(next)
      if other == length { return next + other }
      if next + other == end {
        // Part of the closing run has come.
        end = next
        break
      }
      next += other
    }
    let hasText = bytes[(at + length)..<end].contains { $0 > 0x20 }
    if hasText {
      codeCloser = length
      isCodePadded = bytes[at + length] == 0x20 && bytes[end - 1] != 0x20
    } else {
      end = at
    }
    return end
  }

  private mutating func delimiters(_ at: Int) -> Int {
    let character = bytes[at]
    var count = run(at)
    let next = at + count
    let before = at > start ? bytes[at - 1] : 0x20
    if next >= end {
      if let last = openers.last, last.character == character, !Self.isSpace(before), count >= last.count {
        reduce(character, &count)
      } else {
        end = at
      }
      return next
    }
    let after = bytes[next]
    let isLeft = !Self.isSpace(after) && (!Self.isMark(after) || Self.isSpace(before) || Self.isMark(before))
    let isRight = !Self.isSpace(before) && (!Self.isMark(before) || Self.isSpace(after) || Self.isMark(after))
    let isWord = character == UInt8(ascii: "_")
    if isWord ? isRight && (!isLeft || Self.isMark(after)) : isRight { reduce(character, &count) }
    // One sign inside a word (`2*3`) is more often itself than an opener.
    let isLikely = count > 1 || Self.isSpace(before) || Self.isMark(before)
    if count > 0, isWord ? isLeft && (!isRight || Self.isMark(before)) : isLeft, isLikely {
      openers.append(Opener(character: character, count: count, end: next))
    }
    return next
  }

  /// Closes openers of the character with a run of it.
  private mutating func reduce(_ character: UInt8, _ count: inout Int) {
    while count > 0, let index = openers.lastIndex(where: { $0.character == character }) {
      let isStrike = character == UInt8(ascii: "~")
      if isStrike, openers[index].count != count { return }
      openers.removeSubrange((index + 1)...)
      let used = min(count, openers[index].count)
      count -= used
      openers[index].count -= used
      if openers[index].count == 0 { openers.removeLast() }
    }
  }

  /// A bracket from `at` (which is the `!` of an image): past it, or held.
  private mutating func bracket(_ at: Int, open: Int) -> Int {
    guard let close = match(open, UInt8(ascii: "["), UInt8(ascii: "]")) else {
      return end - open <= Self.longestLabel ? holding(at) : open + 1
    }
    guard close + 1 < end else { return holding(at) }
    guard bytes[close + 1] == UInt8(ascii: "(") else { return open + 1 }
    guard let last = match(close + 1, UInt8(ascii: "("), UInt8(ascii: ")")) else {
      return end - open <= Self.longestTarget ? holding(at) : open + 1
    }
    return last + 1
  }

  private func match(_ open: Int, _ opening: UInt8, _ closing: UInt8) -> Int? {
    var depth = 0
    var at = open
    let limit = min(end, open + Self.longestTarget)
    while at < limit {
      if bytes[at] == UInt8(ascii: "\\") {
        at += 2
        continue
      }
      if bytes[at] == opening { depth += 1 }
      if bytes[at] == closing {
        depth -= 1
        if depth == 0 { return at }
      }
      at += 1
    }
    return nil
  }

  /// The signs that close what is open, and the text cut back so that they do.
  private mutating func close() -> String {
    if codeCloser == 0 {
      while !openers.isEmpty {
        while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
        guard let last = openers.last, last.end >= end else { break }
        // Nothing follows it yet.
        end = max(start, min(end, last.end - last.count))
        openers.removeLast()
      }
    }
    var closers = (isCodePadded ? " " : "") + String(repeating: "`", count: codeCloser)
    for opener in openers.reversed() {
      closers += String(repeating: Character(Unicode.Scalar(opener.character)), count: opener.count)
    }
    return closers
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
  }

  /// ASCII punctuation.
  private static func isMark(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && !isAlphanumeric(byte) }
}
