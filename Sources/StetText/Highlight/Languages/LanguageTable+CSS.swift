extension LanguageTable {
  static let css = LanguageTable(
    "CSS", aliases: ["scss", "less", "sass"], extensions: ["css", "scss", "less"],
    keywords: "and from not only or to",
    constants: "auto block flex grid inherit initial inline none transparent unset revert currentColor",
    comments: ["//"], blocks: [.c], strings: [.quoted("\""), .quoted("'")],
    sigils: ["@": .keyword, ".": .type, "#": .constant, "$": .variable], wordBytes: "-",
    features: [.calls, .colonKeys], mode: .css)
}
