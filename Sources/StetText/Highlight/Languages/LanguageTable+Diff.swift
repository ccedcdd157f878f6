extension LanguageTable {
  static let diff = LanguageTable(
    "Diff", aliases: ["patch", "udiff"], extensions: ["diff", "patch"], mode: .diff)
}
