extension LanguageTable {
  static let java = LanguageTable(
    "Java", extensions: ["java"],
    keywords: """
      abstract assert break case catch class continue default do else enum extends final finally
      for goto if implements import instanceof interface native new non-sealed package permits
      private protected public record return sealed static strictfp super switch synchronized this
      throw throws transient try var void volatile while yield
      """,
    types: "boolean byte char double float int long short", constants: "true false null",
    comments: ["//"], blocks: [.c],
    strings: [.quoted("\"\"\"", spansLines: true), .quoted("\""), .quoted("'")], sigils: ["@": .attribute],
    definers: ("", "class interface enum record"), features: [.capitals, .calls])
}
