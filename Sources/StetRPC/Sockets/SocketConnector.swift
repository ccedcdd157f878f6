import Glibc

/// Connects to a server's socket and upgrades the connection to WebSocket. Blocks for at most a few seconds.
public enum SocketConnector {
  /// Time for connecting and the handshake together; every server here is on this machine or behind a tunnel.
  public static let patienceMs: Int64 = 10_000

  /// Connects to a unix socket at an absolute path. A server that runs as another user is not talked to.
  public static func unix(
    path: String, fault: @escaping @Sendable (LineFault) -> Void = { _ in }
  ) throws(SocketError) -> WebSocketTransport {
    let socket = try Socket.make(AF_UNIX)
    do throws(SocketError) {
      let result = try Socket.withUnixAddress(path) { connect(socket, $0, $1) }
      if result != 0 { throw unixFailure(errno, path) }
      let own = geteuid()
      if own != 0, let peer = Socket.peer(of: socket), peer.uid != own, peer.uid != 0 {
        throw SocketError("unix://\(path): the server there (process \(peer.pid)) runs as another user")
      }
      return try upgrade(socket, WebSocketRequest(host: "localhost", token: nil), "unix://\(path)", fault)
    } catch {
      close(socket)
      throw error
    }
  }

  /// Connects to a port of this machine.
  public static func loopback(
    _ host: SocketAddress.LoopbackHost, port: UInt16, token: BearerToken?,
    fault: @escaping @Sendable (LineFault) -> Void = { _ in }
  ) throws(SocketError) -> WebSocketTransport {
    let name = "ws://\(host.text):\(port)"
    let socket = try Socket.make(Socket.family(of: host))
    do throws(SocketError) {
      let result = Socket.withLoopbackAddress(host, port) { connect(socket, $0, $1) }
      if result != 0 { try awaitConnection(socket, errno, name) }
      Socket.sendAtOnce(socket)
      return try upgrade(socket, WebSocketRequest(host: "\(host.text):\(port)", token: token), name, fault)
    } catch {
      close(socket)
      throw error
    }
  }

  private static func unixFailure(_ code: Int32, _ path: String) -> SocketError {
    switch code {
    case ENOENT, ECONNREFUSED:
      SocketError(
        "unix://\(path): no server listens there; `stet app-server --listen unix://PATH` starts one")
    case EAGAIN: SocketError("unix://\(path): the server there does not answer")
    default: SocketError(errno: code, "unix://\(path)")
    }
  }

  /// Waits for a connection that is under way.
  private static func awaitConnection(_ socket: Int32, _ code: Int32, _ name: String) throws(SocketError) {
    guard code == EINPROGRESS || code == EINTR else { throw SocketError(errno: code, name) }
    guard Socket.wait(socket, POLLOUT, until: Socket.now() + patienceMs) else {
      throw SocketError("\(name): no answer")
    }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    _ = getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size)
    guard failure == 0 else { throw SocketError(errno: failure, name) }
  }

  private static func upgrade(
    _ socket: Int32, _ request: WebSocketRequest, _ name: String,
    _ fault: @escaping @Sendable (LineFault) -> Void
  ) throws(SocketError) -> WebSocketTransport {
    let deadline = Socket.now() + patienceMs
    // A server that is full may have answered and gone before it was asked: its words are read all the same.
    _ = Socket.send(request.bytes, to: socket, until: deadline)
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      switch request.answer(received) {
      case .wait: break
      case .refused(let why): throw SocketError("\(name): the server there refused the connection: \(why)")
      case .opened(let rest):
        do {
          return try WebSocketTransport(socket: socket, role: .client, received: rest, fault: fault)
        } catch {
          throw SocketError("\(name): \(error)")
        }
      }
      guard Socket.wait(socket, POLLIN, until: deadline) else {
        throw SocketError("\(name): the server there does not answer the handshake")
      }
      let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        received += buffer[..<count]
      } else if count == 0 {
        throw SocketError("\(name): the server there closed the connection")
      } else if errno != EAGAIN && errno != EINTR {
        throw SocketError(errno: errno, name)
      }
    }
  }
}
