import Glibc

/// The few path operations that configuration needs.
public enum Path {
  static func join(_ base: String, _ name: String) -> String {
    base.hasSuffix("/") ? base + name : "\(base)/\(name)"
  }

  /// The folder a path lies in; "/" for the root.
  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Absolute, without `~`, `.`, `..` and doubled slashes; links are not followed. A relative path counts from the
  /// current directory, or from the root once that is gone.
  static func absolute(_ path: String) -> String {
    var full = path
    if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") {
      full = String(cString: home) + path.dropFirst()
    } else if !path.hasPrefix("/") {
      let buffer = getcwd(nil, 0)
      defer { free(buffer) }
      full = join(buffer.map { String(cString: $0) } ?? "/", path)
    }
    var parts: [Substring] = []
    for part in full.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The path with all links followed, or the cleaned path if it does not exist.
  static func real(_ path: String) -> String {
    guard let buffer = realpath(path, nil) else { return absolute(path) }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// Absolute and clean, with the links followed that lead to where it lies, not the one that it may be. What does not
  /// exist (any more) stays as it is spelled.
  public static func located(_ path: String) -> String {
    let full = absolute(path)
    guard let slash = full.lastIndex(of: "/"), full != "/" else { return full }
    let folder = parent(full)
    return join(exists(folder) ? real(folder) : located(folder), String(full[full.index(after: slash)...]))
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
