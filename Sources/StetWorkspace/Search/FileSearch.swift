/// The files below some directories, gathered once and searched by what somebody types.
///
/// Blocks; use a `WorkspaceThread`.
public struct FileSearch: Sendable {
  /// Paths of one directory that are looked through; a larger tree is searched in its first part.
  public static let pathLimit = 200_000
  /// Paths below `.git` that are looked through: hooks, configuration and refs, not the object store.
  static let gitLimit = 10_000
  /// Between looks whether anybody still wants to know.
  private static let patience = 1_024

  /// One path that matches.
  public struct Match: Hashable, Sendable {
    public let root: String
    /// Relative to the root.
    public let path: String
    public let isDirectory: Bool
    /// Higher is better.
    public let score: Int
    /// Which of the path's Unicode scalars matched.
    public let indices: [Int]
  }

  private struct Candidate: Sendable {
    let root: Int
    let path: String
    let isDirectory: Bool
  }

  private let roots: [String]
  private let candidates: [Candidate]

  /// Gathers what git does not ignore, and `.git` itself if asked for. A root that can't be read has no files. Nil: not
  /// `continuing`.
  public init?(
    roots: [String], includingGit: Bool, limit: Int = pathLimit, continuing: () -> Bool = { true }
  ) {
    self.roots = roots
    var candidates: [Candidate] = []
    for (number, root) in roots.enumerated() {
      var known: Set<Substring> = []
      for path in Self.paths(root, includingGit, limit, continuing) {
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/") {
          parent = parent[..<slash]
          guard known.insert(parent).inserted else { break }
          candidates.append(Candidate(root: number, path: String(parent), isDirectory: true))
        }
        candidates.append(Candidate(root: number, path: path, isDirectory: false))
      }
      guard continuing() else { return nil }
    }
    self.candidates = candidates
  }

  /// The best matches, best first; equally good ones by path. Nil: not `continuing`. An empty query matches nothing.
  public func find(_ query: String, limit: Int, continuing: () -> Bool = { true }) -> [Match]? {
    let matcher = FuzzyMatcher(query)
    guard !matcher.isEmpty else { return [] }
    var found: [(score: Int, candidate: Int)] = []
    for (number, candidate) in candidates.enumerated() {
      if number % Self.patience == 0, !continuing() { return nil }
      if let score = matcher.score(candidate.path) { found.append((score, number)) }
    }
    found.sort { first, second in
      if first.score != second.score { return first.score > second.score }
      return bytewise(candidates[first.candidate].path, candidates[second.candidate].path)
    }
    return found.prefix(limit).map { score, number in
      let candidate = candidates[number]
      return Match(
        root: roots[candidate.root], path: candidate.path, isDirectory: candidate.isDirectory, score: score,
        indices: matcher.match(candidate.path)?.indices ?? [])
    }
  }

  // MARK: - Parts

  private static func paths(
    _ root: String, _ includingGit: Bool, _ limit: Int, _ continuing: () -> Bool
  ) -> [String] {
    do throws(WorkspaceError) {
      let workspace = try Workspace(root: root)
      let paths = try workspace.walk(limit: limit, continuing: continuing).paths
      return includingGit ? paths + gitPaths(workspace, continuing) : paths
    } catch {
      return []
    }
  }

  /// Of the object store and what else has names that nobody types, nothing.
  private static func gitPaths(_ workspace: Workspace, _ continuing: () -> Bool) -> [String] {
    let git = PathResolver.join(workspace.root, ".git")
    var paths: [String] = []
    do throws(WorkspaceError) {
      for entry in try workspace.listDirectory(git).entries {
        if entry.kind == .regular { paths.append(".git/" + entry.name) }
        guard entry.kind == .directory, !["objects", "lfs", "modules"].contains(entry.name) else { continue }
        paths += try workspace.walk(
          from: PathResolver.join(git, entry.name), includeIgnored: true, limit: gitLimit,
          continuing: continuing
        ).paths
      }
    } catch {
      // No repository here, or one that may not be read: it has nothing to find.
      return paths
    }
    return paths
  }
}
