extension LanguageTable {
  static let html = LanguageTable(
    "HTML", aliases: ["xml", "svg", "xhtml", "vue", "svelte"],
    extensions: ["html", "htm", "xhtml", "xml", "svg", "vue", "svelte", "plist", "xsd", "xsl"],
    blocks: [.from("<!--", to: "-->")], mode: .markup)
}
