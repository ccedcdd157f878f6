/// Finds lines in a file by four passes, each over the whole rest before the next begins: exact, trailing
/// blanks ignored, blanks on both sides ignored, typographic punctuation folded as well.
struct LineSearch {
  enum Pass: Int, CaseIterable { case exact, trailing, trimmed, folded }

  struct Match: Hashable {
    let position: Int
    let pass: Pass
  }

  let count: Int
  private let original: [ArraySlice<UInt8>]
  private var forms: [Pass: [[UInt8]]] = [:]

  init(_ lines: [ArraySlice<UInt8>]) {
    original = lines
    count = lines.count
  }

  /// The first match at or after `start`; the one nearest to `hint` (0-based) where that is given; with
  /// `atEnd` only the last lines of the file count.
  mutating func first(
    _ pattern: [[UInt8]], from start: Int, atEnd: Bool = false, hint: Int? = nil
  ) -> Match? {
    for pass in Pass.allCases {
      let found = positions(pattern, pass, from: start, atEnd: atEnd, limit: hint == nil ? 1 : Int.max)
      if let hint, let best = found.min(by: { abs($0 - hint) < abs($1 - hint) }) {
        return Match(position: best, pass: pass)
      }
      if let position = found.first { return Match(position: position, pass: pass) }
    }
    return nil
  }

  /// Every position of one pass, up to `limit`.
  mutating func positions(
    _ pattern: [[UInt8]], _ pass: Pass, from start: Int = 0, atEnd: Bool = false, limit: Int = Int.max
  ) -> [Int] {
    guard pattern.count <= count, !pattern.isEmpty else { return [] }
    let last = count - pattern.count
    let from = atEnd ? max(start, last) : start
    guard from <= last else { return [] }
    let wanted = pattern.map { Self.form($0[...], pass) }
    let file = form(pass)
    var found: [Int] = []
    for position in from...last where file[position..<(position + wanted.count)].elementsEqual(wanted) {
      found.append(position)
      if found.count == limit { break }
    }
    return found
  }

  private mutating func form(_ pass: Pass) -> [[UInt8]] {
    if let known = forms[pass] { return known }
    let made = original.map { Self.form($0, pass) }
    forms[pass] = made
    return made
  }

  private static func form(_ line: ArraySlice<UInt8>, _ pass: Pass) -> [UInt8] {
    switch pass {
    case .exact: Array(line)
    case .trailing: Array(Blanks.trimmedEnd(line))
    case .trimmed: Array(Blanks.trimmed(line))
    case .folded: Blanks.folded(line)
    }
  }
}
