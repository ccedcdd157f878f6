import FoundationEssentials

/// The project's own files, found from where this test lies.
enum Repository {
  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  static func folders(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root + "/" + path).filter { !$0.hasPrefix(".") }
      .sorted()
  }

  static func swiftFiles(in path: String) throws -> [(path: String, text: String)] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: root + "/" + path)
    return try all.filter { $0.hasSuffix(".swift") }.sorted().map {
      (path + "/" + $0, try text(path + "/" + $0))
    }
  }

  /// The modules that a source file imports, whatever attributes or kinds stand before the name.
  static func imports(of source: String) -> Set<String> {
    var found: Set<String> = []
    for line in source.split(separator: "\n") where line.contains("import ") {
      var words = line.split(separator: " ")
      while let first = words.first,
        first.hasPrefix("@") || ["public", "package", "internal", "private"].contains(first)
      {
        words.removeFirst()
      }
      guard words.first == "import", words.count > 1 else { continue }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      found.insert(String(name.prefix { $0 != "." }))
    }
    return found
  }

  static func quoted(in text: String) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
