import StetJSON
import StetProtocol
import Synchronization
import Testing

@testable import StetRPC

@Suite struct ConnectionTests {
  /// A peer that answers `echo` with its params, keeps the replies of `wait` and drops those of `drop`.
  private final class Peer: Sendable {
    let connection: Connection
    let waiting = Mutex<[Reply]>([])

    init(_ transport: any Transport) {
      connection = Connection(transport)
      connection.start(
        onRequest: { [weak self] _, method, params, reply in
          switch method {
          case "echo": reply.succeed(params ?? .null)
          case "fail": reply.fail(.threadNotFound("t"))
          case "wait": self?.waiting.withLock { $0.append(reply) }
          case "notifyFirst":
            self?.connection.notify("before", params)
            reply.succeed(EmptyResponse())
          default: break
          }
        }, onNotification: { _, _ in }, onClose: { _ in })
    }
  }

  private func pair() -> (Peer, Connection) {
    let (left, right) = LocalTransport.pair()
    return (Peer(left), Connection(right))
  }

  private func start(_ connection: Connection) {
    connection.start(onRequest: { _, _, _, _ in }, onNotification: { _, _ in }, onClose: { _ in })
  }

  @Test func answers() async throws {
    let (peer, client) = pair()
    start(client)
    #expect(try await client.call("echo", ["a": [1, nil]]) == ["a": [1, nil]])
    await #expect(throws: RPCError.threadNotFound("t")) { try await client.call("fail", nil) }
    withExtendedLifetime(peer) {}
  }

  @Test("a request that the other side drops is answered with an internal error")
  func dropped() async throws {
    let (peer, client) = pair()
    start(client)
    do {
      _ = try await client.call("drop", nil)
      Issue.record("a dropped request succeeded")
    } catch {
      #expect(error.code == RPCError.internalErrorCode)
    }
    withExtendedLifetime(peer) {}
  }

  @Test("many calls at once get their own answers")
  func interleaved() async throws {
    let (peer, client) = pair()
    start(client)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          let answer = try await client.call("echo", .int(Int64(number)))
          #expect(answer == .int(Int64(number)))
        }
      }
      try await group.waitForAll()
    }
    withExtendedLifetime(peer) {}
  }

  @Test("closing fails everything that is outstanding, and later calls at once")
  func closeFailsPending() async throws {
    let (peer, client) = pair()
    start(client)
    let first = Task { try await client.call("wait", nil) }
    let second = Task { try await client.call("wait", nil) }
    while peer.waiting.withLock({ $0.count }) < 2 { await Task.yield() }
    client.close()
    for result in [await first.result, await second.result] {
      guard case .failure(let error as RPCError) = result else {
        Issue.record("\(result)")
        continue
      }
      #expect(error.code == RPCError.connectionClosedCode)
    }
    await #expect(throws: RPCError.self) { try await client.call("echo", nil) }
    peer.waiting.withLock { $0 = [] }
  }

  @Test("completions and notifications come in the order of the wire")
  func order() throws {
    let (peer, client) = pair()
    let log = BlockingQueue<String>(capacity: 1_000)
    client.start(
      onRequest: { _, _, _, _ in },
      onNotification: { method, params in log.push("\(method) \(params ?? .null)") }, onClose: { _ in })
    for number in 0..<100 {
      client.call("notifyFirst", .int(Int64(number))) { _ in log.push("done \(number)") }
    }
    for number in 0..<100 {
      #expect(log.pop() == "before \(number)")
      #expect(log.pop() == "done \(number)")
    }
    withExtendedLifetime(peer) {}
  }

  @Test("a reply is given once")
  func replyOnce() {
    let answers = Mutex<[Result<JSONValue, RPCError>]>([])
    do {
      let reply = Reply { answer in answers.withLock { $0.append(answer) } }
      reply.succeed(1 as JSONValue)
      reply.fail(.overloaded)
    }
    #expect(answers.withLock { $0 } == [.success(1)])
  }

  @Test("requests of the other side reach the handler with their id")
  func serverRequests() throws {
    let (peer, client) = pair()
    let seen = BlockingQueue<String>(capacity: 10)
    client.start(
      onRequest: { id, method, params, reply in
        seen.push("\(id) \(method)")
        reply.succeed(params ?? .null)
      }, onNotification: { _, _ in }, onClose: { _ in })
    peer.connection.call("item/tool/call", ["x": 1]) { answer in seen.push("\(answer == .success(["x": 1]))")
    }
    #expect(seen.pop() == "1 item/tool/call")
    #expect(seen.pop() == "true")
  }
}
