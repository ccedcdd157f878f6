import StetWorkspace

/// Files for the `@` completion: the names below the directory that git does not ignore, best match first.
/// Blocks; call it off the loop.
struct FileFinder: Sendable {
  /// Names that are looked through; a larger tree completes from its first part.
  private static let nameLimit = 50_000
  /// Suggestions of one query.
  private static let answerLimit = 50

  let directory: String

  /// Relative paths whose characters contain the query's in order; for an empty query the shortest ones.
  func find(_ query: String) -> [String] {
    guard FuzzyMatcher(query).isEmpty else {
      // What the repository ignores is rarely named by hand and would bury the rest.
      return FileSearch(roots: [directory], includingGit: false, limit: Self.nameLimit)?
        .find(query, limit: Self.answerLimit)?.filter { !$0.isDirectory }.map(\.path) ?? []
    }
    do {
      let names = try Workspace(root: directory).walk(limit: Self.nameLimit).paths
      return Array(names.sorted { ($0.count, $0) < ($1.count, $1) }.prefix(Self.answerLimit))
    } catch {
      // A directory that can't be read completes nothing; the commands in it say why.
      return []
    }
  }
}
