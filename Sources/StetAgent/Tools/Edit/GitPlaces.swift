import Glibc

/// Git directories whatever they are called: bare repositories, those that a `.git` file leads to, work trees of them.
/// What is in one can make git run something (S6).
struct GitPlaces {
  /// What makes git run something, or points it at another directory.
  private static let settings: Set<String> = ["hooks", "config", "config.worktree", "commondir"]
  /// What git takes a directory for a repository by.
  private static let marks: Set<String> = ["HEAD", "objects", "refs", "commondir"]

  /// The real paths that are to be written, all of them: together they may make a git directory.
  let written: [String]

  /// The place of a git directory that a path beneath `root` writes and that is protected; nil if there is none.
  func protected(_ path: String, below root: String) -> String? {
    var directory = root == "/" ? "" : root
    let parts = path.utf8.dropFirst(directory.utf8.count).split(separator: UInt8(ascii: "/"))
    for part in parts.map({ String(Substring($0)) }) {
      let place = "\(directory)/\(part)"
      if Self.settings.contains(part), isGit(directory, with: written) { return place }
      // A directory with settings becomes one by this edit: from then on git obeys what lies there already.
      if Self.marks.contains(part), !isGit(directory, with: []), isGit(directory, with: written),
        Self.settings.contains(where: { has(directory, $0, with: written) })
      {
        return place
      }
      directory = place
    }
    return nil
  }

  private func isGit(_ directory: String, with written: [String]) -> Bool {
    guard has(directory, "HEAD", with: written) else { return false }
    return has(directory, "objects", with: written) && has(directory, "refs", with: written)
      || has(directory, "commondir", with: written)
  }

  /// Whether a name is there, or will be.
  private func has(_ directory: String, _ name: String, with written: [String]) -> Bool {
    let place = "\(directory)/\(name)"
    var status = stat()
    if lstat(place, &status) == 0 { return true }
    return written.contains { path in
      path.utf8.starts(with: place.utf8)
        && [nil, UInt8(ascii: "/")].contains(path.utf8.dropFirst(place.utf8.count).first)
    }
  }
}
