/// Where each command of a script may run: `cd` takes what follows it elsewhere, and rules of a project with it (S4).
enum ScriptPlaces {
  /// Directories that are followed at once; who changes more often goes anywhere.
  private static let limit = 8

  /// Builtins that change the directory, or run what may.
  private static let movers: Set<String> = [
    "cd", "chdir", "pushd", "popd", "builtin", "command", "eval", "source", ".",
  ]

  /// For each command the real paths of which it runs in one: a `cd` may have failed, or stood in a pipe. Nil: anywhere.
  ///
  /// A change is followed only at the beginning: what runs before a later one may have put a link in its place.
  ///
  /// - Parameter cwd: real path of the directory the script begins in.
  static func of(_ script: ShellScript, cwd: String) -> [[String]?] {
    var places: [String]? = [cwd]
    var onlyMoved = true
    return script.commands.map { words in
      let now = places
      guard let name = words.first, movers.contains(name) else {
        onlyMoved = false
        return now
      }
      let target = onlyMoved && name == "cd" && !script.hasPatterns ? target(words) : nil
      places = target.flatMap { target in
        now.map { $0 + $0.map { RealPath.of(PathText.join($0, target)) } }
      }
      if let count = places?.count, count > limit { places = nil }
      return now
    }
  }

  /// Where a plain `cd PATH` goes. Where `..` leads depends on the links by which the shell came to its directory.
  private static func target(_ words: [String]) -> String? {
    guard words.count == 2, let path = words.last, !path.isEmpty, !path.hasPrefix("-"),
      !path.split(separator: "/").contains("..")
    else { return nil }
    return path
  }
}
