import Glibc

/// The path without symbolic links, `.` and `..`; nil if it does not exist.
func realPath(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}

/// Whether `path` is `directory` or lies in it; by components, for absolute paths without links. By bytes: to Swift
/// two names are equal that are two files.
func isBeneath(_ path: String, _ directory: String) -> Bool {
  guard directory != "/" else { return true }
  let rest = path.utf8.dropFirst(directory.utf8.count)
  return path.utf8.starts(with: directory.utf8) && (rest.isEmpty || rest.first == UInt8(ascii: "/"))
}

/// Whether a directory is at the end of the path, links followed.
func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

enum Directory {
  /// Names in a directory without `.` and `..`, in no order; empty if it can't be read.
  static func names(_ path: String) -> [String] {
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
