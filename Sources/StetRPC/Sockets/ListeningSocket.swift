import Glibc
import Synchronization

/// A socket that waits for clients, and the file that names it.
public final class ListeningSocket: Sendable {
  /// Connections that may wait to be accepted.
  static let backlog: Int32 = 64
  /// How long another start in the same folder is waited for.
  static let lockMs: Int64 = 5_000

  private struct Name: Hashable {
    let device: dev_t
    let inode: ino_t
  }

  /// `unix:///run/x.sock` or `ws://127.0.0.1:4500`, with the real path or port.
  public let address: String
  /// The port; nil for a unix socket.
  public let port: UInt16?
  let descriptor: Int32
  private let path: String?
  private let name: Name?
  private let isClosed = Atomic(false)

  private init(descriptor: Int32, address: String, port: UInt16?, path: String?) {
    self.descriptor = descriptor
    self.address = address
    self.port = port
    self.path = path
    name = path.flatMap(Self.name)
  }

  deinit { close() }

  /// Stops listening and removes the socket's file, unless the name is by now somebody else's.
  public func close() {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if let path, let name, Self.name(of: path) == name { unlink(path) }
    Glibc.close(descriptor)
  }

  // MARK: Loopback

  /// Listens on a port of this machine alone; 0 takes any free one.
  public static func loopback(_ host: SocketAddress.LoopbackHost, port: UInt16) throws(SocketError)
    -> ListeningSocket
  {
    let descriptor = try Socket.make(Socket.family(of: host))
    var on: Int32 = 1
    // Connections of an earlier run that linger must not keep the port.
    _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard Socket.withLoopbackAddress(host, port, { bind(descriptor, $0, $1) }) == 0,
      listen(descriptor, backlog) == 0
    else {
      let error = SocketError(errno: errno, "ws://\(host.text):\(port) can't be listened on")
      Glibc.close(descriptor)
      throw error
    }
    let bound = boundPort(descriptor)
    return ListeningSocket(
      descriptor: descriptor, address: "ws://\(host.text):\(bound)", port: bound, path: nil)
  }

  private static func boundPort(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    // The port lies at the same place in both families' addresses.
    return UInt16(bigEndian: address.sin6_port)
  }

  // MARK: Unix

  /// Listens at an absolute path, as a file that only its user may open. A folder that is missing is made for the
  /// user alone; one in which others could put something else in the file's place is refused. A socket file that a
  /// dead server left is replaced; anything else with the name is left alone.
  public static func unix(path: String) throws(SocketError) -> ListeningSocket {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let folder = path[..<slash].isEmpty ? "/" : String(path[..<slash])
    try makeFolder(folder)
    // Two servers that start at once must not take each other's file for a dead one's.
    let lock = try lockFolder(folder)
    defer { Glibc.close(lock) }
    try removeDead(path)
    let descriptor = try Socket.make(AF_UNIX)
    // The file gets the mode of the descriptor: there is no moment at which others could connect.
    let bound = fchmod(descriptor, 0o600) == 0
    guard bound, try Socket.withUnixAddress(path, { bind(descriptor, $0, $1) }) == 0 else {
      let error = SocketError(errno: errno, "\(path) can't be listened on")
      Glibc.close(descriptor)
      throw error
    }
    guard listen(descriptor, backlog) == 0 else {
      let error = SocketError(errno: errno, "\(path) can't be listened on")
      unlink(path)
      Glibc.close(descriptor)
      throw error
    }
    return ListeningSocket(descriptor: descriptor, address: "unix://\(path)", port: nil, path: path)
  }

  private static func makeFolder(_ folder: String) throws(SocketError) {
    var status = stat()
    if stat(folder, &status) != 0 {
      guard errno == ENOENT else { throw SocketError(errno: errno, folder) }
      let slash = folder.lastIndex(of: "/") ?? folder.startIndex
      if slash > folder.startIndex { try makeFolder(String(folder[..<slash])) }
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw SocketError(errno: errno, folder) }
      guard stat(folder, &status) == 0 else { throw SocketError(errno: errno, folder) }
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw SocketError("\(folder): not a folder") }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw SocketError("\(folder): belongs to another user, who could put another socket in place")
    }
    guard status.st_mode & 0o022 == 0 || status.st_mode & mode_t(S_ISVTX) != 0 else {
      throw SocketError(
        "\(folder): others may write there and could put another socket in place; chmod go-w it or take another"
      )
    }
  }

  private static func lockFolder(_ folder: String) throws(SocketError) -> Int32 {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SocketError(errno: errno, folder) }
    let deadline = Socket.now() + lockMs
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EWOULDBLOCK || code == EINTR, Socket.now() < deadline else {
        Glibc.close(descriptor)
        throw SocketError(errno: code, "\(folder) is locked by another start")
      }
      poll(nil, 0, 20)
    }
    return descriptor
  }

  /// Removes a socket file that nobody answers at; throws when something else has the name.
  private static func removeDead(_ path: String) throws(SocketError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw SocketError(errno: errno, path) }
      return
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw SocketError("\(path): there is a file of that name that is no socket; it is left alone")
    }
    guard status.st_uid == geteuid() else { throw SocketError("\(path): the socket of another user") }
    let probe = try Socket.make(AF_UNIX)
    defer { Glibc.close(probe) }
    if try Socket.withUnixAddress(path, { connect(probe, $0, $1) }) == 0 {
      let who = Socket.peer(of: probe).map { " (process \($0.pid))" } ?? ""
      throw SocketError("\(path): a server already listens there\(who); connect to it with --remote")
    }
    guard errno == ECONNREFUSED else {
      throw SocketError(errno: errno, "\(path): a server already listens there")
    }
    guard unlink(path) == 0 || errno == ENOENT else { throw SocketError(errno: errno, path) }
  }

  private static func name(of path: String) -> Name? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return Name(device: status.st_dev, inode: status.st_ino)
  }
}
