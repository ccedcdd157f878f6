extension LanguageTable {
  static let yaml = LanguageTable(
    "YAML", aliases: ["yml"], extensions: ["yaml", "yml"], fileNames: [".clang-format", ".clang-tidy"],
    constants: "true false null yes no on off True False Null Yes No On Off TRUE FALSE NULL", comments: ["#"],
    strings: [.quoted("\"", spansLines: true), .quoted("'", escape: nil, spansLines: true, doubles: true)],
    sigils: ["&": .variable, "*": .variable, "!": .type], wordBytes: "-./",
    features: [.colonKeys, .spacedComments], mode: .yaml)
}
