/// What Markdown source means, ready to be laid out at any width. Inline text is already styled: a list of lines, one
/// for each hard break.
indirect enum MarkdownBlock: Sendable {
  case paragraph([Line])
  case heading([Line])
  case rule
  case code(language: String, text: String)
  case quote([MarkdownBlock])
  case list([MarkdownItem])
  case table(MarkdownTable)
}

/// An item of a list.
struct MarkdownItem: Sendable {
  /// `•`, `3.`, `☑`.
  var marker: String
  var blocks: [MarkdownBlock]

  /// Whether it has more than a paragraph and lists below it: the next item then keeps a distance. Decided by what
  /// came before alone, unlike CommonMark's loose lists, so that items already shown don't move apart.
  var isTall: Bool {
    blocks.dropFirst().contains {
      if case .list = $0 { return false }
      return true
    }
  }
}

/// A table; every row has as many cells as the header.
struct MarkdownTable: Sendable {
  enum Alignment: Sendable { case left, center, right }

  var alignments: [Alignment] = []
  var header: [[Line]] = []
  var rows: [[[Line]]] = []
}

extension Scope {
  static let heading: Scope = "heading"
  static let strong: Scope = "text.strong"
  static let dimmed: Scope = "text.dim"
  static let textLink: Scope = "text.link"
  static let inlineCode: Scope = "code"
  static let codeBlock: Scope = "code.block"
  static let quote: Scope = "quote"
  static let listMarker: Scope = "list.marker"
  static let tableBorder: Scope = "table.border"
  static let ruleLine: Scope = "rule"
}
