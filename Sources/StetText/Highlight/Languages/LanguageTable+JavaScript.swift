extension LanguageTable {
  static let javaScript = LanguageTable(
    "JavaScript", aliases: ["js", "node"], extensions: ["js", "mjs", "cjs"],
    keywords: """
      as async await break case catch class const continue debugger default delete do else export
      extends finally for from function get if import in instanceof let new of return set static
      super switch throw try typeof var void while with yield
      """,
    types: "",
    constants: "true false null undefined NaN Infinity this globalThis",
    comments: ["//"], blocks: [.c],
    strings: [
      .quoted("\""), .quoted("'"), .quoted("`", spansLines: true, interpolation: ("${", "}")),
    ],
    sigils: ["@": .attribute], wordBytes: "$", definers: ("function", "class"),
    features: [.capitals, .calls, .regex])
}
