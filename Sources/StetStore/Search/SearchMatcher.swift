/// Finds the places of a query in a text.
enum SearchMatcher: Sendable {
  /// All of the terms must occur.
  case terms([[UInt32]])
  case pattern(BoundedPattern)

  /// Places in one text that are told: more of them make no snippet better.
  static let maximumRanges = 32

  /// The places, in order and without overlaps, in scalars; empty if the text does not fit.
  func ranges(in text: FoldedText, _ budget: inout SearchBudget, limit: Int = maximumRanges) -> [Range<Int>] {
    switch self {
    case .pattern(let pattern): return pattern.matches(in: text.values, limit: limit, &budget)
    case .terms(let terms):
      var all: [Range<Int>] = []
      for term in terms {
        let found = Self.places(of: term, in: text.values, limit, &budget)
        if found.isEmpty { return [] }
        all += found
      }
      return Self.disjoint(all, limit)
    }
  }

  private static func places(
    of term: [UInt32], in text: [UInt32], _ limit: Int, _ budget: inout SearchBudget
  ) -> [Range<Int>] {
    guard let first = term.first, text.count >= term.count else { return [] }
    budget.spend(text.count / 8 + 1)
    var found: [Range<Int>] = []
    var index = 0
    let last = text.count - term.count
    while index <= last, found.count < limit {
      guard text[index] == first, text[index..<(index + term.count)].elementsEqual(term) else {
        index += 1
        continue
      }
      found.append(index..<(index + term.count))
      index += term.count
    }
    return found
  }

  private static func disjoint(_ ranges: [Range<Int>], _ limit: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }) {
      if let last = result.last, range.lowerBound < last.upperBound { continue }
      result.append(range)
      if result.count == limit { break }
    }
    return result
  }
}

extension SearchMatcher {
  /// The terms of a query: words between blanks, and what stands between double quotes as one.
  static func terms(of query: String) -> [String] {
    var terms: [String] = []
    var term = ""
    var isQuoted = false
    for character in query.unicodeScalars where character != "\0" {
      if character == "\"" {
        if isQuoted || !term.isEmpty { terms.append(term) }
        term = ""
        isQuoted.toggle()
      } else if !isQuoted, character.properties.isWhitespace {
        terms.append(term)
        term = ""
      } else {
        term.unicodeScalars.append(character)
      }
    }
    terms.append(term)
    return terms.filter { !$0.isEmpty }
  }
}
