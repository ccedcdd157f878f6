/// A language that the highlighter knows.
public struct Language: Hashable, Sendable {
  let index: Int

  /// Its name, such as `TypeScript`.
  public var name: String { table.name }

  var table: LanguageTable { LanguageTable.all[index] }

  /// All languages, by name.
  public static var all: [Language] { LanguageTable.all.indices.map { Language(index: $0) } }

  /// The language of a file, by its name or the extension of its name; letter case is ignored.
  public static func forPath(_ path: String) -> Language? {
    let file = String(path.utf8.split(separator: 0x2F).last.map { Substring($0) } ?? "").lowercased()
    if let index = LanguageTable.byFileName[file] { return Language(index: index) }
    if file.hasPrefix("dockerfile.") { return forFence("dockerfile") }
    guard let dot = file.lastIndex(of: ".") else { return nil }
    return LanguageTable.byExtension[String(file[file.index(after: dot)...])].map { Language(index: $0) }
  }

  /// The language of a code block, by the first word behind the fence: a name, an alias or a file extension.
  public static func forFence(_ info: String) -> Language? {
    let word = info.utf8.prefix { $0 != 0x20 && $0 != 0x2C && $0 != 0x7B && $0 != 0x09 }
    let name = String(Substring(word)).lowercased()
    let index = LanguageTable.byAlias[name] ?? LanguageTable.byExtension[name]
    return index.map { Language(index: $0) }
  }
}

extension LanguageTable {
  static let all: [LanguageTable] = [
    .c, .cPlusPlus, .css, .diff, .dockerfile, .go, .html, .java, .javaScript, .json, .jsx, .kotlin, .lua,
    .makefile,
    .markdown, .php, .python, .ruby, .rust, .shell, .sql, .swift, .toml, .typeScript, .yaml,
  ]

  static let byAlias = index { [$0.name.lowercased()] + $0.aliases }
  static let byExtension = index(\.extensions)
  static let byFileName = index { $0.fileNames.map { $0.lowercased() } }

  private static func index(_ names: (LanguageTable) -> [String]) -> [String: Int] {
    var result: [String: Int] = [:]
    for (index, table) in all.enumerated() {
      for name in names(table) { result[name] = index }
    }
    return result
  }
}
