import Glibc

/// Ignored files that undo covers all the same (`snapshot.include`): a name counts in every directory that is looked
/// into, a path from the workspace also in ignored ones. `*` and `?` stand for what they do in a shell.
struct IncludedPaths {
  private let names: [String]
  private let paths: [[String]]

  init(_ patterns: [String]) {
    names = patterns.filter { !$0.utf8.contains(UInt8(ascii: "/")) }
    paths = patterns.filter { $0.utf8.contains(UInt8(ascii: "/")) }.map(PathResolver.components)
  }

  /// Whether an ignored path is covered, or leads to one that is.
  func covers(_ path: String, isDirectory: Bool) -> Bool {
    if names.isEmpty, paths.isEmpty { return false }
    let parts = PathResolver.components(path)
    if parts.contains(where: { part in names.contains { fnmatch($0, part, 0) == 0 } }) { return true }
    return paths.contains { pattern in
      // Below a directory that is named, or on the way to it.
      guard parts.count >= pattern.count || isDirectory else { return false }
      return zip(pattern, parts).allSatisfy { fnmatch($0, $1, 0) == 0 }
    }
  }
}
