import Glibc
import StetRPC
import Synchronization

/// A unix socket that hands everything on to another, both ways, until it is cut: how a network fails while the server
/// behind it goes on.
final class Relay: Sendable {
  let path: String
  private let target: String
  private let listener: Int32
  private let ends = Mutex<[Int32]>([])

  init(_ path: String, to target: String) {
    (self.path, self.target) = (path, target)
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let bound = Self.address(path) { bind(listener, $0, $1) }
    precondition(listener >= 0 && bound == 0 && listen(listener, 8) == 0, "no relay at \(path)")
    WorkerThread.start { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        join(client)
      }
    }
  }

  /// Ends the connections there are; new ones are taken.
  func cut() {
    ends.withLock { ends in
      for end in ends { shutdown(end, Int32(SHUT_RDWR)) }
      ends = []
    }
  }

  func end() {
    cut()
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func join(_ client: Int32) {
    let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard Self.address(target, { connect(server, $0, $1) }) == 0 else {
      close(client)
      close(server)
      return
    }
    ends.withLock { $0 += [client, server] }
    for (from, to) in [(client, server), (server, client)] {
      WorkerThread.start { Self.pump(from, to) }
    }
  }

  /// The descriptors stay open: both directions use them, and a test ends soon.
  private static func pump(_ from: Int32, _ to: Int32) {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = recv(from, &buffer, buffer.count, 0)
      guard count > 0, send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  private static func address(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32
  {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    precondition(bytes.count < MemoryLayout.size(ofValue: address.sun_path), "too long: \(path)")
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
