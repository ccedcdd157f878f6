import Glibc
import Synchronization

/// A real HTTP/1.1 server on 127.0.0.1 whose answers a test writes itself, down to a connection cut in mid-word.
///
/// A thread for each connection; the handler runs on it and may block. Dropping the server stops it.
public final class LoopbackServer: Sendable {
  public let port: Int
  private let core: Core

  /// Serves until stopped. The handler answers one request; after it the connection is kept when the answer was whole.
  public init(_ handler: @escaping @Sendable (LoopbackExchange) -> Void) throws {
    let (listener, port) = try Self.listen()
    self.port = port
    core = Core(listener: listener, handler: handler)
    let core = core
    Self.thread { core.accept() }
  }

  deinit { stop() }

  /// `http://127.0.0.1:PORT`
  public var url: String { "http://127.0.0.1:\(port)" }

  /// How many connections were ever accepted.
  public var connections: Int { core.state.withLock { $0.accepted } }

  /// Closes everything; a handler that waits returns.
  public func stop() { core.stop() }

  /// A port on which nobody listens: it was bound a moment ago.
  public static func refusedPort() throws -> Int {
    let (listener, port) = try listen()
    close(listener)
    return port
  }

  private static func listen() throws -> (Int32, Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0x80000, 0)  // SOCK_CLOEXEC
    guard listener >= 0 else { throw LoopbackError(call: "socket", errno: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && Glibc.listen(listener, 128) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else {
      let code = errno
      close(listener)
      throw LoopbackError(call: "bind", errno: code)
    }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  static func thread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
      let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, context)
    precondition(code == 0, "no thread left for a test server")
    pthread_detach(thread)
  }

  final class Core: Sendable {
    let listener: Int32
    let handler: @Sendable (LoopbackExchange) -> Void
    let stopped = Gate()
    let state = Mutex(State())

    struct State {
      var accepted = 0
      var sockets: Set<Int32> = []
      var isStopped = false
    }

    init(listener: Int32, handler: @escaping @Sendable (LoopbackExchange) -> Void) {
      self.listener = listener
      self.handler = handler
    }

    func stop() {
      let isFirst = state.withLock { state in
        guard !state.isStopped else { return false }
        state.isStopped = true
        for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        return true
      }
      guard isFirst else { return }
      stopped.open()
      shutdown(listener, Int32(SHUT_RDWR))
    }

    func accept() {
      while true {
        let socket = Glibc.accept(listener, nil, nil)
        if socket < 0 && errno == EINTR { continue }
        guard socket >= 0 else { break }
        // A child process that another test spawns must not hold the connection open.
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        let isKept = state.withLock { state in
          if !state.isStopped { (state.accepted, _) = (state.accepted + 1, state.sockets.insert(socket)) }
          return !state.isStopped
        }
        guard isKept else {
          close(socket)
          break
        }
        LoopbackServer.thread { self.serve(socket) }
      }
      close(listener)
    }

    private func serve(_ socket: Int32) {
      var on: Int32 = 1
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      var reader = LoopbackReader(socket: socket)
      while let request = reader.next() {
        let exchange = LoopbackExchange(request, socket: socket, stopped: stopped)
        handler(exchange)
        guard exchange.isWhole else { break }
      }
      _ = state.withLock { $0.sockets.remove(socket) }
      close(socket)
    }
  }
}

public struct LoopbackError: Error {
  public let call: String
  public let errno: Int32

  public init(call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }
}
