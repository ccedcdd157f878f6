import Glibc

/// The files below a directory.
public struct FileWalk: Hashable, Sendable {
  /// Regular files and links, relative to the workspace's root, each directory's names in byte order.
  public let paths: [String]
  /// Whether the limit cut the list.
  public let truncated: Bool
}

extension Workspace {
  /// Enough for a file picker and a search; a workspace with more is searched by narrower paths.
  public static let walkLimit = 200_000
  /// Directories nested deeper than this are a loop or an attack.
  static let walkDepth = 128

  /// Lists the files below a directory of the workspace (default: its root), breadth last, without `.git`
  /// and, unless `includeIgnored`, without what git ignores. Links are listed, never followed; other file
  /// systems are entered. `each` is asked before every directory: answering false stops the walk (a
  /// cancelled search).
  public func walk(
    from start: String? = nil, includeIgnored: Bool = false, limit: Int = Workspace.walkLimit,
    continuing each: () -> Bool = { true }
  ) throws(WorkspaceError) -> FileWalk {
    let from = try resolve(start ?? root)
    guard from.targetInside else {
      throw WorkspaceError(.outside, "\(from.target) lies outside of the workspace", path: from.target)
    }
    let rules = includeIgnored ? nil : try IgnoreRules.covering(from.target, root: root)
    var paths: [String] = []
    // Paths and not descriptors: a directory may have more directories than a process may have open.
    var pending = [(path: from.target, depth: 0)]
    while let (path, depth) = pending.popLast() {
      guard each() else { return FileWalk(paths: paths, truncated: true) }
      guard let (directory, names) = try Self.contents(path, isStart: depth == 0) else { continue }
      var below: [(String, Int)] = []
      for name in names where name != ".git" {
        guard let info = try directory.status(name) else { continue }
        let path = directory.full(name)
        switch fileKind(ofMode: info.st_mode) {
        case .directory where depth < Self.walkDepth:
          if try rules?.ignores(path + "/") != true { below.append((path, depth + 1)) }
        case .regular, .symlink:
          if try rules?.ignores(path) == true { continue }
          guard paths.count < limit else { return FileWalk(paths: paths, truncated: true) }
          paths.append(relative(path) ?? path)
        default: break
        }
      }
      pending.append(contentsOf: below.reversed())
    }
    return FileWalk(paths: paths, truncated: false)
  }

  /// A directory that may not be listed, or went away, has no files for us; the start of a walk must be
  /// there.
  private static func contents(
    _ path: String, isStart: Bool
  ) throws(WorkspaceError) -> (DirectoryHandle, [String])? {
    do {
      let directory = try DirectoryHandle.open(path)
      return (directory, try directory.names(limit: walkLimit).names)
    } catch {
      if isStart { throw error }
      return nil
    }
  }
}
