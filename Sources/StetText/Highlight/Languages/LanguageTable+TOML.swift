extension LanguageTable {
  static let toml = LanguageTable(
    "TOML", extensions: ["toml"], fileNames: ["Cargo.lock", "poetry.lock", "uv.lock", "Pipfile"],
    constants: "true false inf nan", comments: ["#"],
    strings: [
      .quoted("\"\"\"", spansLines: true), .quoted("'''", escape: nil, spansLines: true), .quoted("\""),
      .quoted("'", escape: nil),
    ],
    wordBytes: "-.", features: [.equalsKeys], mode: .toml)
}
