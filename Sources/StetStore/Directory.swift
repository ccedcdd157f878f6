import Glibc

/// Folders of the store.
enum Directory {
  /// Makes the folder and its parents, 0700, and leaves existing ones as they are.
  static func make(_ path: String) throws(StoreError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw StoreError(.notPermitted, "\(path) is in the way: it is a file, not a folder. Move it away.")
      }
      return
    }
    let parent = directory(of: path)
    if parent != path { try make(parent) }
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw StoreError.system(errno, "make the folder \(path)")
    }
  }

  /// The folder that a path lies in; "/" for the root and "." for a bare name.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the names in a folder durable: a new file is only safe when its folder is.
  static func sync(_ path: String) throws(StoreError) {
    let descriptor = try check("open the folder \(path)") {
      Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    defer { Glibc.close(descriptor) }
    try check("sync the folder \(path)") { fsync(descriptor) }
  }

  /// The names in a folder, sorted; empty if the folder is absent.
  static func names(in path: String) throws(StoreError) -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw StoreError.system(errno, "read the folder \(path)")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
