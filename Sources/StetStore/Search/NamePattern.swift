/// A regular expression for short texts, such as names, from somebody who is not trusted: neither reading nor trying it
/// can take much time or memory. Any thread.
public struct NamePattern: Sendable {
  /// Steps of one try: a thousand bytes against the largest program.
  private static let steps = 4_000_000

  private let pattern: BoundedPattern

  /// Throws `invalidQuery` for what is no expression, is too large, or can't be bounded (look-around, back references).
  public init(_ source: String) throws(StoreError) {
    pattern = try BoundedPattern(source, caseSensitive: true)
  }

  /// Whether it fits at any place, also at an empty one; true when the text is too long to be sure.
  public func fits(_ text: String) -> Bool {
    var budget = SearchBudget(Self.steps)
    let scalars = text.unicodeScalars.map(\.value)
    return pattern.fits(scalars, &budget) || budget.isSpent
  }
}
