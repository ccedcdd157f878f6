import Glibc

/// `stet-launcher`: does inside bubblewrap what `SandboxExec` does, and starts in a tenth of its time.
///
/// Where it is not, stet itself takes its place: the walls are the same, each command begins some milliseconds later,
/// and `stet doctor` says so.
enum QuickLauncher {
  /// Beside stet in a build, in libexec where it was installed.
  private static let places = ["stet-launcher", "../libexec/stet/stet-launcher"]

  /// The real path of the launcher that came with `program`, which is stet; nil if there is none.
  static func find(beside program: String) -> String? {
    guard let slash = program.lastIndex(of: "/") else { return nil }
    for place in places {
      guard let path = realPath(program[...slash] + place) else { continue }
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 { return path }
    }
    return nil
  }
}
