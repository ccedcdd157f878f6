import Glibc

/// Whether undo covers what commands change in a workspace.
public enum SnapshotCoverage: Hashable, Sendable {
  case full
  /// Edits of stet's own tools only.
  case edits(Reason, detail: String)

  /// Raw values are what clients are told.
  public enum Reason: String, Hashable, Sendable {
    case root, network, tooLarge, diskFull, unreadable, background, ignored, special
  }

  /// Why the files of a root are not looked at; nil for a root like any other.
  static func refusal(of root: String, limits: SnapshotLimits) -> SnapshotCoverage? {
    if let place = place(root, home: limits.home) {
      return .edits(
        .root, detail: "undo covers edits, not commands: \(root) is \(place); open a project's own folder")
    }
    if !limits.network, limits.fileSystem(root)?.isNetwork == true {
      return .edits(
        .network,
        detail:
          "undo covers edits, not commands: \(root) lies on a network file system (snapshot.network = true covers both)"
      )
    }
    return nil
  }

  /// What a directory is that holds more than one project.
  private static func place(_ root: String, home: String?) -> String? {
    if root == "/" { return "the root of the file system" }
    if root == "/tmp" || root == "/var/tmp" { return "a folder of temporary files" }
    if let home, home.utf8.count > 1 {
      let real = realPath(home)
      if root == real { return "your home folder" }
      if PathResolver.contains(root, real) { return "above your home folder" }
      for name in ["Desktop", "Documents", "Downloads"] where root == PathResolver.join(real, name) {
        return "your \(name) folder"
      }
    }
    var here = stat()
    var above = stat()
    if lstat(root, &here) == 0, lstat(PathResolver.split(root).directory, &above) == 0,
      here.st_dev != above.st_dev
    {
      return "the root of a mounted file system"
    }
    return nil
  }
}

/// A path with its links followed; as it is where that can't be done.
private func realPath(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// Something of a workspace that undo does not cover, to be said once.
public struct CoverageNotice: Hashable, Sendable {
  public let reason: SnapshotCoverage.Reason
  /// One sentence.
  public let text: String
}
