import Glibc
import StetJSON
import StetProtocol
import Synchronization

/// A transport over a socket that has been upgraded to WebSocket: one message a text frame, both ways.
///
/// Pings are answered here. A close frame ends the other side's say and ours: after it nothing can be sent any more,
/// unlike on a pipe.
public final class WebSocketTransport: Transport {
  /// One `recv`.
  private static let readBytes = 1 << 16

  private struct State {
    var isClosed = false
    var hasRead = false
    var isReleased = false
    var saidGoodbye = false
  }

  private let socket: Int32
  private let role: WebSocketReader.Role
  private let received: [UInt8]
  private let wake: WakePipe
  private let writer: DescriptorWriter
  private let state = Mutex(State())
  private let fault: @Sendable (LineFault) -> Void

  /// Takes over `socket`, which it closes when it has ended.
  ///
  /// - Parameters:
  ///   - role: which side this is.
  ///   - received: what had already come behind the handshake.
  ///   - fault: told of frames that are no messages; they get no answer.
  public init(
    socket: Int32, role: WebSocketReader.Role, received: [UInt8] = [],
    fault: @escaping @Sendable (LineFault) -> Void = { _ in }
  ) throws(DescriptorError) {
    self.socket = socket
    self.role = role
    self.received = received
    self.fault = fault
    wake = try WakePipe()
    writer = DescriptorWriter(descriptor: socket, wake: wake)
  }

  public func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    WorkerThread.start { [self] in
      let reason = readAll(receive)
      state.withLock { $0.hasRead = true }
      closed(reason)
      release()
    }
  }

  public func send(_ message: Message) {
    guard !state.withLock({ $0.isClosed || $0.saidGoodbye }) else { return }
    if !writer.write(bytes(WebSocketFrame(.text, message.jsonValue.serialized()))) { close() }
  }

  public func close() {
    let isFirst = state.withLock { state in
      defer { (state.isClosed, state.saidGoodbye) = (true, true) }
      return !state.saidGoodbye
    }
    // Whoever reads no more gets no goodbye; nobody waits for that.
    if isFirst { writer.writeIfFree(bytes(.close(role == .server ? .goingAway : .normal))) }
    wake.signal()
    release()
  }

  private func bytes(_ frame: WebSocketFrame) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return frame.bytes(maskedWith: role == .client ? generator.next() : nil)
  }

  /// Closes the socket once nobody reads or writes any more.
  private func release() {
    let isLast = state.withLock { state in
      guard state.isClosed, state.hasRead, !state.isReleased else { return false }
      state.isReleased = true
      return true
    }
    guard isLast else { return }
    writer.waitUntilIdle()
    Glibc.close(socket)
  }

  // MARK: Reading

  /// Reads to the end; returns why it ended, nil for a plain end.
  private func readAll(_ receive: (Message) -> Void) -> String? {
    var reader = WebSocketReader(role: role)
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    reader.feed(received)
    while true {
      do {
        while let event = try reader.next() {
          if let ending = take(event, receive) { return ending.reason }
        }
      } catch {
        sayGoodbye(.close(error.code, reason: error.message))
        return error.message
      }
      guard wake.waitFor(socket, events: Int16(POLLIN)) else { return nil }
      let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        reader.feed(buffer[..<count])
      } else if count == 0 {
        return "the connection was cut"
      } else if errno != EINTR && errno != EAGAIN {
        return String(cString: strerror(errno))
      }
    }
  }

  private struct Ending {
    let reason: String?
  }

  /// Nil: more may come.
  private func take(_ event: WebSocketReader.Event, _ receive: (Message) -> Void) -> Ending? {
    guard !state.withLock({ $0.isClosed }) else { return Ending(reason: nil) }
    switch event {
    case .text(let text):
      do {
        receive(try Message(JSONValue(parsing: text)))
      } catch let line as LineFault {
        fault(line)
      } catch {
        fault(LineFault("not JSON: \(error)"))
        // A frame is one message: unlike on a pipe it is known whose answer this is (A3).
        if role == .server {
          _ = writer.write(bytes(WebSocketFrame(.text, Self.parseError(error).serialized())))
        }
      }
    case .ping(let payload): _ = writer.write(bytes(WebSocketFrame(.pong, payload)))
    case .pong: break
    case .close(let code, let reason):
      sayGoodbye(.close(code))
      guard let code, code != .normal, code != .goingAway else { return Ending(reason: nil) }
      return Ending(reason: "closed by the other side: \(code.rawValue) \(reason)")
    }
    return nil
  }

  /// The one answer without an id: none could be read (JSON-RPC 2.0, section 5).
  private static func parseError(_ error: any Error) -> JSONValue {
    [
      "id": .null, "error": ["code": -32_700, "message": .string("Parse error: \(error)")],
    ]
  }

  private func sayGoodbye(_ frame: WebSocketFrame) {
    let isFirst = state.withLock { state in
      defer { state.saidGoodbye = true }
      return !state.saidGoodbye
    }
    if isFirst { _ = writer.write(bytes(frame)) }
  }
}
