import Glibc
import StetProtocol
import StetTestSupport
import Synchronization
import Testing

@testable import StetRPC

/// A listener whose clients get every message back.
private final class Echo: Sendable {
  let listener: WebSocketListener
  let socket: ListeningSocket
  private let transports = Mutex<[any Transport]>([])
  private let goneCount = Mutex(0)

  init(_ socket: ListeningSocket, token: BearerToken? = nil, limits: WebSocketListener.Limits = .init())
    throws
  {
    self.socket = socket
    listener = try WebSocketListener(socket, token: token, limits: limits)
    listener.start { [self] transport, gone in
      transports.withLock { $0.append(transport) }
      transport.start(
        receive: { transport.send($0) },
        closed: { _ in
          transport.close()
          gone()
        })
    }
  }

  deinit { listener.stop() }

  func closeAll() { for transport in transports.withLock({ $0 }) { transport.close() } }
}

@Suite("A10: listening") struct ListenerTests {
  private let folder = TempDirectory("stet-listen")

  private func unixEcho(_ name: String = "s.sock", limits: WebSocketListener.Limits = .init()) throws -> Echo
  {
    try Echo(ListeningSocket.unix(path: folder.path(name)), limits: limits)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private let hello = Message.notification(method: "hello", params: ["text": "grüße"])

  /// Says hello and waits for the echo.
  private func exchange(_ transport: any Transport) {
    let inbox = Inbox()
    inbox.attach(transport)
    transport.send(hello)
    #expect(inbox.messages(1) == [hello])
    transport.close()
    #expect(inbox.ending() == [nil])
  }

  /// Sends bytes to a unix socket and reads to the end.
  private func raw(_ name: String, _ text: String) throws -> String { try raw(name, Array(text.utf8)) }

  private func raw(_ name: String, _ bytes: [UInt8]) throws -> String {
    let descriptor = try Socket.make(AF_UNIX)
    defer { close(descriptor) }
    try #require(try Socket.withUnixAddress(folder.path(name)) { connect(descriptor, $0, $1) } == 0)
    _ = Socket.send(bytes, to: descriptor, until: Socket.now() + 10_000)
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while Socket.wait(descriptor, POLLIN, until: Socket.now() + 60_000) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return String(decoding: all, as: UTF8.self) }
      all += buffer[..<count]
    }
    Issue.record("the server did not end the connection")
    return ""
  }

  @Test("a unix socket is its user's alone, in a folder made for it, and goes with the server")
  func unix() throws {
    let path = folder.path("new/deeper/s.sock")
    let echo = try Echo(ListeningSocket.unix(path: path))
    #expect(echo.socket.address == "unix://\(path)")
    #expect(mode(path) == 0o600)
    #expect(mode(folder.path("new/deeper")) == 0o700)
    for _ in 0..<3 { exchange(try SocketConnector.unix(path: path)) }
    echo.listener.stop()
    #expect(!folder.exists("new/deeper/s.sock"))
    #expect(throws: SocketError.self) { try SocketConnector.unix(path: path) }
  }

  @Test("a path that is too long for the kernel works all the same")
  func longPath() throws {
    let path = folder.path(String(repeating: "long/", count: 30) + "s.sock")
    let echo = try Echo(ListeningSocket.unix(path: path))
    exchange(try SocketConnector.unix(path: path))
    echo.listener.stop()
    #expect(!folder.exists(String(repeating: "long/", count: 30) + "s.sock"))
  }

  @Test("a dead server's socket is replaced; a living one's, a file and a link are not")
  func stale() throws {
    let path = folder.path("s.sock")
    let dead = try Socket.make(AF_UNIX)
    #expect(try Socket.withUnixAddress(path) { bind(dead, $0, $1) } == 0)
    close(dead)
    let echo = try unixEcho()
    let error = #expect(throws: SocketError.self) { try ListeningSocket.unix(path: path) }
    #expect(error?.message.contains("already listens there (process \(getpid()))") == true)
    exchange(try SocketConnector.unix(path: path))
    folder.write("file", "precious")
    #expect(throws: SocketError.self) { try ListeningSocket.unix(path: folder.path("file")) }
    #expect(folder.text("file") == "precious")
    #expect(symlink(folder.path("file"), folder.path("link")) == 0)
    #expect(throws: SocketError.self) { try ListeningSocket.unix(path: folder.path("link")) }
    #expect(folder.text("link") == "precious")
    echo.listener.stop()
  }

  @Test("a socket that took the name meanwhile is not removed at the end")
  func foreignName() throws {
    let first = try ListeningSocket.unix(path: folder.path("s.sock"))
    unlink(folder.path("s.sock"))
    let second = try ListeningSocket.unix(path: folder.path("s.sock"))
    first.close()
    #expect(folder.exists("s.sock"))
    second.close()
    #expect(!folder.exists("s.sock"))
  }

  @Test("a folder in which others may write is refused, unless it protects names")
  func openFolder() throws {
    let open = folder.makeDirectory("open")
    chmod(open, 0o777)
    #expect(throws: SocketError.self) { try ListeningSocket.unix(path: open + "/s.sock") }
    chmod(open, 0o1777)
    try ListeningSocket.unix(path: open + "/s.sock").close()
  }

  @Test("a port of this machine, with the token and no other")
  func port() throws {
    let token = BearerToken.random()
    let echo = try Echo(ListeningSocket.loopback(.v4("127.0.0.1"), port: 0), token: token)
    let port = try #require(echo.socket.port)
    #expect(echo.socket.address == "ws://127.0.0.1:\(port)")
    exchange(try SocketConnector.loopback(.v4("127.0.0.1"), port: port, token: token))
    for wrong in [nil, BearerToken.random()] {
      let error = #expect(throws: SocketError.self) {
        try SocketConnector.loopback(.v4("127.0.0.1"), port: port, token: wrong)
      }
      #expect(error?.message.contains("HTTP 401 Unauthorized") == true)
    }
    #expect(throws: SocketError.self) { try ListeningSocket.loopback(.v4("127.0.0.1"), port: port) }
    echo.listener.stop()
  }

  @Test("health is told; plain JSON lines get the end of file")
  func rawClients() throws {
    let echo = try unixEcho()
    #expect(try raw("s.sock", "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(try raw("s.sock", "{\"id\":1,\"method\":\"initialize\",\"params\":{}}\n") == "")
    #expect(try raw("s.sock", "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n").hasPrefix("HTTP/1.1 405 "))
    echo.listener.stop()
  }

  @Test("A3: a frame that is no JSON is answered with -32700; one that is no message is not answered")
  func a3_parseError() throws {
    let echo = try unixEcho()
    let head = [
      "GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", "",
    ]
    func frame(_ text: String) -> [UInt8] { WebSocketFrame(.text, Array(text.utf8)).bytes(maskedWith: 7) }
    var bytes = Array(head.joined(separator: "\r\n").utf8)
    bytes += frame(#"{"id":1"#) + frame("[]") + frame(#"{"method":"still/here"}"#)
    let answer = try raw("s.sock", bytes + WebSocketFrame.close(.normal).bytes(maskedWith: 7))
    #expect(answer.contains(#"{"id":null,"error":{"code":-32700,"message":"Parse error"#))
    #expect(answer.contains(#"{"method":"still/here"}"#))
    #expect(answer.split(separator: "\"error\"").count == 2)
    echo.listener.stop()
  }

  @Test("a client that says nothing is let go and keeps nobody waiting")
  func silent() throws {
    var limits = WebSocketListener.Limits()
    limits.handshakeMs = 50
    let echo = try unixEcho(limits: limits)
    #expect(try raw("s.sock", "").hasPrefix("HTTP/1.1 408 "))
    #expect(try raw("s.sock", "GET / HT").hasPrefix("HTTP/1.1 408 "))
    exchange(try SocketConnector.unix(path: folder.path("s.sock")))
    echo.listener.stop()
  }

  @Test("so many clients and no more; one that leaves makes room")
  func bounded() throws {
    var limits = WebSocketListener.Limits()
    limits.connections = 2
    let echo = try unixEcho(limits: limits)
    let path = folder.path("s.sock")
    let first = try SocketConnector.unix(path: path)
    let inbox = Inbox()
    inbox.attach(first)
    let second = try SocketConnector.unix(path: path)
    Inbox().attach(second)
    // The server counts a client when its handshake is over, which the client may know first.
    first.send(hello)
    #expect(inbox.messages(1) == [hello])
    let error = #expect(throws: SocketError.self) { try SocketConnector.unix(path: path) }
    #expect(error?.message.contains("HTTP 503 ") == true)
    first.close()
    _ = inbox.ending()
    var served = false
    while !served {
      do {
        exchange(try SocketConnector.unix(path: path))
        served = true
      } catch {
        sched_yield()
      }
    }
    second.close()
    echo.listener.stop()
  }

  @Test("a ping is answered between messages; what breaks the rules is told why")
  func pingAndFault() throws {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { close(ends[1]) }
    let transport = try WebSocketTransport(
      socket: ends[0], role: .server, received: WebSocketFrame(.ping, [1, 2]).bytes(maskedWith: 7))
    let inbox = Inbox()
    inbox.attach(transport)
    var reader = WebSocketReader(role: .client)
    func next() throws -> WebSocketReader.Event? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        if let event = try reader.next() { return event }
        let count = recv(ends[1], &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        reader.feed(buffer[..<count])
      }
    }
    #expect(try next() == .pong([1, 2]))
    let broken = WebSocketFrame(.binary, [0]).bytes(maskedWith: 1)
    #expect(send(ends[1], broken, broken.count, 0) == broken.count)
    #expect(try next() == .close(.unsupportedData, reason: "a binary message; this protocol is text"))
    #expect(inbox.ending() == ["a binary message; this protocol is text"])
    transport.close()
    #expect(try next() == nil)
  }

  @Test("a connection that is cut is told apart from one that was closed")
  func cut() throws {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    let transport = try WebSocketTransport(socket: ends[0], role: .client)
    let inbox = Inbox()
    inbox.attach(transport)
    close(ends[1])
    #expect(inbox.ending() == ["the connection was cut"])
    transport.close()
  }
}
