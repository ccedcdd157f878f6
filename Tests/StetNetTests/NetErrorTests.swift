import StetNet
import StetTestSupport
import Testing

@Suite struct NetErrorTests {
  let client = HTTPClient(environment: [:])

  private func failure(_ request: HTTPRequest) async -> NetError? {
    await #expect(throws: NetError.self) { try await client.fetch(request, maxBytes: 1 << 20) }
  }

  private func failure(
    _ handler: @escaping @Sendable (LoopbackExchange) -> Void
  ) async throws -> (error: NetError?, place: String) {
    let server = try LoopbackServer(handler)
    return (await failure(HTTPRequest(url: server.url)), "127.0.0.1:\(server.port)")
  }

  @Test func refusedConnectionsNameThePlace() async throws {
    let port = try LoopbackServer.refusedPort()
    let error = await failure(HTTPRequest(url: "http://127.0.0.1:\(port)/v1"))
    #expect(error?.code == .connectionRefused)
    #expect(error?.message == "connection refused by 127.0.0.1:\(port)")
  }

  @Test func aRefusingProxyIsNamedWithoutItsPassword() async throws {
    let port = try LoopbackServer.refusedPort()
    let client = HTTPClient(environment: ["all_proxy": "http://user:secret@127.0.0.1:\(port)/"])
    let error = await #expect(throws: NetError.self) {
      try await client.fetch(HTTPRequest(url: "http://model.example"), maxBytes: 1)
    }
    #expect(error?.message == "connection refused by the proxy 127.0.0.1:\(port) for model.example:80")
  }

  @Test func namesWithoutAnAddressAreSaid() async throws {
    let error = await failure(HTTPRequest(url: "http://\(String(repeating: "a", count: 70)).invalid/"))
    #expect(error?.code == .resolve)
    #expect(error?.message.hasSuffix(".invalid has no address") == true)
  }

  @Test func cutAnswersAreCut() async throws {
    let byLength = try await failure { exchange in
      exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
      exchange.cut()
    }
    #expect(byLength.error?.code == .cut)
    #expect(
      byLength.error?.message == "\(byLength.place) closed the connection before the answer was complete")
    let inChunks = try await failure { exchange in
      exchange.begin()
      exchange.chunk("data: 1\n\n")
      exchange.cut()
    }
    #expect(inChunks.error?.code == .cut)
    let reset = try await failure { exchange in
      exchange.begin()
      exchange.reset()
    }
    #expect(reset.error?.code == .cut)
  }

  @Test func noAnswerAtAllIsCut() async throws {
    let (error, place) = try await failure { $0.cut() }
    #expect(error?.code == .cut)
    #expect(error?.message == "\(place) closed the connection without an answer")
  }

  @Test func bytesBeforeACutAreDelivered() async throws {
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk("data: kept\n\n")
      exchange.cut()
    }
    var text = ""
    await #expect(throws: NetError.self) {
      for try await event in client.stream(HTTPRequest(url: server.url)) {
        if case .bytes(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
      }
    }
    #expect(text == "data: kept\n\n")
  }

  @Test func peersThatDoNotSpeakHTTPAreSaid() async throws {
    let (error, place) = try await failure { exchange in
      exchange.send("SSH-2.0-OpenSSH\r\n")
      exchange.cut()
    }
    #expect(error?.code == .badResponse)
    #expect(error?.message.hasPrefix("\(place) does not answer in HTTP/1.1: ") == true)
  }

  @Test func plainServersFailTheTLSHandshake() async throws {
    let server = try LoopbackServer { $0.respond(200) }
    let error = await failure(HTTPRequest(url: "https://127.0.0.1:\(server.port)"))
    #expect(error?.code == .tls)
  }

  @Test func endlessHeadersAreBounded() async throws {
    let (error, place) = try await failure { exchange in
      exchange.send("HTTP/1.1 200 OK\r\n")
      let line = "X-Filler: " + String(repeating: "x", count: 1000) + "\r\n"
      for _ in 0..<400 { exchange.send(line) }
      exchange.send("\r\n")
    }
    #expect(error == NetError(.tooLarge, "\(place) sent more than 262144 bytes of headers"))
  }

  @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "not a url", "", "http://"])
  func otherURLsAreRefused(url: String) async throws {
    #expect(await failure(HTTPRequest(url: url))?.code == .invalidRequest)
  }

  @Test(arguments: [
    ("X-A", "1\r\nX-B: 2"), ("X-A\n", "1"), ("X A", "1"), ("X:A", "1"), ("", "1"), ("X-A", "\0"),
  ])
  func headersCannotSmuggle(name: String, value: String) async throws {
    let request = HTTPRequest(url: "http://127.0.0.1:1", headers: [(name, value)])
    #expect(await failure(request)?.code == .invalidRequest)
  }
}
