/// What is searched for, and where.
public struct TextQuery: Hashable, Sendable {
  public enum Mode: Hashable, Sendable {
    /// All words must occur in a text, anywhere in it; words between double quotes stand together.
    case words
    /// The whole query as it is.
    case literal
    /// A regular expression, as `PatternParser` reads it.
    case pattern
  }

  /// The longest query in characters: what is longer was pasted by mistake.
  public static let maximumLength = 1000

  public var text: String
  public var mode = Mode.words
  public var caseSensitive = false
  /// One thread only.
  public var threadId: String?
  /// An exact directory.
  public var cwd: String?
  /// Only archived threads, or only the others; nil means both.
  public var archived: Bool? = false
  /// Types of items; nil means all, and the names of threads too.
  public var kinds: [String]?
  /// Texts from this time on, in milliseconds since 1970.
  public var sinceMs: Int64?
  /// nil or empty means all.
  public var sources: [String]?
  /// Every place of each text counts, up to this many; matches of one text beyond it are left out.
  public var placesPerText = 32
  /// The work after which a search stops: about a second in patterns, which cost most.
  public var maximumSteps = 60_000_000

  public init(text: String) { self.text = text }

  func matcher() throws(StoreError) -> SearchMatcher {
    guard text.unicodeScalars.count <= Self.maximumLength else {
      throw StoreError(
        .invalidQuery, "the query is longer than \(Self.maximumLength) characters; use a part of it")
    }
    if mode == .pattern {
      guard !text.isEmpty else { throw StoreError(.invalidQuery, "the query must not be empty") }
      return .pattern(try BoundedPattern(text, caseSensitive: caseSensitive))
    }
    let terms = mode == .literal ? [text].filter { !$0.isEmpty } : SearchMatcher.terms(of: text)
    guard !terms.isEmpty else { throw StoreError(.invalidQuery, "the query must not be empty") }
    return .terms(terms.map { FoldedText($0, caseSensitive: caseSensitive).values })
  }
}

/// One text that fits.
public struct SearchHit: Hashable, Sendable {
  public let turnId: String
  public let itemId: String
  public let kind: String
  public let timeMs: Int64
  /// Its place among the records of the thread.
  let ordinal: Int64
  public let snippet: SearchSnippet
  /// One snippet for each place in the text, in order, where they were asked for.
  public let places: [SearchSnippet]
}

/// A thread with texts that fit.
public struct SearchedThread: Hashable, Sendable {
  public let thread: ThreadSummary
  /// In the order in which they were said; the first `ThreadSearch.hitsPerThread`.
  public internal(set) var hits: [SearchHit]
  /// Larger is better; comparable within one search.
  public internal(set) var score: Double
  /// The name of the thread, if the query fits it.
  public internal(set) var nameSnippet: SearchSnippet?
}

/// What a search found.
public struct SearchOutcome: Hashable, Sendable {
  /// The best first; of equal ones the newest.
  public let threads: [SearchedThread]
  /// The search was ended before it had read everything: a narrower query finds more.
  public let isPartial: Bool
}
