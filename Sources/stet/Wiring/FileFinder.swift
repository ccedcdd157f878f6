import StetWorkspace

/// Files for the `@` completion: the names below the directory that git does not ignore, best match first.
/// Blocks; call it off the loop.
struct FileFinder: Sendable {
  /// Names that are looked through; a larger tree completes from its first part.
  private static let nameLimit = 50_000
  /// Suggestions of one query.
  private static let answerLimit = 50

  let directory: String

  /// Relative paths whose characters contain the query's in order.
  func find(_ query: String) -> [String] {
    let wanted = Array(query.lowercased())
    let scored = names().compactMap { path -> (score: Int, path: String)? in
      guard let score = Self.score(path, wanted) else { return nil }
      return (score, path)
    }
    return scored.sorted { ($0.score, $0.path) < ($1.score, $1.path) }.prefix(Self.answerLimit).map(\.path)
  }

  private func names() -> [String] {
    do {
      // What the repository ignores is rarely named by hand and would bury the rest.
      return try Workspace(root: directory).walk(limit: Self.nameLimit).paths
    } catch {
      // A directory that can't be read completes nothing; the commands in it say why.
      return []
    }
  }

  /// Lower is better: gaps between matched characters, and length; a match in the file's name counts double.
  private static func score(_ path: String, _ wanted: [Character]) -> Int? {
    guard !wanted.isEmpty else { return path.count }
    var next = 0
    var gaps = 0
    var last = -1
    for (index, character) in path.lowercased().enumerated()
    where next < wanted.count && character == wanted[next] {
      gaps += last >= 0 ? index - last - 1 : 0
      last = index
      next += 1
    }
    guard next == wanted.count else { return nil }
    let name = path.split(separator: "/").last.map(String.init)?.lowercased() ?? path
    let inName = name.firstRange(of: wanted) != nil ? 0 : 20
    return gaps * 2 + inName + path.count / 4
  }
}
