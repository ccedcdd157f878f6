extension LanguageTable {
  static let swift = LanguageTable(
    "Swift", extensions: ["swift", "swiftinterface"],
    keywords: """
      actor any as associatedtype async await borrowing break case catch class consume consuming
      continue convenience default defer deinit didSet distributed do dynamic each else enum
      extension fallthrough fileprivate final for func get guard if import in indirect infix init
      inout internal is isolated lazy let macro mutating nonisolated nonmutating open operator
      optional override package postfix precedencegroup prefix private protocol public repeat
      required rethrows return sending set some static struct subscript super switch throw throws
      try typealias unowned var weak where while willSet yield
      """,
    constants: "true false nil self Self",
    comments: ["//"], blocks: [.nested],
    strings: [
      .quoted("\"\"\"", spansLines: true, interpolation: ("\\(", ")")),
      .quoted("\"", interpolation: ("\\(", ")")),
    ],
    sigils: ["@": .attribute, "#": .attribute, "$": .variable],
    definers: ("func macro", "class struct enum protocol actor extension typealias associatedtype"),
    features: [.capitals, .calls, .hashStrings])
}
