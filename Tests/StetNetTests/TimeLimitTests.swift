import StetNet
import StetTestSupport
import Synchronization
import Testing

/// The limits run on a clock that the test moves: nothing here waits for real seconds.
@Suite struct TimeLimitTests {
  final class Clock: Sendable {
    private let now = Mutex(1_000_000)
    var read: @Sendable () -> Int { { self.now.withLock { $0 } } }
    func advance(_ ms: Int) { now.withLock { $0 += ms } }
  }

  let clock = Clock()
  var client: HTTPClient { HTTPClient(environment: [:], clock: clock.read) }

  private func request(_ server: LoopbackServer) -> HTTPRequest {
    HTTPRequest(url: server.url, firstByteTimeoutMs: 600_000, idleTimeoutMs: 300_000)
  }

  @Test("L11: the idle timer counts any byte, also a comment") func l11_commentsKeepAStreamAlive()
    async throws
  {
    let gates = [Gate(), Gate()]
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.chunk("data: 1\n\n")
      for gate in gates {
        exchange.wait(for: gate)
        exchange.chunk(": ping\n\n")
      }
      exchange.untilPeerCloses()
    }
    let client = client
    var events = client.stream(request(server)).makeAsyncIterator()
    _ = try await events.next()
    _ = try await events.next()
    for gate in gates {
      clock.advance(299_000)
      client.wake()
      gate.open()
      guard case .bytes(let bytes)? = try await events.next() else {
        Issue.record("no comment")
        return
      }
      #expect(String(decoding: bytes, as: UTF8.self) == ": ping\n\n")
    }
    clock.advance(300_000)
    client.wake()
    let expected = NetError(.timeoutIdle, "127.0.0.1:\(server.port) sent nothing for 300 s")
    await #expect(throws: expected) { try await events.next() }
  }

  @Test("L8: the body of an error has a short limit, with or without a byte of it", arguments: [0, 1])
  func l8_errorBody(chunks: Int) async throws {
    let server = try LoopbackServer { exchange in
      exchange.begin(401, headers: [("content-type", "application/json")])
      if chunks > 0 { exchange.chunk("{") }
      exchange.untilPeerCloses()
    }
    let client = client
    var events = client.stream(request(server)).makeAsyncIterator()
    guard case .head(401, _)? = try await events.next() else {
      Issue.record("no head")
      return
    }
    if chunks > 0 { _ = try await events.next() }
    clock.advance(10_000)
    client.wake()
    let expected = NetError(
      .timeoutIdle, "127.0.0.1:\(server.port) did not end its error 401 within 10 s")
    await #expect(throws: expected) { try await events.next() }
  }

  @Test("L11: the first byte has a limit of its own, which headers do not end")
  func l11_firstByteTimerIsSeparate() async throws {
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.untilPeerCloses()
    }
    let client = client
    var events = client.stream(request(server)).makeAsyncIterator()
    guard case .head? = try await events.next() else {
      Issue.record("no head")
      return
    }
    clock.advance(599_000)
    client.wake()
    clock.advance(1_000)
    client.wake()
    let expected = NetError(
      .timeoutFirstByte, "127.0.0.1:\(server.port) did not begin to answer within 600 s")
    await #expect(throws: expected) { try await events.next() }
  }

  @Test("L11: a prompt that is read for 599 s is not cut") func l11_aSlowFirstByteIsNoError() async throws {
    let gate = Gate()
    let server = try LoopbackServer { exchange in
      exchange.begin()
      exchange.wait(for: gate)
      exchange.chunk("late")
      exchange.end()
    }
    let client = client
    var events = client.stream(request(server)).makeAsyncIterator()
    _ = try await events.next()
    clock.advance(599_000)
    client.wake()
    gate.open()
    guard case .bytes(let bytes)? = try await events.next() else {
      Issue.record("no body")
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self) == "late")
    #expect(try await events.next() == nil)
  }

  @Test func aReaderThatPausesIsNotASilentServer() async throws {
    let stalled = Gate()
    let total = 32 << 20
    let server = try LoopbackServer { exchange in
      let bytes = [UInt8](repeating: 65, count: total)
      exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      let first = exchange.sendUntilStalled(bytes, quietMs: 300)
      stalled.open()
      exchange.send(Array(bytes[first...]))
    }
    let client = client
    var received = 0
    for try await event in client.stream(request(server)) {
      switch event {
      case .head:
        await stalled.opened()
        clock.advance(900_000)
        client.wake()
      case .bytes(let bytes): received += bytes.count
      }
    }
    #expect(received == total)
  }
}

extension HTTPEvent: Equatable {
  public static func == (left: HTTPEvent, right: HTTPEvent) -> Bool {
    switch (left, right) {
    case (.head(let a, let b), .head(let c, let d)): a == c && b == d
    case (.bytes(let a), .bytes(let b)): a == b
    default: false
    }
  }
}
