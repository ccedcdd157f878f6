import StetNet
import StetTestSupport
import Testing

@Suite struct CancelTests {
  let client = HTTPClient(environment: [:])

  @Test func theServerSeesACancelWhileAStreamIsSilent() async throws {
    let (closed, reading) = (Gate(), Gate())
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk("data: 1\n\n")
      exchange.untilPeerCloses()
      closed.open()
    }
    let client = client
    let task = Task {
      var count = 0
      for try await event in client.stream(HTTPRequest(url: server.url)) {
        if case .bytes = event { count += 1 }
        reading.open()
      }
      return count
    }
    await reading.opened()
    task.cancel()
    await closed.opened()
    let result = await task.result
    if case .failure(let error) = result { #expect((error as? NetError)?.code == .cancelled) }
  }

  @Test func theServerSeesACancelBeforeItAnswers() async throws {
    let (asked, closed) = (Gate(), Gate())
    let server = try LoopbackServer { exchange in
      asked.open()
      exchange.untilPeerCloses()
      closed.open()
    }
    let client = client
    let task = Task { () async throws(NetError) in
      try await client.fetch(HTTPRequest(url: server.url), maxBytes: 10)
    }
    await asked.opened()
    task.cancel()
    let result = await task.result
    #expect(throws: NetError(.cancelled, "the request was cancelled")) { try result.get() }
    await closed.opened()
  }

  @Test func aDroppedStreamIsACancel() async throws {
    let closed = Gate()
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk("x")
      exchange.untilPeerCloses()
      closed.open()
    }
    for try await _ in client.stream(HTTPRequest(url: server.url)) { break }
    await closed.opened()
  }

  @Test func aStreamNobodyReadsIsACancel() async throws {
    let (asked, closed) = (Gate(), Gate())
    let server = try LoopbackServer { exchange in
      asked.open()
      exchange.untilPeerCloses()
      closed.open()
    }
    do {
      let stream = client.stream(HTTPRequest(url: server.url))
      await asked.opened()
      withExtendedLifetime(stream) {}
    }
    await closed.opened()
  }

  @Test func aCancelWhilePausedClosesTheConnection() async throws {
    let (stalled, closed) = (Gate(), Gate())
    let server = try LoopbackServer { exchange in
      exchange.begin()
      let line = "HTTP data that nobody reads "
      _ = exchange.sendUntilStalled(
        Array(("ffffff\r\n" + String(repeating: line, count: 600_000)).utf8), quietMs: 300)
      stalled.open()
      exchange.untilPeerCloses()
      closed.open()
    }
    for try await _ in client.stream(HTTPRequest(url: server.url)) {
      await stalled.opened()
      break
    }
    await closed.opened()
  }

  @Test func aTaskCancelledBeforeItAsksGetsNoAnswer() async throws {
    let server = try LoopbackServer { $0.respond(200) }
    let client = client
    let gate = Gate()
    let task = Task { () async throws(NetError) in
      await gate.opened()
      return try await client.fetch(HTTPRequest(url: server.url), maxBytes: 10)
    }
    task.cancel()
    gate.open()
    let result = await task.result
    #expect(throws: NetError(.cancelled, "the request was cancelled")) { try result.get() }
  }
}
