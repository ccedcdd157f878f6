import CPlatform
import Glibc

extension ProtectedSnapshot {
  /// Entries looked at below one protected directory: settings and hooks are few.
  private static let entryLimit = 500

  /// Notes what lies at each path, for the fallback that can't keep it from being changed.
  mutating func takeFingerprints() {
    for index in paths.indices where paths[index].kind != .repository {
      paths[index].fingerprint = Self.fingerprint(paths[index].path)
    }
  }

  /// Names, inodes, sizes and change times of a file or of a tree; no command can set a change time.
  static func fingerprint(_ path: String) -> Int {
    var hasher = Hasher()
    var queue = [path]
    var next = 0
    while next < queue.count, next < entryLimit {
      let current = queue[next]
      next += 1
      var status = stet_file_status()
      guard stet_status(AT_FDCWD, current, &status) == 0 else { continue }
      hasher.combine(current)
      hasher.combine(status.inode)
      hasher.combine(status.size)
      hasher.combine(status.changed_ns)
      if mode_t(status.mode) & S_IFMT == S_IFDIR {
        queue += Directory.names(current).sorted().map { "\(current)/\($0)" }
      }
    }
    return hasher.finalize()
  }
}
