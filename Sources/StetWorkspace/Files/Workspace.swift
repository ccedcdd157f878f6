import Glibc

/// A directory that a thread works in: resolves, reads, lists and walks. It writes nothing.
///
/// Blocks; use `WorkspaceThread`.
public final class Workspace: Sendable {
  /// The largest file that is read at once; also the bound of a pre-image (rollback.md, limits).
  public static let readLimit = 128 << 20
  /// The most entries of one directory listing: enough for any source tree, bounded for a cache directory.
  public static let listLimit = 20_000

  /// The real path of the directory.
  public let root: String

  public init(root: String) throws(WorkspaceError) {
    var resolver = PathResolver()
    let real = try resolver.resolved(try Self.absolute(root, from: nil))
    _ = try DirectoryHandle.open(real)
    self.root = real
  }

  /// Where a path leads.
  public struct Location: Hashable, Sendable {
    /// Absolute; every parent resolved, the last component as it is.
    public let path: String
    /// The last component followed as well; equal to `path` when it is no link.
    public let target: String
    public let isLink: Bool
    /// Whether `path` lies in the workspace.
    public let inside: Bool
    /// Whether `target` lies in the workspace.
    public let targetInside: Bool
    /// `path` from the root, nil outside of it; "." for the root itself.
    public let relative: String?
  }

  /// Resolves a path as the kernel would, existing or not. `cwd` is the base of relative paths (default:
  /// the root).
  public func resolve(_ path: String, from cwd: String? = nil) throws(WorkspaceError) -> Location {
    let absolute = try Self.absolute(path, from: cwd ?? root)
    var resolver = PathResolver()
    let place = try resolver.parentResolved(absolute)
    let target = try resolver.resolved(place)
    return Location(
      path: place, target: target, isLink: PathResolver.linkTarget(place) != nil,
      inside: PathResolver.contains(root, place), targetInside: PathResolver.contains(root, target),
      relative: relative(place))
  }

  /// The path from the root; nil for a path outside of it.
  public func relative(_ path: String) -> String? {
    guard PathResolver.contains(root, path) else { return nil }
    let rest = path.utf8.dropFirst(root == "/" ? 1 : root.utf8.count + 1)
    return rest.isEmpty ? "." : String(decoding: rest, as: UTF8.self)
  }

  /// What is at a resolved absolute path; the last component is never followed, a link on the way is an
  /// error. An absent file (also for want of its directory) is a state, not an error. At most `limit`
  /// bytes.
  public func read(_ path: String, limit: Int = Workspace.readLimit) throws(WorkspaceError) -> FileState {
    try Self.state(at: path, limit: limit)
  }

  static func state(at path: String, limit: Int = Workspace.readLimit) throws(WorkspaceError) -> FileState {
    let (directory, name) = PathResolver.split(path)
    if name.isEmpty { return .directory() }
    let handle: DirectoryHandle
    do { handle = try DirectoryHandle.open(directory) } catch  where error.code == .notFound {
      return .absent
    }
    return try handle.read(name, limit: limit)
  }

  private static func absolute(_ path: String, from cwd: String?) throws(WorkspaceError) -> String {
    guard !path.isEmpty else { throw WorkspaceError(.badPath, "The path is empty") }
    guard !path.utf8.contains(0) else { throw WorkspaceError(.badPath, "The path holds a NUL") }
    guard path.utf8.count < Int(PATH_MAX) else { throw WorkspaceError(.badPath, "The path is too long") }
    if path.hasPrefix("/") { return path }
    if let cwd { return PathResolver.join(cwd, path) }
    guard let here = getcwd(nil, 0) else {
      throw systemError("Cannot find the current directory", errno)
    }
    defer { free(here) }
    return PathResolver.join(String(cString: here), path)
  }
}
