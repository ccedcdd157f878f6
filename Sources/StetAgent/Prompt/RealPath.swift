import Glibc

/// Real paths of directories.
enum RealPath {
  /// With all links followed; what does not exist is only tidied up as text.
  static func of(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return PathText.normalized(path) }
    defer { free(real) }
    return String(cString: real)
  }
}
