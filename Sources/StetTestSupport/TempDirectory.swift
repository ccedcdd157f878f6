import Glibc

/// An empty directory of its own for one test, removed with all it holds when the last reference goes.
public final class TempDirectory: Sendable {
  /// The real path: absolute, without symbolic links.
  public let path: String

  /// `parent` nil: `TMPDIR`, else `/tmp`.
  public init(_ name: String = "stet-test", in parent: String? = nil) {
    let parent = parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/\(name)-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template), let real = realpath(made, nil) else {
      fatalError("mkdtemp in \(parent): \(String(cString: strerror(errno)))")
    }
    path = String(cString: real)
    free(real)
  }

  deinit { Self.remove(path) }

  /// Removes a tree without following links.
  private static func remove(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    // A directory: a test may have closed it.
    chmod(path, 0o700)
    for name in list(path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// The absolute path of something inside.
  public func path(_ relative: String) -> String { "\(path)/\(relative)" }

  /// Writes a file and makes the directories that lead to it; returns its absolute path.
  @discardableResult
  public func write(_ relative: String, _ text: String, mode: mode_t = 0o644) -> String {
    write(relative, bytes: Array(text.utf8), mode: mode)
  }

  @discardableResult
  public func write(_ relative: String, bytes: [UInt8], mode: mode_t = 0o644) -> String {
    if let slash = relative.lastIndex(of: "/") { makeDirectory(String(relative[..<slash])) }
    let file = path(relative)
    let fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard fd >= 0 else { fatalError("open \(file): \(String(cString: strerror(errno)))") }
    defer { close(fd) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
      guard count > 0 else { fatalError("write \(file): \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
    chmod(file, mode)
    return file
  }

  /// Makes a directory and those that lead to it; returns its absolute path.
  @discardableResult
  public func makeDirectory(_ relative: String) -> String {
    var current = path
    for part in relative.split(separator: "/") {
      current += "/\(part)"
      guard mkdir(current, 0o755) == 0 || errno == EEXIST else {
        fatalError("mkdir \(current): \(String(cString: strerror(errno)))")
      }
    }
    return current
  }

  /// The bytes of a file; nil if there is none.
  public func bytes(_ relative: String) -> [UInt8]? {
    let fd = open(path(relative), O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(fd, &buffer, buffer.count)
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += buffer[..<count]
    }
  }

  /// The text of a file; nil if there is none.
  public func text(_ relative: String) -> String? {
    bytes(relative).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether anything has this name, a dangling link too.
  public func exists(_ relative: String) -> Bool {
    var status = stat()
    return lstat(path(relative), &status) == 0
  }

  /// The names in a directory, sorted.
  public func names(_ relative: String = ".") -> [String] { Self.list(path(relative)).sorted() }

  private static func list(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
