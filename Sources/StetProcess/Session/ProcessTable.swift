import Glibc

/// Reads /proc for what no system call tells.
enum ProcessTable {
  /// Pids of all processes of a session, zombies left out. Empty where /proc is not mounted.
  static func members(ofSession session: Int32) -> [Int32] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var members: [Int32] = []
    while let entry = readdir(directory) {
      let pid = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
      }
      if pid > 0, let stat = read(pid), stat.session == session, stat.state != UInt8(ascii: "Z") {
        members.append(pid)
      }
    }
    return members
  }

  /// The name of a process's program; empty if it is gone.
  static func name(_ pid: Int32) -> String {
    let fd = open("/proc/\(pid)/comm", O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return "" }
    defer { close(fd) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = max(0, Glibc.read(fd, buffer.baseAddress, buffer.count))
    }
    return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  private static func read(_ pid: Int32) -> (state: UInt8, session: Int32)? {
    let fd = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
      count = max(0, Glibc.read(fd, buffer.baseAddress, buffer.count))
    }
    // pid (name) state ppid pgrp session …; the name may hold blanks and parentheses.
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 4)
    guard fields.count >= 4, let state = fields[0].first,
      let session = Int32(String(decoding: fields[3], as: UTF8.self))
    else { return nil }
    return (state, session)
  }
}
