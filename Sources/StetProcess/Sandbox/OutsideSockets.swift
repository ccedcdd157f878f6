import CPlatform
import Glibc

/// Socket files in the workspace on which programs outside of the sandbox listen.
///
/// A daemon acts for whoever connects, and neither a read-only mount nor a network namespace keeps a command from a
/// socket that lies in the file system: stet's own app-server, a terminal multiplexer or a database in the workspace
/// would be a way out. So each that listens there when a command starts is covered in its walls. Sockets that commands of the
/// sandbox listen on are in namespaces of their own, not in this list, and stay open to other commands.
enum OutsideSockets {
  /// More than any workspace has; a bound against a table made to keep us busy.
  static let limit = 200

  private static let table = "/proc/net/unix"
  /// The kernel's __SO_ACCEPTCON, as the table prints it.
  private static let listening = "00010000"
  private static let datagrams = "0002"

  /// Real paths, sorted, of those that `isReachable` says a command would see; nil when there are more than can be
  /// covered.
  /// - Parameter files: sockets in the workspace. Where one was bound by a relative name, the table does not say from
  ///   where: there a file of that name is taken for it.
  static func find(among files: [String], where isReachable: (String) -> Bool) -> [String]? {
    let names = paths(in: read())
    let relative = Set(names.filter { !$0.hasPrefix("/") }.map(lastPart))
    let candidates = names.filter { $0.hasPrefix("/") } + files.filter { relative.contains(lastPart($0)) }
    var found: Set<String> = []
    for path in candidates {
      guard let real = realPath(path), isReachable(real) else { continue }
      var status = stat()
      guard lstat(real, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { continue }
      found.insert(real)
      if found.count > limit { return nil }
    }
    return found.sorted()
  }

  /// The paths in such a table of those that take connections or datagrams: `Num RefCount Protocol Flags Type St Inode
  /// Path`. An abstract one begins with `@`; a path may be relative, and hold blanks.
  static func paths(in table: String) -> [String] {
    table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 7)
      guard fields.count == 8, !fields[7].hasPrefix("@"), fields[3] == listening || fields[4] == datagrams
      else {
        return nil
      }
      return String(fields[7])
    }
  }

  private static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Empty where there is no such table: a kernel without these sockets.
  private static func read() -> String {
    let fd = open(table, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return "" }
    let file = Descriptor(fd)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = file.withNumber { Glibc.read($0, &buffer, buffer.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
