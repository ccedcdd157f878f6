import StetNet
import StetTestSupport
import Synchronization
import Testing

@Suite struct HTTPClientTests {
  let client = HTTPClient(environment: [:])

  @Test func fetchGivesStatusHeadersAndBody() async throws {
    let server = try LoopbackServer { exchange in
      exchange.respond(
        200, headers: [("X-One", "first"), ("x-one", " second ")], body: "\(exchange.method) \(exchange.path)"
      )
    }
    let answer = try await client.fetch(HTTPRequest(url: server.url + "/v1/models?x=1"), maxBytes: 1000)
    #expect(answer.status == 200)
    #expect(String(decoding: answer.body, as: UTF8.self) == "GET /v1/models?x=1")
    #expect(answer.headers["X-ONE"] == "first")
    #expect(answer.headers.all("x-one") == ["first", "second"])
  }

  @Test func postSendsHeadersInOrderAndTheBodyUnchanged() async throws {
    let seen = Mutex<(headers: [(String, String)], body: [UInt8])>(([], []))
    let server = try LoopbackServer { exchange in
      seen.withLock { $0 = (exchange.headers, exchange.body) }
      exchange.respond(200)
    }
    // Larger than libcurl's "Expect: 100-continue" threshold, with every byte value.
    let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let request = HTTPRequest(
      method: "POST", url: server.url, headers: [("X-A", "1"), ("X-Empty", ""), ("X-B", "2")], body: body)
    #expect(try await client.fetch(request, maxBytes: 0).status == 200)
    let (headers, received) = seen.withLock { $0 }
    #expect(received == body)
    #expect(headers.filter { $0.0.hasPrefix("x-") }.map(\.0) == ["x-a", "x-empty", "x-b"])
    #expect(!headers.contains { $0.0 == "expect" })
  }

  @Test func postWithoutABodyEnds() async throws {
    let server = try LoopbackServer { $0.respond(200, body: "\($0.body.count)") }
    let answer = try await client.fetch(HTTPRequest(method: "POST", url: server.url), maxBytes: 10)
    #expect(answer.body == Array("0".utf8))
  }

  @Test func otherMethodsAreSentAsTheyAre() async throws {
    let server = try LoopbackServer { $0.respond(200, body: "\($0.method) \($0.body.count)") }
    for method in ["PUT", "PATCH", "DELETE"] {
      let request = HTTPRequest(method: method, url: server.url, body: [1, 2])
      let answer = try await client.fetch(request, maxBytes: 100)
      #expect(String(decoding: answer.body, as: UTF8.self) == "\(method) 2")
    }
    #expect(try await client.fetch(HTTPRequest(method: "HEAD", url: server.url), maxBytes: 0).body.isEmpty)
  }

  @Test func errorStatusesAreAnswers() async throws {
    let server = try LoopbackServer { exchange in
      exchange.respond(429, headers: [("Retry-After", "7")], body: "slow down")
    }
    let answer = try await client.fetch(HTTPRequest(method: "POST", url: server.url), maxBytes: 100)
    #expect(answer.status == 429)
    #expect(RetryAfter.parse(headers: answer.headers, nowMs: 0) == 7000)
    #expect(answer.body == Array("slow down".utf8))
  }

  @Test func eventsArriveWhileTheAnswerIsStillBeingWritten() async throws {
    let gate = Gate()
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk("one")
      exchange.wait(for: gate)
      exchange.chunk("two")
      exchange.end()
    }
    var parts: [String] = []
    for try await event in client.stream(HTTPRequest(url: server.url)) {
      switch event {
      case .head(let status, let headers): parts.append("\(status) \(headers["content-type"] ?? "")")
      case .bytes(let bytes):
        parts.append(String(decoding: bytes, as: UTF8.self))
        gate.open()
      }
    }
    #expect(parts == ["200 text/event-stream", "one", "two"])
  }

  @Test func oneConnectionServesRequestsInARow() async throws {
    let server = try LoopbackServer { $0.respond(200) }
    for _ in 0..<5 { _ = try await client.fetch(HTTPRequest(url: server.url), maxBytes: 10) }
    // One, unless the machine is so busy that two minutes pass between two of them: then libcurl lets go of it.
    #expect(server.connections < 5)
  }

  @Test func manyStreamsRunAtOnce() async throws {
    let gate = Gate()
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk(exchange.path)
      exchange.wait(for: gate)
      exchange.end()
    }
    let client = client
    let bodies = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<32 {
        group.addTask {
          let request = HTTPRequest(url: server.url + "/\(number)")
          return String(decoding: try await client.fetch(request, maxBytes: 100).body, as: UTF8.self)
        }
      }
      await gate.reached()
      gate.open()
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(bodies == Set((0..<32).map { "/\($0)" }))
  }

  @Test func fetchRefusesMoreThanItsBound() async throws {
    let server = try LoopbackServer { $0.respond(200, body: "12345") }
    #expect(try await client.fetch(HTTPRequest(url: server.url), maxBytes: 5).body.count == 5)
    await #expect(throws: NetError(.tooLarge, "the answer is larger than 4 bytes")) {
      try await client.fetch(HTTPRequest(url: server.url), maxBytes: 4)
    }
  }

  @Test func informationalAnswersAreNotTheAnswer() async throws {
    let server = try LoopbackServer { exchange in
      exchange.send("HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nX-Real: 1\r\n\r\nbody")
    }
    let answer = try await client.fetch(HTTPRequest(url: server.url), maxBytes: 100)
    #expect((answer.status, answer.headers["x-real"], answer.headers["link"]) == (200, "1", nil))
    #expect(answer.body == Array("body".utf8))
  }

  @Test func aSlowReaderPausesTheSender() async throws {
    let total = 64 << 20
    let taken = Mutex(0)
    let stalled = Gate()
    let server = try LoopbackServer { exchange in
      let bytes = [UInt8](repeating: 7, count: total)
      exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      let first = exchange.sendUntilStalled(bytes, quietMs: 500)
      taken.withLock { $0 = first }
      stalled.open()
      exchange.send(Array(bytes[first...]))
    }
    var received = 0
    for try await event in client.stream(HTTPRequest(url: server.url)) {
      switch event {
      case .head:
        await stalled.opened()
        #expect(taken.withLock { $0 } < total)
      case .bytes(let bytes):
        #expect(bytes.count <= (1 << 20) + (64 << 10))
        received += bytes.count
      }
    }
    #expect(received == total)
  }

  @Test func proxiesComeFromTheEnvironmentButNotForThisMachine() async throws {
    let proxy = try LoopbackServer { $0.respond(200, body: "proxy got \($0.path)") }
    let direct = try LoopbackServer { $0.respond(200, body: "direct") }
    let client = HTTPClient(environment: ["http_proxy": proxy.url])
    func body(_ url: String) async throws -> String {
      String(decoding: try await client.fetch(HTTPRequest(url: url), maxBytes: 1000).body, as: UTF8.self)
    }
    #expect(try await body("http://model.example/v1") == "proxy got http://model.example/v1")
    #expect(try await body(direct.url) == "direct")
  }

  @Test func afterShutdownRequestsFailAsCancelled() async throws {
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.untilPeerCloses()
    }
    let client = HTTPClient(environment: [:])
    var events = client.stream(HTTPRequest(url: server.url)).makeAsyncIterator()
    _ = try await events.next()
    client.shutdown()
    await #expect(throws: NetError.self) { try await events.next() }
    let error = await #expect(throws: NetError.self) {
      try await client.fetch(HTTPRequest(url: server.url), maxBytes: 10)
    }
    #expect(error?.code == .cancelled)
  }
}
