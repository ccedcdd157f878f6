extension LanguageTable {
  static let markdown = LanguageTable(
    "Markdown", aliases: ["md"], extensions: ["md", "markdown", "mdx", "mkd"], mode: .markdown)
}
