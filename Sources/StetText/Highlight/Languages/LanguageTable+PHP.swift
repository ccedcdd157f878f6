extension LanguageTable {
  static let php = LanguageTable(
    "PHP", extensions: ["php", "phtml", "php5"],
    keywords: """
      abstract and array as break callable case catch class clone const continue declare default
      do echo else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum extends
      final finally fn for foreach function global goto if implements include include_once
      instanceof insteadof interface isset list match namespace new or print private protected
      public readonly require require_once return static switch throw trait try unset use var
      while xor yield
      """,
    types: "bool float int iterable mixed never object string void",
    constants: "true false null self parent TRUE FALSE NULL",
    comments: ["//", "#"], blocks: [.c],
    strings: [
      .quoted("\"", spansLines: true, interpolation: ("{", "}"), hasVariables: true),
      .quoted("'", spansLines: true),
    ],
    definers: ("function", "class interface trait enum"), features: [.capitals, .calls, .dollar, .heredocs])
}
