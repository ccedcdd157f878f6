import Glibc

/// Finds programs as execvp does, but in the PATH that the child will have.
enum Executable {
  /// The path to run for `name`: itself if it holds a slash, else the first hit in `path`; nil if there is none.
  /// Relative PATH entries are skipped: which program runs must not depend on the working directory.
  static func find(_ name: String, path: String?) -> String? {
    if name.utf8.contains(UInt8(ascii: "/")) { return name }
    guard !name.isEmpty else { return nil }
    for entry in (path ?? defaultPath).split(separator: ":") where entry.hasPrefix("/") {
      let candidate = "\(entry)/\(name)"
      if isExecutableFile(candidate) { return candidate }
    }
    return nil
  }

  /// Where POSIX utilities are when PATH is unset.
  static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

  private static func isExecutableFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
