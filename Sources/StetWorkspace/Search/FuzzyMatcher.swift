/// Scores a path against what somebody typed to find it: the characters in order, with gaps.
///
/// The scheme is fzf's (and nucleo's, with the same numbers, so that scores compare to Codex's): every character counts,
/// at the start of a word or path component more, in a row more, gaps cost. Upper case in the query makes it exact.
/// Words of the query are looked for independently; all must match. Pure.
public struct FuzzyMatcher: Sendable {
  /// Scalars of a query that count; nobody types more.
  static let queryLimit = 128

  private static let match = 16
  private static let gapStart = 3
  private static let gapMore = 1
  private static let boundary = 8
  private static let delimiter = 9
  private static let camel = 5
  private static let consecutive = 4
  private static let firstFactor = 2
  /// Worse than any score that can be reached, and far from overflow.
  private static let never = Int.min / 4

  private let words: [[Unicode.Scalar]]
  private let isExact: Bool

  public init(_ query: String) {
    let scalars = query.unicodeScalars.prefix(Self.queryLimit)
    isExact = scalars.contains { $0.properties.isUppercase }
    words = scalars.split { $0.properties.isWhitespace }.map(Array.init)
  }

  /// Whether there is nothing to look for.
  public var isEmpty: Bool { words.isEmpty }

  /// The score, higher is better; nil if the path does not match.
  public func score(_ path: String) -> Int? { search(path, wantsIndices: false)?.score }

  /// The score and which of the path's Unicode scalars matched.
  public func match(_ path: String) -> (score: Int, indices: [Int])? { search(path, wantsIndices: true) }

  private func search(_ path: String, wantsIndices: Bool) -> (score: Int, indices: [Int])? {
    guard !words.isEmpty else { return nil }
    let text = Array(path.unicodeScalars)
    let folded = isExact ? text : text.map(Self.folded)
    guard words.allSatisfy({ Self.holds(folded, $0) }) else { return nil }
    let bonuses = Self.bonuses(text)
    var score = 0
    var indices: Set<Int> = []
    for word in words {
      var row = Alignment(word, folded, bonuses, wantsIndices: wantsIndices)
      score += row.align()
      if wantsIndices { indices.formUnion(row.path()) }
    }
    return (score, indices.sorted())
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
      return ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }
    return scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
  }

  /// Whether the word's scalars occur in order.
  private static func holds(_ text: [Unicode.Scalar], _ word: [Unicode.Scalar]) -> Bool {
    var next = 0
    for scalar in text where scalar == word[next] {
      next += 1
      if next == word.count { return true }
    }
    return false
  }

  private enum Kind { case delimiter, other, lower, upper, digit }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar {
    case "/": .delimiter
    case "a"..."z": .lower
    case "A"..."Z": .upper
    case "0"..."9": .digit
    default:
      scalar.isASCII
        ? .other : scalar.properties.isUppercase ? .upper : scalar.properties.isAlphabetic ? .lower : .other
    }
  }

  /// What each place is worth beyond the match: the starts of components and words.
  private static func bonuses(_ text: [Unicode.Scalar]) -> [Int] {
    var before = Kind.delimiter
    return text.map { scalar in
      let kind = kind(scalar)
      defer { before = kind }
      switch (before, kind) {
      case (_, .delimiter), (_, .other): return boundary
      case (.delimiter, _): return delimiter
      case (.other, _): return boundary
      case (.lower, .upper), (.lower, .digit), (.upper, .digit): return camel
      default: return 0
      }
    }
  }

  /// The best way to lay one word over the text: Smith and Waterman's, row by row.
  private struct Alignment {
    private let word: [Unicode.Scalar]
    private let text: [Unicode.Scalar]
    private let bonuses: [Int]
    /// For each scalar of the word and each place: whether the one before matched right before it, or where.
    private var origins: [[Int]] = []
    private let wantsIndices: Bool
    private var end = 0

    init(_ word: [Unicode.Scalar], _ text: [Unicode.Scalar], _ bonuses: [Int], wantsIndices: Bool) {
      self.word = word
      self.text = text
      self.bonuses = bonuses
      self.wantsIndices = wantsIndices
    }

    mutating func align() -> Int {
      var scores: [Int] = []
      var runs: [Int] = []
      for row in word.indices {
        var best = [Int](repeating: never, count: text.count)
        var run = [Int](repeating: 0, count: text.count)
        var origin = [Int](repeating: -1, count: wantsIndices ? text.count : 0)
        // The best end of the row before with at least one scalar between it and here.
        var gap = never
        var gapOrigin = -1
        for place in text.indices {
          if place >= 2, row > 0 {
            let opened = scores[place - 2] - gapStart
            gap -= gapMore
            if opened >= gap { (gap, gapOrigin) = (opened, place - 2) }
          }
          guard text[place] == word[row] else { continue }
          if row == 0 {
            best[place] = match + bonuses[place] * firstFactor
            run[place] = bonuses[place]
            continue
          }
          let apart = gap > never / 2 ? gap + match + bonuses[place] : never
          let joined = joined(place, scores, runs)
          if let joined, joined.score >= apart {
            (best[place], run[place]) = joined
            if wantsIndices { origin[place] = place - 1 }
          } else if apart > never / 2 {
            (best[place], run[place]) = (apart, bonuses[place])
            if wantsIndices { origin[place] = gapOrigin }
          }
        }
        (scores, runs) = (best, run)
        if wantsIndices { origins.append(origin) }
      }
      end = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      return scores.isEmpty ? 0 : scores[end]
    }

    /// Right behind the match before: worth at least what started the run.
    private func joined(_ place: Int, _ scores: [Int], _ runs: [Int]) -> (score: Int, run: Int)? {
      guard place > 0, scores[place - 1] > never / 2 else { return nil }
      var run = runs[place - 1]
      if bonuses[place] >= boundary, bonuses[place] > run { run = bonuses[place] }
      return (scores[place - 1] + match + max(bonuses[place], consecutive, run), run)
    }

    /// The matched places, after `align`.
    func path() -> [Int] {
      var places: [Int] = []
      var place = end
      for row in word.indices.reversed() {
        places.append(place)
        place = origins[row][place]
      }
      return places.reversed()
    }
  }
}
