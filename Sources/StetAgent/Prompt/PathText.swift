/// Paths as text: absolute, `/`-separated, without looking at the disk.
enum PathText {
  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  static func join(_ directory: String, _ name: String) -> String {
    if name.hasPrefix("/") { return name }
    return directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }

  /// Resolves `.`, `..` and doubled slashes textually.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// `directory` and its ancestors, nearest first, ending with `/`.
  static func ancestors(_ directory: String) -> [String] {
    var result = [directory]
    var current = directory
    while current != "/" && current != "." {
      current = parent(current)
      result.append(current)
    }
    return result
  }
}
