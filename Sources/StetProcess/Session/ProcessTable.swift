import Glibc

/// Reads /proc for what no system call tells.
enum ProcessTable {
  /// Pids of all processes of a session, zombies left out. Empty where /proc is not mounted.
  static func members(ofSession session: Int32) -> [Int32] {
    all().filter { pid in
      read(pid).map { $0.session == session && $0.state != UInt8(ascii: "Z") } ?? false
    }
  }

  /// Pids of the processes that have this variable, `NAME=value`, in the environment that they were started with. Not
  /// those that hide theirs: agents that keep keys do. Costs about 3 µs a process.
  static func marked(_ variable: String) -> [Int32] {
    let wanted = Array(variable.utf8)
    return all().filter { pid in
      contents("/proc/\(pid)/environ", limit: environmentLimit).split(separator: 0).contains {
        $0.elementsEqual(wanted)
      }
    }
  }

  /// The kernel starts no program with more.
  private static let environmentLimit = 6 << 20

  private static func all() -> [Int32] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var all: [Int32] = []
    while let entry = readdir(directory) {
      let pid = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
      }
      if pid > 0 { all.append(pid) }
    }
    return all
  }

  /// The name of a process's program; empty if it is gone.
  static func name(_ pid: Int32) -> String {
    String(decoding: contents("/proc/\(pid)/comm", limit: 64).prefix { $0 != 0x0A }, as: UTF8.self)
  }

  private static func read(_ pid: Int32) -> (state: UInt8, session: Int32)? {
    let bytes = contents("/proc/\(pid)/stat", limit: 1024)
    // pid (name) state ppid pgrp session …; the name may hold blanks and parentheses.
    guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 4)
    guard fields.count >= 4, let state = fields[0].first,
      let session = Int32(String(decoding: fields[3], as: UTF8.self))
    else { return nil }
    return (state, session)
  }

  /// The first `limit` bytes of a file; what can't be read is empty, as that of a process that is gone.
  private static func contents(_ path: String, limit: Int) -> [UInt8] {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return [] }
    defer { close(fd) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let part = [UInt8](unsafeUninitializedCapacity: min(limit - bytes.count, 16 << 10)) { buffer, count in
        count = max(0, Glibc.read(fd, buffer.baseAddress, buffer.count))
      }
      if part.isEmpty { break }
      bytes += part
    }
    return bytes
  }
}
