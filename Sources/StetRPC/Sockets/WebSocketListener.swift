import Glibc
import Synchronization

/// Accepts clients at a listening socket and brings each through the handshake.
///
/// One thread waits for connections; each handshake has a thread of its own and little time, so that a client that
/// says nothing keeps nobody waiting.
public final class WebSocketListener: Sendable {
  public struct Limits: Sendable {
    /// Clients that are served at a time. Each costs two threads; an editor or a terminal is one.
    public var connections = 64
    /// Handshakes at a time: whoever has no token can hold no more than these.
    public var handshakes = 16
    /// Time for a handshake. Every client sends its request in one piece.
    public var handshakeMs: Int64 = 5_000

    public init() {}
  }

  private struct State {
    var connections = 0
    var handshakes: Set<Int32> = []
    var isStopped = false
  }

  private let socket: ListeningSocket
  private let upgrade: WebSocketUpgrade
  private let limits: Limits
  private let log: @Sendable (String) -> Void
  private let wake: WakePipe
  private let state = Mutex(State())

  /// - Parameters:
  ///   - token: what clients must present; nil at a unix socket, whose file lets in only its user.
  ///   - log: told of connections that came to nothing. It must not be given to the terminal unchecked.
  public init(
    _ socket: ListeningSocket, token: BearerToken?, limits: Limits = Limits(),
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(DescriptorError) {
    self.socket = socket
    upgrade = WebSocketUpgrade(token: token)
    self.limits = limits
    self.log = log
    wake = try WakePipe()
  }

  /// Begins to accept. `serve` gets each client's transport and what to call, once, when the client is gone. Call
  /// it once.
  public func start(serve: @escaping @Sendable (any Transport, @escaping @Sendable () -> Void) -> Void) {
    WorkerThread.start { [self] in
      while wake.waitFor(socket.descriptor, events: Int16(POLLIN)) { acceptOne(serve) }
    }
  }

  /// Accepts no more, ends the handshakes under way and removes the socket. Clients that are served stay.
  public func stop() {
    wake.signal()
    state.withLock { state in
      state.isStopped = true
      for descriptor in state.handshakes { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
    socket.close()
  }

  private func acceptOne(_ serve: @escaping @Sendable (any Transport, @escaping @Sendable () -> Void) -> Void)
  {
    let client = accept(socket.descriptor, nil, nil)
    guard client >= 0 else {
      let code = errno
      guard code != EAGAIN, code != EINTR, code != ECONNABORTED else { return }
      log("a connection could not be accepted: \(String(cString: strerror(code)))")
      // Out of descriptors or memory: the connection waits, and asking at once again would only burn time.
      poll(nil, 0, 100)
      return
    }
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    let isAdmitted = state.withLock { state in
      guard !state.isStopped, state.handshakes.count < limits.handshakes,
        state.connections + state.handshakes.count < limits.connections
      else { return false }
      state.handshakes.insert(client)
      return true
    }
    guard isAdmitted else {
      log("a connection was refused: too many at a time")
      _ = Socket.send(WebSocketUpgrade.busy, to: client, until: 0)
      close(client)
      return
    }
    Socket.sendAtOnce(client)
    WorkerThread.start { [self] in
      let rest = shake(client)
      let isServed = state.withLock { state in
        state.handshakes.remove(client)
        guard rest != nil, !state.isStopped else { return false }
        state.connections += 1
        return true
      }
      guard isServed, let rest else {
        close(client)
        return
      }
      open(client, rest, serve)
    }
  }

  private func open(
    _ client: Int32, _ rest: [UInt8],
    _ serve: @escaping @Sendable (any Transport, @escaping @Sendable () -> Void) -> Void
  ) {
    let gone: @Sendable () -> Void = { [self] in state.withLock { $0.connections -= 1 } }
    do {
      let transport = try WebSocketTransport(
        socket: client, role: .server, received: rest, fault: { [log] in log("a frame: \($0)") })
      serve(transport, gone)
    } catch {
      log("a connection could not be served: \(error)")
      close(client)
      gone()
    }
  }

  /// Brings a client through the handshake; returns what came behind it, nil when it came to nothing.
  private func shake(_ client: Int32) -> [UInt8]? {
    let deadline = Socket.now() + limits.handshakeMs
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      switch upgrade.answer(received) {
      case .wait: break
      case .upgrade(let response, let rest):
        return Socket.send(response, to: client, until: deadline) ? rest : nil
      case .answer(let response):
        finish(client, response, deadline)
        return nil
      case .refuse(let response, let reason):
        log("a connection was refused: \(reason)")
        finish(client, response, deadline)
        return nil
      case .end(let reason):
        log("a connection was ended: \(reason)")
        return nil
      }
      guard Socket.wait(client, POLLIN, until: deadline) else {
        log("a connection was ended: it said nothing in time")
        finish(client, WebSocketUpgrade.timeout, Socket.now() + 100)
        return nil
      }
      let count = recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        received += buffer[..<count]
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        return nil
      }
    }
  }

  /// Sends the last word, ends our side, and takes what the client may still be sending: closing over unread bytes
  /// could take the answer away from it.
  private func finish(_ client: Int32, _ response: [UInt8], _ deadline: Int64) {
    guard Socket.send(response, to: client, until: deadline) else { return }
    shutdown(client, Int32(SHUT_WR))
    let end = min(deadline, Socket.now() + 500)
    var buffer = [UInt8](repeating: 0, count: 4096)
    while Socket.wait(client, POLLIN, until: end) {
      let count = recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return }
    }
  }
}
