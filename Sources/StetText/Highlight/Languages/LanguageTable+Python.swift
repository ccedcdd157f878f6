extension LanguageTable {
  /// Every prefix with every quote; the longer quotes come first.
  private static let pythonStrings: [StringRule] = {
    var rules: [StringRule] = []
    for quote in ["\"\"\"", "'''", "\"", "'"] {
      for prefix in ["f", "F", "rf", "fr", "r", "R", "b", "B", "rb", "br", "u", ""] {
        let isFormat = prefix.lowercased().contains("f")
        rules.append(
          .quoted(
            quote, escape: prefix.lowercased().contains("r") ? nil : "\\", spansLines: quote.count == 3,
            interpolation: isFormat ? ("{", "}") : nil, prefix: prefix))
      }
    }
    return rules
  }()

  static let python = LanguageTable(
    "Python", aliases: ["py", "python3"], extensions: ["py", "pyi", "pyw"],
    fileNames: ["SConstruct", "wscript"],
    keywords: """
      and as assert async await break case class continue def del elif else except finally for
      from global if import in is lambda match nonlocal not or pass raise return try while with
      yield
      """,
    types: """
      bool bytearray bytes complex dict float frozenset int list memoryview object set str tuple
      type
      """,
    constants: "True False None self cls NotImplemented Ellipsis __name__ __file__",
    functions: """
      abs all any callable chr dir divmod enumerate eval exec filter format getattr hasattr hash
      hex id input isinstance issubclass iter len map max min next oct open ord pow print range
      repr reversed round setattr sorted sum super vars zip
      """,
    comments: ["#"], strings: pythonStrings, sigils: ["@": .attribute], definers: ("def", "class"),
    features: [.capitals, .calls])
}
