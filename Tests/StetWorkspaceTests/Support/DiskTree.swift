import Glibc

/// A directory tree read from the disk, to be compared.
enum DiskTree {
  enum Node: Hashable {
    case file([UInt8], mode: Int)
    case link(String)
    case directory
  }

  static func bytes(_ path: String) -> [UInt8]? {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(fd, &buffer, buffer.count)
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Files and links by relative path, and directories that are empty. `modes`: those a checkout can't
  /// keep; the other files are taken for 644.
  static func read(_ root: String, modes: [String: Int]? = nil) throws -> [String: Node] {
    var tree: [String: Node] = [:]
    try walk(root) { relative, info in
      let path = "\(root)/\(relative)"
      switch info.st_mode & S_IFMT {
      case S_IFDIR: if names(path).isEmpty { tree[relative] = .directory }
      case S_IFLNK: tree[relative] = .link(target(path))
      default:
        let mode = modes.map { $0[relative] ?? 0o644 } ?? Int(info.st_mode & 0o7777)
        tree[relative] = .file(bytes(path) ?? [], mode: mode)
      }
    }
    return tree
  }

  /// The modes of all directories by relative path, without what is git's own.
  static func modes(_ root: String) throws -> [String: Int] {
    var modes: [String: Int] = [:]
    try walk(root) { relative, info in
      guard info.st_mode & S_IFMT == S_IFDIR, !relative.split(separator: "/").contains(".git") else { return }
      modes[relative] = Int(info.st_mode & 0o7777)
    }
    return modes
  }

  /// Copies a tree, links as links, every file with mode 644.
  static func copy(_ from: String, to: String) throws {
    try walk(from) { relative, info in
      let path = "\(to)/\(relative)"
      switch info.st_mode & S_IFMT {
      case S_IFDIR: mkdir(path, 0o755)
      case S_IFLNK: symlink(target("\(from)/\(relative)"), path)
      default:
        let fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let content = bytes("\(from)/\(relative)") ?? []
        _ = content.withUnsafeBytes { write(fd, $0.baseAddress, $0.count) }
        fchmod(fd, 0o644)
        close(fd)
      }
    }
  }

  /// Makes a link of a file that holds a link's target.
  static func makeLink(_ path: String) {
    guard let target = bytes(path), unlink(path) == 0 else { return }
    symlink(String(decoding: target, as: UTF8.self), path)
  }

  static func difference(_ expected: [String: Node], _ found: [String: Node]) -> String {
    Set(expected.keys).union(found.keys).sorted().filter { expected[$0] != found[$0] }
      .map { "\($0):\n  expected \(text(expected[$0]))\n  found    \(text(found[$0]))" }.joined(
        separator: "\n")
  }

  private static func text(_ node: Node?) -> String {
    guard case .file(let bytes, let mode) = node else { return node.map { "\($0)" } ?? "nothing" }
    return "\(String(mode, radix: 8)) \(String(decoding: bytes.prefix(600), as: UTF8.self).debugDescription)"
  }

  private static func walk(_ root: String, _ visit: (String, stat) throws -> Void) throws {
    func below(_ relative: String) throws {
      for name in names(relative.isEmpty ? root : "\(root)/\(relative)") {
        let path = relative.isEmpty ? name : "\(relative)/\(name)"
        var info = stat()
        guard lstat("\(root)/\(path)", &info) == 0 else { continue }
        try visit(path, info)
        if info.st_mode & S_IFMT == S_IFDIR { try below(path) }
      }
    }
    try below("")
  }

  private static func target(_ path: String) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = max(0, readlink(path, &buffer, buffer.count))
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func names(_ path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
