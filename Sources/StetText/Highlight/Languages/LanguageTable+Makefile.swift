extension LanguageTable {
  static let makefile = LanguageTable(
    "Makefile", aliases: ["make", "mk"], extensions: ["mk", "mak"],
    fileNames: ["Makefile", "GNUmakefile", "makefile"],
    keywords: """
      define else endef endif export ifdef ifeq ifndef ifneq include override private undefine
      unexport vpath
      """,
    comments: ["#"], strings: [.quoted("\"", hasVariables: true), .quoted("'", hasVariables: true)],
    wordBytes: "-./%", features: [.dollar, .spacedComments], mode: .make)
}
