extension LanguageTable {
  static let kotlin = LanguageTable(
    "Kotlin", aliases: ["kt", "kts"], extensions: ["kt", "kts"],
    keywords: """
      abstract actual annotation as break by catch class companion const constructor continue
      crossinline data do else enum expect external final finally for fun get if import in infix
      init inline inner interface internal is lateinit noinline object open operator out override
      package private protected public reified return sealed set suspend tailrec throw try
      typealias val value var vararg when where while
      """,
    constants: "true false null this super it",
    comments: ["//"], blocks: [.nested],
    strings: [
      .quoted("\"\"\"", escape: nil, spansLines: true, interpolation: ("${", "}"), hasVariables: true),
      .quoted("\"", interpolation: ("${", "}"), hasVariables: true), .quoted("'"),
    ],
    sigils: ["@": .attribute], definers: ("fun", "class interface object typealias"),
    features: [.capitals, .calls])
}
