import Glibc
import Synchronization

/// Writes configuration files whole or not at all.
enum ConfigFileWriter {
  private static let serial = Atomic<Int>(0)

  /// Writes through a temporary file in the same folder, 0600: the file may hold keys.
  static func write(_ bytes: [UInt8], to path: String) throws(ConfigurationError) {
    // A link to the file, as dotfile managers make them, is kept: its target is replaced.
    let target = Path.exists(path) ? Path.real(path) : path
    let folder = Path.parent(target)
    try makeFolder(folder)
    let number = serial.add(1, ordering: .relaxed).newValue
    let temporary = "\(target).\(getpid())-\(number).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    try check(descriptor >= 0, path)
    do throws(ConfigurationError) {
      defer { close(descriptor) }
      try check(fchmod(descriptor, 0o600) == 0, path)
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        try check(count > 0, path)
        rest = rest.dropFirst(count)
      }
      try check(fsync(descriptor) == 0, path)
      try check(rename(temporary, target) == 0, path)
    } catch {
      unlink(temporary)
      throw error
    }
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try check(directory >= 0, path)
    defer { close(directory) }
    try check(fsync(directory) == 0, path)
  }

  /// Waits until no other process edits in the folder of a file; closing the result lets the next one in.
  static func lock(folderOf path: String) throws(ConfigurationError) -> Int32 {
    let folder = Path.parent(path)
    try makeFolder(folder)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try check(descriptor >= 0, path)
    while flock(descriptor, LOCK_EX) != 0 {
      let number = errno
      if number == EINTR { continue }
      close(descriptor)
      throw ConfigFileReader.failure(path, "lock", String(cString: strerror(number)))
    }
    return descriptor
  }

  private static func makeFolder(_ path: String) throws(ConfigurationError) {
    if Path.exists(path) { return }
    let parent = Path.parent(path)
    if parent != path { try makeFolder(parent) }
    try check(mkdir(path, 0o700) == 0 || errno == EEXIST, path)
  }

  private static func check(_ succeeded: Bool, _ path: String) throws(ConfigurationError) {
    guard !succeeded else { return }
    throw ConfigFileReader.failure(path, "write", String(cString: strerror(errno)))
  }
}
