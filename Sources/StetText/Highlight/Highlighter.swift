/// A language that the highlighter knows.
public struct Language: Hashable, Sendable {
  public let name: String

  /// By file name or extension.
  public static func forPath(_ path: String) -> Language? { nil }

  /// By the word behind a fence.
  public static func forFence(_ info: String) -> Language? { nil }
}

/// Colours code line by line; what a line leaves open (a comment, a string) is carried into the next.
public struct Highlighter: Sendable {
  let base: Style

  public init(_ language: Language, base: Style = Style("code.block")) { self.base = base }

  public mutating func spans(_ line: String) -> [Span] { [Span(line, base)] }
}
