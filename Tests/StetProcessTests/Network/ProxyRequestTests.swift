import Testing

@testable import StetProcess

/// Heads of requests to the proxy, and the first bytes of tunnels.
@Suite struct ProxyRequestTests {
  private func head(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\r\n").utf8) }

  @Test("S13: a plain request reaches the allowed host with that host's name, alone on its connection")
  func s13_rewritten() throws {
    let request = try ProxyRequest(
      head: head(
        "POST http://Example.com:8080/a?b#c HTTP/1.1", "Host: other.example", "Accept: */*",
        "Connection: x-hop, close",
        "X-Hop: 1", "Proxy-Authorization: secret", "Content-Length: 3"))
    #expect(request.target.name == "example.com:8080")
    guard case .message(let bytes, let body) = request.kind else {
      Issue.record("no message")
      return
    }
    #expect(body == 3)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        POST /a?b HTTP/1.1\r\nHost: example.com:8080\r\nConnection: close\r\nContent-Length: 3\r\nAccept: */*\r\n\r\n
        """)
  }

  @Test func connect() throws {
    let request = try ProxyRequest(head: head("CONNECT example.com:443 HTTP/1.1", "Host: other.example:443"))
    #expect(
      request.kind == .tunnel && request.target.name == "example.com" && request.target.scheme == .https)
  }

  @Test(
    "S13: what two programs may read in two ways is refused",
    arguments: [
      "", "GET", "GET / HTTP/1.1", "GET https://example.com/ HTTP/1.1",
      "GET http://user@example.com/ HTTP/1.1",
      "GET http:///x HTTP/1.1", "CONNECT example.com HTTP/1.1", "CONNECT example.com:443 HTTP/2.0",
      "CONNECT example.com:443 x HTTP/1.1", "GET http://a.example\u{20}b/ HTTP/1.1",
      "GET http://a.example/ HTTP/1.1\nHost: b", "GET http://a.example/\r HTTP/1.1",
      "GET http://a.example/ HTTP/1.1\r\nA: b\nHost: c", "GET http://a.example/ HTTP/1.1\r\n folded",
      "GET http://a.example/ HTTP/1.1\r\nA : b", "GET http://a.example/ HTTP/1.1\r\nno colon",
      "POST http://a.example/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
      "POST http://a.example/ HTTP/1.1\r\nContent-Length: 1, 1",
      "POST http://a.example/ HTTP/1.1\r\nContent-Length: +1",
      "POST http://a.example/ HTTP/1.1\r\nContent-Length: 99999999999999999999",
      "POST http://a.example/ HTTP/1.1\r\nContent-Length:",
      "POST http://a.example/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3",
      "GET http://a.example/\u{0} HTTP/1.1",
    ])
  func s13_refused(text: String) {
    #expect(throws: ProxyRequest.Refusal.self) { try ProxyRequest(head: Array(text.utf8)) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: ProxyRequest.Refusal.self) {
      try ProxyRequest(head: Array("GET http://a.example/ HTTP/1.1\r\nA: ".utf8) + [0xFF])
    }
  }

  // MARK: - TLS

  /// The hello that a real client sends for this name; empty: none.
  private func hello(_ name: String) async throws -> [UInt8] {
    let script = """
      python3 -c 'import ssl, sys
      c = ssl.create_default_context(); c.check_hostname = False
      i, o = ssl.MemoryBIO(), ssl.MemoryBIO()
      s = c.wrap_bio(i, o, server_hostname=sys.argv[1] or None)
      try: s.do_handshake()
      except ssl.SSLWantReadError: pass
      print(*o.read())' '\(name)'
      """
    let text = try await Shell.output(Shell.command(script))
    return text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0) }
  }

  @Test("S13: the server's name is read from a real client's hello, however it is cut")
  func s13_serverName() async throws {
    let bytes = try await hello("Example.com")
    try #require(bytes.count > 100)
    #expect(ClientHello(bytes) == .server("example.com"))
    for end in 0..<bytes.count { #expect(ClientHello(Array(bytes[..<end])) == .partial) }
    #expect(ClientHello(try await hello("")) == .server(nil))
    // In two records.
    let content = bytes[5...]
    func record(_ part: ArraySlice<UInt8>) -> [UInt8] {
      [0x16, 3, 1, UInt8(part.count >> 8), UInt8(part.count & 255)] + part
    }
    #expect(ClientHello(record(content.prefix(60)) + record(content.dropFirst(60))) == .server("example.com"))
    // One byte wrong anywhere reads no memory but its own, and never as another host.
    for index in bytes.indices {
      var broken = bytes
      broken[index] ^= 0xFF
      var gate = TunnelGate(try #require(NetworkTarget(.https, authority: "example.com:443")))
      if case .open = gate.take(broken) { #expect(ClientHello(broken) == .server("example.com"), "\(index)") }
    }
  }

  @Test("S13: a tunnel lets through only a client of the server that was allowed")
  func s13_gate() async throws {
    let bytes = try await hello("example.com")
    func step(_ authority: String, _ bytes: [UInt8]) throws -> TunnelGate.Step {
      var gate = TunnelGate(try #require(NetworkTarget(.https, authority: authority)))
      return gate.take(bytes)
    }
    #expect(try step("example.com:443", bytes) == .open(bytes))
    #expect(try step("other.example:443", bytes) == .refuse)
    #expect(try step("other.example:8443", bytes) == .refuse, "another port is no way around")
    #expect(try step("192.0.2.1:443", bytes) == .open(bytes), "an address was allowed with all it serves")
    #expect(try step("example.com:443", try await hello("")) == .refuse, "a client that hides the name")
    #expect(try step("example.com:443", Array("SSH-2.0-x\r\n".utf8)) == .refuse)
    #expect(try step("example.com:22", Array("SSH-2.0-x\r\n".utf8)) == .open(Array("SSH-2.0-x\r\n".utf8)))
    #expect(try step("example.com:443", [0x16] + Array(repeating: 0xFF, count: ClientHello.limit)) == .refuse)
    // Cut in two it waits for the rest, and then lets all of it through.
    var gate = TunnelGate(try #require(NetworkTarget(.https, authority: "example.com:443")))
    #expect(gate.take(bytes.prefix(40)) == .hold)
    #expect(gate.take(bytes.dropFirst(40)) == .open(bytes))
  }
}
