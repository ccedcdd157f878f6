import Glibc

/// Resolves links and `..` as the kernel does, also on paths that do not exist (yet).
///
/// A path is judged by where it leads, never by its spelling: `link/../x` is beside the link's target.
struct PathResolver {
  /// As the kernel: more links than this is a loop.
  static let linkLimit = 40

  private(set) var linksLeft = PathResolver.linkLimit

  /// The absolute path with every parent resolved and the last component left as it is.
  mutating func parentResolved(_ path: String) throws(WorkspaceError) -> String {
    let parts = Self.components(path)
    guard let last = parts.last else { return "/" }
    // A trailing dot names a directory: it can't be left as it is.
    if last == "." || last == ".." { return try resolved(path) }
    let parent = try resolve(parts.dropLast(), path: path)
    return Self.join(parent, last)
  }

  /// The absolute path with every component resolved.
  mutating func resolved(_ path: String) throws(WorkspaceError) -> String {
    try resolve(Self.components(path)[...], path: path)
  }

  private mutating func resolve(_ parts: ArraySlice<String>, path: String) throws(WorkspaceError) -> String {
    var done: [String] = []
    var pending = Array(parts.reversed())
    while let part = pending.popLast() {
      if part == "." { continue }
      if part == ".." {
        _ = done.popLast()
        continue
      }
      let here = "/" + (done + [part]).joined(separator: "/")
      guard let target = Self.linkTarget(here) else {
        done.append(part)
        continue
      }
      linksLeft -= 1
      if linksLeft < 0 {
        throw WorkspaceError(.badPath, "Too many symbolic links in \(path)", path: path)
      }
      if target.hasPrefix("/") { done = [] }
      pending.append(contentsOf: Self.components(target).reversed())
    }
    return "/" + done.joined(separator: "/")
  }

  static func components(_ path: String) -> [String] {
    path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory == "/" ? "/" + name : directory + "/" + name
  }

  static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let directory = String(path[..<slash])
    return (directory.isEmpty ? "/" : directory, String(path[path.index(after: slash)...]))
  }

  /// Whether a regular file has the name of a directory above a path.
  static func isBelowFile(_ path: String) -> Bool {
    for built in parents(path) {
      var info = stat()
      guard lstat(built, &info) == 0 else { return false }
      if fileKind(ofMode: info.st_mode) != .directory { return fileKind(ofMode: info.st_mode) == .regular }
    }
    return false
  }

  /// The directories above an absolute path, outermost first.
  static func parents(_ path: String) -> [String] {
    var parents: [String] = []
    var built = ""
    for name in components(path).dropLast() {
      built += "/" + name
      parents.append(built)
    }
    return parents
  }

  /// The target of a link, nil for everything else.
  static func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a resolved path is the resolved directory or lies below it. By bytes: Swift's string comparison
  /// would take canonically equivalent names for equal.
  static func contains(_ directory: String, _ path: String) -> Bool {
    let root = Array(directory.utf8)
    let bytes = Array(path.utf8)
    if root == [UInt8(ascii: "/")] || bytes == root { return true }
    return bytes.count > root.count && bytes.starts(with: root) && bytes[root.count] == UInt8(ascii: "/")
  }
}
