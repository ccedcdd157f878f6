extension LanguageTable {
  static let json = LanguageTable(
    "JSON", aliases: ["jsonc", "json5", "jsonl"],
    extensions: ["json", "jsonc", "json5", "jsonl", "ndjson", "webmanifest", "geojson"],
    fileNames: [".babelrc", ".eslintrc", ".prettierrc", "Package.resolved", "composer.lock"],
    constants: "true false null", comments: ["//"], blocks: [.c], strings: [.quoted("\"")],
    features: [.colonKeys])
}
