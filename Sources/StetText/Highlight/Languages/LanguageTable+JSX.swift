extension LanguageTable {
  static let jsx = LanguageTable(
    "JSX", aliases: ["tsx", "react"], extensions: ["jsx", "tsx"],
    keywords: """
      as async await break case catch class const continue debugger default delete do else export
      extends finally for from function get if import in instanceof let new of return set static
      super switch throw try typeof var void while with yield abstract accessor asserts declare
      enum implements infer interface is keyof module namespace out override private protected
      public readonly satisfies type unique
      """,
    types: "any bigint boolean never number object string symbol unknown void",
    constants: "true false null undefined NaN Infinity this globalThis",
    comments: ["//"], blocks: [.c],
    strings: [
      .quoted("\""), .quoted("'"), .quoted("`", spansLines: true, interpolation: ("${", "}")),
    ],
    sigils: ["@": .attribute], wordBytes: "$", definers: ("function", "class interface type enum namespace"),
    features: [.capitals, .calls, .regex, .jsx])
}
