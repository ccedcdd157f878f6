import CPlatform
import Glibc

/// Socket files in the places of a command on which programs outside of the sandbox listen.
///
/// A daemon acts for whoever connects, and neither a read-only mount nor a network namespace keeps a command from a
/// socket that lies in the file system: stet's own app-server, a terminal multiplexer or a database in the workspace
/// would be a way out. So each that listens there when a command starts is covered in its walls. They are known by the
/// file itself, whatever it is called by now, and by name where a file system or kernel does not tell. Sockets that commands of the
/// sandbox listen on are in namespaces of their own, not in these lists, and stay open to other commands. So do those of
/// containers, which share files with the workspace by the user's own choice.
enum OutsideSockets {
  /// More than any workspace has; a bound against a table made to keep us busy.
  static let limit = 200

  private static let table = "/proc/net/unix"
  /// The kernel's __SO_ACCEPTCON, as the table prints it.
  private static let listening = "00010000"
  private static let datagrams = "0002"

  /// Sockets with a file on one machine; a desktop has some hundreds.
  private static let tableLimit = 16_384

  /// Those that somebody has open; nil when there are more than can be covered.
  /// - Parameter files: real paths of socket files. Where one was bound by a relative name, the table does not say from
  ///   where: there a file of that name is taken for it.
  static func find(among files: [String]) throws(SandboxError) -> [String]? {
    if files.isEmpty { return [] }
    let inodes = try boundInodes()
    let names = paths(in: try read())
    let absolute = Set(names.lazy.filter { $0.hasPrefix("/") }.compactMap(realPath))
    let relative = Set(names.lazy.filter { !$0.hasPrefix("/") }.map(lastPart))
    var found: [String] = []
    for path in files {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { continue }
      let isOpen = inodes.contains(UInt32(truncatingIfNeeded: status.st_ino))
      guard isOpen || absolute.contains(path) || relative.contains(lastPart(path)) else { continue }
      guard found.count < limit else { return nil }
      found.append(path)
    }
    return found
  }

  /// Empty where the kernel can't tell.
  private static func boundInodes() throws(SandboxError) -> Set<UInt32> {
    var inodes = [UInt32](repeating: 0, count: tableLimit)
    let count = stet_bound_sockets(&inodes, inodes.count)
    if count == -ENOENT || count == -EPROTONOSUPPORT { return [] }
    guard count >= 0 else {
      throw SandboxError(.system, "listing the sockets: \(errorText(-count))", underlying: -count)
    }
    return Set(inodes.prefix(Int(count)))
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
  private static func read() throws(SandboxError) -> String {
    let fd = open(table, O_RDONLY | O_CLOEXEC)
    if fd < 0, errno == ENOENT { return "" }
    guard fd >= 0 else { throw SandboxError(.system, "\(table): \(errorText(errno))", underlying: errno) }
    let file = Descriptor(fd)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = file.withNumber { Glibc.read($0, &buffer, buffer.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw SandboxError(.system, "\(table): \(errorText(errno))", underlying: errno)
      }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
