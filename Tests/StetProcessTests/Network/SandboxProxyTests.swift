import StetTestSupport
import Synchronization
import Testing

@testable import StetProcess

/// The proxy as a command in the real sandbox sees it.
@Suite(.timeLimit(.minutes(10))) struct SandboxProxyTests {
  /// What was asked, and the answers.
  private final class Desk: Sendable {
    private let log = Mutex<[String]>([])
    private let refused: Set<String>
    private let notes = Mutex<[String]>([])

    init(refuse: Set<String> = []) { refused = refuse }

    /// What the proxy told of its own refusals.
    var told: [String] { notes.withLock { $0 } }
    func note(_ target: NetworkTarget, _ why: String) {
      notes.withLock { $0.append("\(target.name): \(why)") }
    }

    var asked: [String] { log.withLock { $0 } }

    func decide(_ target: NetworkTarget) -> SandboxProxy.Verdict {
      let name = "\(target.scheme.rawValue)://\(target.name)"
      log.withLock { $0.append(name) }
      return refused.contains(name) ? .refuse("the user said no") : .allow
    }
  }

  /// Answers with a text and closes, as a server does that is asked to.
  private static func server(_ body: @escaping @Sendable (LoopbackExchange) -> String) throws
    -> LoopbackServer
  {
    try LoopbackServer { exchange in
      exchange.respond(200, body: body(exchange))
      exchange.cut()
    }
  }

  /// Names of no world: what the resolver of a test says they are.
  private func run(
    _ script: String, _ desk: Desk, names: [String: [String]] = [:], looked: Desk? = nil
  ) async throws -> String {
    let walls = try await Walls(.bubblewrap)
    let resolver = HostResolver { name in
      _ = NetworkTarget(.https, authority: name).map { looked?.decide($0) }
      return (names[name] ?? []).compactMap(NumericAddress.init)
    }
    let proxy = try SandboxProxy(
      resolver: resolver, decide: { desk.decide($0) }, refused: { desk.note($0, $1) })
    let launch = try await walls.launch().reachingHosts(through: proxy)
    let session = try ProcessSession.start(walls.command(Self.prelude + script, launch))
    proxy.begin()
    var reader = EventReader(session)
    await reader.toEnd()
    proxy.stop()
    return reader.text
  }

  /// `get URL`: one request through the proxy of the environment; `raw TEXT`: just these bytes to it.
  private static let prelude = """
    cat > "$TMPDIR/ask.py" <<'END'
    import os, socket, sys
    host, port = os.environ["https_proxy"].split("//")[1].split(":")
    s = socket.create_connection((host, int(port)), 60)
    s.sendall(sys.argv[1].encode().decode("unicode_escape").encode("latin-1"))
    data = b""
    while True:
      try: part = s.recv(65536)
      except ConnectionError: break
      if not part: break
      data += part
    head, _, body = data.partition(b"\\r\\n\\r\\n")
    print(head.split(b"\\r\\n")[0].decode()[9:], "|", body.decode().strip())
    END
    raw() { python3 "$TMPDIR/ask.py" "$1"; }
    get() { raw "GET $1 HTTP/1.1\\r\\nHost: spoofed.example\\r\\n\\r\\n"; }

    """

  @Test("S13: an allowed host is reached under its own name, from a namespace that has no network")
  func s13_reached() async throws {
    let server = try Self.server { "\($0["host"] ?? "?") \($0.path)" }
    let desk = Desk()
    let text = try await run(
      """
      get http://localhost:\(server.port)/a
      python3 -c 'import socket; socket.create_connection(("127.0.0.1", \(server.port)), 5)' 2>&1 | tail -1
      """, desk, names: ["localhost": ["127.0.0.1"]])
    #expect(
      text
        == "200 Answer | localhost:\(server.port) /a\nConnectionRefusedError: [Errno 111] Connection refused\n"
    )
    #expect(desk.asked == ["http://localhost:\(server.port)"])
  }

  @Test("S13: a refused host is neither reached nor looked up, and the reason is told")
  func s13_refused() async throws {
    let server = try Self.server { _ in "reached" }
    let looked = Desk()
    let name = "no.localhost:\(server.port)"
    let text = try await run(
      "get http://\(name)/; raw 'CONNECT \(name) HTTP/1.1\\r\\n\\r\\n'",
      Desk(refuse: ["http://\(name)", "https://\(name)"]), names: ["no.localhost": ["127.0.0.1"]],
      looked: looked)
    #expect(text == "403 Forbidden | stet: the user said no\n403 Forbidden | stet: the user said no\n")
    #expect(server.connections == 0 && looked.asked.isEmpty)
  }

  @Test("S13: a name that leads to this machine, or nowhere, is refused whatever was allowed (rebinding)")
  func s13_rebinding() async throws {
    let server = try Self.server { _ in "reached" }
    let desk = Desk()
    let text = try await run(
      """
      get http://world.example:\(server.port)/; get http://mapped.example:\(server.port)/
      get http://meta.example/; get http://169.254.169.254/; get http://0.0.0.0:\(server.port)/
      """, desk,
      names: [
        "world.example": ["127.0.0.1"], "mapped.example": ["::ffff:127.0.0.1"],
        "meta.example": ["169.254.169.254"],
      ])
    let lines = text.split(separator: "\n")
    #expect(lines.count == 5 && lines.allSatisfy { $0.hasPrefix("403 Forbidden") }, "\(text)")
    #expect(lines.prefix(2).allSatisfy { $0.contains("leads to this machine") }, "\(text)")
    #expect(desk.told.count == 5 && desk.told.first?.hasPrefix("world.example") == true, "\(desk.told)")
    #expect(server.connections == 0)
    #expect(desk.asked.count == 3, "addresses that are no host's are not even asked about: \(desk.asked)")
  }

  @Test("S13: a name that leads into a private network is asked about again, by its address")
  func s13_private() async throws {
    let desk = Desk(refuse: ["http://10.20.30.40"])
    let text = try await run(
      "get http://intranet.example/", desk, names: ["intranet.example": ["10.20.30.40"]])
    #expect(text == "403 Forbidden | stet: the user said no\n")
    #expect(desk.asked == ["http://intranet.example", "http://10.20.30.40"])
  }

  @Test(
    "S13: a second request on the connection does not reach the server that the first one was allowed for")
  func s13_oneRequest() async throws {
    let seen = Mutex<[String]>([])
    let server = try Self.server { exchange in
      seen.withLock { $0.append(exchange.path) }
      return String(decoding: exchange.body, as: UTF8.self)
    }
    let url = "http://localhost:\(server.port)"
    let second = "GET http://evil.example/second HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n"
    let text = try await run(
      "raw 'POST \(url)/first HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\nabc\(second)'", Desk(),
      names: ["localhost": ["127.0.0.1"]])
    #expect(text.hasPrefix("200 Answer | abc"), "\(text)")
    #expect(seen.withLock { $0 } == ["/first"])
  }

  @Test("a tunnel carries bytes both ways to their end, and a head that is none is answered")
  func tunnel() async throws {
    let server = try Self.server { "\($0.body.count)" }
    let body = String(repeating: "x", count: 3_000)
    let text = try await run(
      """
      raw 'CONNECT app.localhost:\(server.port) HTTP/1.1\\r\\n\\r\\nPOST / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: 3000\\r\\n\\r\\n\(body)' | tail -1
      raw 'hello\\r\\n\\r\\n'
      raw 'GET http://0x7f.1/ HTTP/1.1\\r\\n\\r\\n'
      """, Desk(), names: ["app.localhost": ["127.0.0.1"]])
    #expect(
      text
        == "3000\n400 Bad Request | stet: not a request of HTTP/1\n400 Bad Request | stet: `0x7f.1` is not a host\n"
    )
  }

  @Test("S13: a tunnel whose client asks for another server is cut, and that is told")
  func s13_cutTunnel() async throws {
    let server = try Self.server { _ in "reached" }
    let desk = Desk()
    // A server's hello where a client's is due: it names nobody.
    let hello = "\\x16\\x03\\x01\\x00\\x04\\x02\\x00\\x00\\x00"
    let text = try await run(
      "raw 'CONNECT app.localhost:\(server.port) HTTP/1.1\\r\\n\\r\\n\(hello)'", desk,
      names: ["app.localhost": ["127.0.0.1"]])
    #expect(!text.contains("reached"))
    #expect(
      desk.told == ["app.localhost:\(server.port): another server was asked for inside of the connection"])
  }

  @Test("S13: the command can't speak for another one: the channel to the proxy is closed before it runs")
  func s13_channel() async throws {
    let text = try await run(
      "ls /proc/self/fd | wc -l; ls -l /proc/1/fd /proc/$$/fd 2>/dev/null | grep -c socket", Desk())
    // ls has its own directory open beside 0, 1 and 2.
    #expect(text == "4\n0\n", "\(text)")
  }
}
