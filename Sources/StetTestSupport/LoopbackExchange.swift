import Glibc

/// One request to a `LoopbackServer` and the pen for its answer. Belongs to its connection's thread.
public final class LoopbackExchange {
  public let method: String
  /// With the query, as it was sent; a whole URL when the client thinks this is a proxy.
  public let path: String
  /// Names in lower case.
  public let headers: [(String, String)]
  public let body: [UInt8]
  /// False once the peer is gone.
  public private(set) var isConnected = true
  /// The answer was ended properly, so the connection can take another request.
  private(set) var isWhole = false

  private let socket: Int32
  private let stopped: Gate

  init(_ request: LoopbackReader.Request, socket: Int32, stopped: Gate) {
    (method, path, headers, body) = (request.method, request.path, request.headers, request.body)
    self.socket = socket
    self.stopped = stopped
  }

  public subscript(_ header: String) -> String? { headers.first { $0.0 == header }?.1 }

  /// A whole answer with its length.
  public func respond(_ status: Int, headers: [(String, String)] = [], body: String = "") {
    let bytes = Array(body.utf8)
    head(status, headers + [("content-length", "\(bytes.count)")])
    if method != "HEAD" { send(bytes) }
    isWhole = true
  }

  /// Begins an answer of unknown length; `chunk` and `end` follow.
  public func begin(
    _ status: Int = 200, headers: [(String, String)] = [("content-type", "text/event-stream")]
  ) {
    head(status, headers + [("transfer-encoding", "chunked")])
  }

  public func chunk(_ text: String) { chunk(Array(text.utf8)) }

  public func chunk(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    send(Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [13, 10])
  }

  public func end() {
    send(Array("0\r\n\r\n".utf8))
    isWhole = true
  }

  /// Bytes on the wire exactly as given.
  public func send(_ text: String) { send(Array(text.utf8)) }

  public func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while isConnected && !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { isConnected = false }
    }
  }

  /// Sends until the client has taken nothing for `quietMs`; returns how many bytes went out.
  public func sendUntilStalled(_ bytes: [UInt8], quietMs: Int32) -> Int {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count > 0 {
        sent += count
        continue
      }
      var wait = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
      if poll(&wait, 1, quietMs) == 0 || wait.revents & Int16(POLLERR | POLLHUP) != 0 { break }
    }
    return sent
  }

  /// Ends the connection in the middle of the answer, with a FIN.
  public func cut() {
    shutdown(socket, Int32(SHUT_RDWR))
    isConnected = false
  }

  /// Ends the connection in the middle of the answer, with an RST.
  public func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    isConnected = false
  }

  /// Blocks until the gate is opened (true) or the server is stopped or the client goes away (false).
  @discardableResult public func wait(for gate: Gate) -> Bool { gate.wait(or: stopped, peer: socket) }

  /// Blocks until the client closes its side: how a cancel looks from here.
  public func untilPeerCloses() {
    Gate().wait(or: stopped, peer: socket)
    isConnected = false
  }

  private func head(_ status: Int, _ headers: [(String, String)]) {
    let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
    send("HTTP/1.1 \(status) Answer\r\n\(fields)\r\n")
  }
}
