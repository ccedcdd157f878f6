import Glibc

/// Calls on sockets that both sides make.
enum Socket {
  /// A stream socket that no child inherits; throws the system's reason.
  static func make(_ family: Int32) throws(SocketError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { throw SocketError(errno: errno, "no socket") }
    return descriptor
  }

  /// Calls `body` with a unix address; throws when the path is none. One that is too long for the kernel is reached
  /// through its open folder, so only the name in the folder must be short.
  static func withUnixAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) throws(SocketError) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    var bytes = Array(path.utf8)
    var folder: Int32 = -1
    defer { if folder >= 0 { close(folder) } }
    if bytes.count >= capacity, let slash = path.lastIndex(of: "/") {
      folder = open(String(path[...slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard folder >= 0 else { throw SocketError(errno: errno, path) }
      bytes = Array("/proc/self/fd/\(folder)\(path[slash...])".utf8)
    }
    guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
      throw SocketError("\(path): the name of a unix socket is too long or empty")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Calls `body` with a loopback address.
  static func withLoopbackAddress<Result>(
    _ host: SocketAddress.LoopbackHost, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    switch host {
    case .v4(let text):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      inet_pton(AF_INET, text, &address.sin_addr)
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .v6:
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      address.sin6_addr = in6addr_loopback
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }

  static func family(of host: SocketAddress.LoopbackHost) -> Int32 {
    if case .v6 = host { AF_INET6 } else { AF_INET }
  }

  /// Small messages go out at once; without it a token would wait for the acknowledgement of the one before.
  static func sendAtOnce(_ descriptor: Int32) {
    var on: Int32 = 1
    // Only slower when it fails, and on a unix socket there is nothing to set.
    _ = setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Process and user at the other end of a unix socket; nil when the system does not tell.
  static func peer(of descriptor: Int32) -> (pid: pid_t, uid: uid_t)? {
    // struct ucred: pid, uid, gid.
    var credentials: [UInt32] = [0, 0, 0]
    var size = socklen_t(12)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, size == 12 else {
      return nil
    }
    return (pid_t(bitPattern: credentials[0]), uid_t(credentials[1]))
  }

  /// Waits until the descriptor is ready; false at the deadline (milliseconds of `Socket.now`).
  static func wait(_ descriptor: Int32, _ events: Int32, until deadline: Int64) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    while true {
      let left = deadline - now()
      guard left > 0 else { return false }
      let ready = poll(&entry, 1, Int32(clamping: left))
      if ready > 0 { return true }
      if ready < 0 && errno != EINTR { return false }
    }
  }

  /// Milliseconds of a clock that only goes forward.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Sends all bytes before the deadline; false when the other side is gone or too slow.
  static func send(_ bytes: [UInt8], to descriptor: Int32, until deadline: Int64) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done,
          Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        done += count
      } else if errno == EAGAIN {
        guard wait(descriptor, POLLOUT, until: deadline) else { return false }
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}
