/// A regular expression as its parts.
indirect enum PatternNode: Hashable, Sendable {
  case empty
  case scalar(UInt32)
  case set(PatternSet)
  case place(PatternPlace)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// A nil `max` is no bound.
  case loop(PatternNode, min: Int, max: Int?, greedy: Bool)
}

/// A condition on a place between scalars.
enum PatternPlace: Hashable, Sendable {
  case lineStart, lineEnd, wordEdge, noWordEdge
}

/// Some scalars.
struct PatternSet: Hashable, Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false

  /// Everything but a line break.
  static let dot = PatternSet(ranges: [10...10], isNegated: true)

  func contains(_ value: UInt32, ignoresCase: Bool) -> Bool {
    var found = ranges.contains { $0.contains(value) }
    if !found, ignoresCase, let upper = Self.upper(value) { found = ranges.contains { $0.contains(upper) } }
    return found != isNegated
  }

  /// The capital of a folded letter.
  private static func upper(_ value: UInt32) -> UInt32? {
    if value < 128 { return (97...122).contains(value) ? value - 32 : nil }
    guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenUppercased else { return nil }
    let upper = scalar.properties.uppercaseMapping.unicodeScalars
    return upper.count == 1 ? upper.first?.value : nil
  }
}

/// Reads the usual syntax: literals, `.`, `[…]`, `\d \w \s \b` and their opposites, groups, `|`, `* + ? {m,n}` and the
/// lazy forms, `^` and `$` at lines. Look-around and back references are refused: they can't be bounded.
struct PatternParser {
  /// Groups within groups: deeper ones are no search but an attack on the stack.
  private static let maximumDepth = 50
  /// The largest count in braces.
  private static let maximumCount = 1000

  private let source: [Unicode.Scalar]
  private var index = 0
  private var depth = 0

  private init(_ source: String) { self.source = Array(source.unicodeScalars) }

  static func parse(_ source: String) throws(StoreError) -> PatternNode {
    var parser = PatternParser(source)
    let node = try parser.choice()
    guard parser.index == parser.source.count else { throw parser.fault("an unmatched )") }
    return node
  }

  private var next: Unicode.Scalar? { index < source.count ? source[index] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  private func fault(_ what: String) -> StoreError {
    StoreError(.invalidQuery, "invalid regular expression: \(what) at \(index)")
  }

  private mutating func choice() throws(StoreError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw fault("too many groups within groups") }
    var choices = [try sequence()]
    while take("|") { choices.append(try sequence()) }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func sequence() throws(StoreError) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      var part = try atom()
      while let loop = try loop(part) { part = loop }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func loop(_ part: PatternNode) throws(StoreError) -> PatternNode? {
    var bounds: (Int, Int?)
    switch next {
    case "*": bounds = (0, nil)
    case "+": bounds = (1, nil)
    case "?": bounds = (0, 1)
    case "{":
      guard let braces = try braces() else { return nil }
      bounds = braces
      index -= 1
    default: return nil
    }
    index += 1
    let isLazy = take("?")
    if !isLazy { _ = take("+") }
    return .loop(part, min: bounds.0, max: bounds.1, greedy: !isLazy)
  }

  /// `{m}`, `{m,}` or `{m,n}`; a brace that begins none of them is a literal.
  private mutating func braces() throws(StoreError) -> (Int, Int?)? {
    let start = index
    index += 1
    guard let low = number() else {
      index = start
      return nil
    }
    var high: Int? = low
    if take(",") { high = number() }
    guard take("}") else {
      index = start
      return nil
    }
    guard low <= Self.maximumCount, high ?? low <= Self.maximumCount, high ?? low >= low else {
      throw fault("a count that is too large or out of order")
    }
    return (low, high)
  }

  private mutating func number() -> Int? {
    let start = index
    while let scalar = next, ("0"..."9").contains(scalar), index - start < 6 { index += 1 }
    return start == index ? nil : Int(String(String.UnicodeScalarView(source[start..<index])))
  }

  private mutating func atom() throws(StoreError) -> PatternNode {
    guard let scalar = next else { return .empty }
    index += 1
    switch scalar {
    case ".": return .set(.dot)
    case "^": return .place(.lineStart)
    case "$": return .place(.lineEnd)
    case "(": return try group()
    case "[": return .set(try brackets())
    case "\\": return try escape()
    case "*", "+", "?": throw fault("nothing to repeat")
    default: return .scalar(scalar.value)
    }
  }

  private mutating func group() throws(StoreError) -> PatternNode {
    if take("?"), !take(":") {
      throw fault("look-around and named groups are not supported; use (?:…),")
    }
    let node = try choice()
    guard take(")") else { throw fault("a group that is not closed") }
    return node
  }

  private mutating func escape() throws(StoreError) -> PatternNode {
    guard let scalar = next else { throw fault("a lone backslash") }
    index += 1
    if scalar == "b" { return .place(.wordEdge) }
    if scalar == "B" { return .place(.noWordEdge) }
    if let set = Self.sets[scalar] { return .set(set) }
    if let value = Self.controls[scalar] { return .scalar(value) }
    guard !("1"..."9").contains(scalar) else { throw fault("back references are not supported,") }
    return .scalar(scalar.value)
  }

  private mutating func brackets() throws(StoreError) -> PatternSet {
    var set = PatternSet(isNegated: take("^"))
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      index += 1
      guard let low = try member(scalar, &set) else { continue }
      let isRange = next == "-" && index + 1 < source.count && source[index + 1] != "]"
      guard isRange else {
        set.ranges.append(low...low)
        continue
      }
      index += 1
      guard let end = next else { break }
      index += 1
      guard let high = try member(end, &set), high >= low else { throw fault("a range out of order") }
      set.ranges.append(low...high)
    }
    guard take("]") else { throw fault("a [ that is not closed") }
    return set
  }

  /// One scalar in brackets; nil when it was a set, which is in `set` then.
  private mutating func member(_ scalar: Unicode.Scalar, _ set: inout PatternSet) throws(StoreError)
    -> UInt32?
  {
    guard scalar == "\\" else { return scalar.value }
    guard let escaped = next else { throw fault("a lone backslash") }
    index += 1
    if let known = Self.sets[escaped] {
      guard !known.isNegated else { throw fault("\\\(escaped) can't stand in brackets,") }
      set.ranges += known.ranges
      return nil
    }
    return Self.controls[escaped] ?? escaped.value
  }

  private static let controls: [Unicode.Scalar: UInt32] = ["n": 10, "t": 9, "r": 13, "f": 12, "v": 11]
  private static let digits: [ClosedRange<UInt32>] = [48...57]
  /// Letters of other scripts count as letters of a word.
  private static let words: [ClosedRange<UInt32>] = [48...57, 65...90, 95...95, 97...122, 0xAA...0x10FFFF]
  private static let blanks: [ClosedRange<UInt32>] = [9...13, 32...32, 0xA0...0xA0, 0x2000...0x200A]
  private static let sets: [Unicode.Scalar: PatternSet] = [
    "d": PatternSet(ranges: digits), "D": PatternSet(ranges: digits, isNegated: true),
    "w": PatternSet(ranges: words), "W": PatternSet(ranges: words, isNegated: true),
    "s": PatternSet(ranges: blanks), "S": PatternSet(ranges: blanks, isNegated: true),
  ]
  static let word = PatternSet(ranges: words)
}
