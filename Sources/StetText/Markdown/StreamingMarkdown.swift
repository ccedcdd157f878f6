/// A Markdown text that is still arriving.
public struct StreamingMarkdown: Sendable {
  public private(set) var source = ""

  public init() {}

  public mutating func append(_ delta: String) { source += delta }

  /// Says that nothing more comes: what was held back is shown.
  public mutating func finish() {}

  public mutating func lines(width: Int) -> [Line] { MarkdownDocument(source).lines(width: width) }

  /// How many of the first lines that `lines(width:)` gave last will never change again at that width.
  public private(set) var stableCount = 0
}
