import Glibc

/// Which file a name led to and how many names it had: what tells a hard link from a copy.
struct FileIdentity: Hashable, Sendable {
  let inode: UInt64
  /// 65,535 stands for more.
  let links: Int

  /// Of a regular file; nil where there is none.
  static func of(_ path: String) -> FileIdentity? {
    var info = stat()
    guard lstat(path, &info) == 0, fileKind(ofMode: info.st_mode) == .regular else { return nil }
    return FileIdentity(inode: UInt64(info.st_ino), links: min(Int(info.st_nlink), Int(UInt16.max)))
  }

  /// Whether a name that led to this file led to `now` all the time since, and no name was added: then what was
  /// written to it was written to all names that it has now.
  func isShared(with now: FileIdentity) -> Bool {
    inode == now.inode && now.links > 1 && links >= now.links
  }
}
