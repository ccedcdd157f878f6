import Glibc
import StetWorkspace

/// Files for the `@` completion: the names below the directory that git does not ignore, best match first and, of
/// equally good ones, those first that were changed last. Blocks; call it off the loop.
struct FileFinder: Sendable {
  /// Names that are looked through; a larger tree completes from its first part.
  private static let nameLimit = 50_000
  /// Suggestions of one query.
  private static let answerLimit = 50
  /// Matches among which the newest are looked for.
  private static let matchLimit = 500

  let directory: String

  /// Relative paths whose characters contain the query's in order; for an empty query those that were changed last.
  func find(_ query: String) -> [String] {
    guard FuzzyMatcher(query).isEmpty else {
      // What the repository ignores is rarely named by hand and would bury the rest.
      let matches =
        FileSearch(roots: [directory], includingGit: false, limit: Self.nameLimit)?
        .find(query, limit: Self.matchLimit)?.filter { !$0.isDirectory } ?? []
      return newest(matches.map { ($0.path, $0.score) })
    }
    do {
      return newest(try Workspace(root: directory).walk(limit: Self.nameLimit).paths.map { ($0, 0) })
    } catch {
      // A directory that can't be read completes nothing; the commands in it say why.
      return []
    }
  }

  /// By score, then by the time of the last change, then by the shorter name.
  private func newest(_ paths: [(path: String, score: Int)]) -> [String] {
    let dated = paths.map { (path: $0.path, score: $0.score, changed: changed($0.path)) }
    let sorted = dated.sorted { left, right in
      if left.score != right.score { return left.score > right.score }
      if left.changed != right.changed { return left.changed > right.changed }
      return (left.path.utf8.count, left.path) < (right.path.utf8.count, right.path)
    }
    return sorted.prefix(Self.answerLimit).map(\.path)
  }

  /// Nanoseconds since 1970; 0 for what is gone.
  private func changed(_ path: String) -> Int {
    var status = stat()
    guard lstat(directory + "/" + path, &status) == 0 else { return 0 }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }
}
