/// A finished Markdown text.
public struct MarkdownDocument: Sendable {
  let source: String

  public init(_ source: String) { self.source = source }

  /// The lines at a width; never empty lines at the ends.
  public func lines(width: Int) -> [Line] {
    source.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { Wrapper(width: width).wrap(Line(String($0), .text)) }
  }

  /// The contents of the code blocks, in order.
  public var codeBlocks: [String] { [] }
}
