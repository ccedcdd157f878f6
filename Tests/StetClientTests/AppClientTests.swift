import StetClient
import StetJSON
import StetProtocol
import StetRPC
import Testing

/// A server that the test plays. What it answers at once is answered on the transport's thread; nothing here may wait
/// within a task, since tasks share few threads.
private final class HandServer: Sendable {
  typealias Script = @Sendable (_ id: RequestID, _ method: String, _ params: JSONValue?) -> Message?

  let transport: LocalTransport
  let received = BlockingQueue<Message>(capacity: 1_000)

  init(_ transport: LocalTransport, _ script: @escaping Script) {
    self.transport = transport
    transport.start(
      receive: { [received] message in
        if case .request(let id, let method, let params, _) = message, let answer = script(id, method, params)
        {
          transport.send(answer)
        } else {
          received.push(message)
        }
      }, closed: { [received] _ in received.close() })
  }
}

@Suite struct AppClientTests {
  private func pair(
    _ events: AppClient.Events = .init(), script: @escaping HandServer.Script = { _, _, _ in nil }
  ) -> (HandServer, AppClient) {
    let (left, right) = LocalTransport.pair()
    return (HandServer(left, script), AppClient(right, events: events))
  }

  @Test("a purge of one thread says which: without it, all would be forgotten")
  func purge() async throws {
    let (_, client) = pair { id, method, params in
      #expect(method == "stet/snapshot/purge" && params == ["threadId": "t"])
      return .result(id: id, ["freedBytes": 1])
    }
    #expect(try await client.call(StetSnapshotPurgeParams(threadId: "t"))["freedBytes"] == 1)
    client.close()
  }

  @Test("initialize is followed by initialized; nils are left away")
  func handshake() async throws {
    let (server, client) = pair { id, method, params in
      #expect(method == "initialize")
      #expect(
        params == [
          "clientInfo": ["name": "t", "version": "1"],
          "capabilities": ["experimentalApi": true, "stet": ["version": 1, "hunkReview": true]],
        ])
      return .result(
        id: id,
        [
          "userAgent": "t/0.163.0", "codexHome": "/h", "platformFamily": "unix", "platformOs": "linux",
          "later": 1,
        ])
    }
    let result = try await client.initialize(
      clientInfo: ClientInfo(name: "t", version: "1"),
      capabilities: InitializeCapabilities(
        experimentalApi: true, stet: StetCapabilities(hunkReview: true)))
    #expect(result.codexHome == "/h")
    #expect(result.stet == nil)
    #expect(server.received.pop() == .notification(method: "initialized", params: nil))
  }

  @Test("the server's error comes through; an answer of the wrong shape is an error, not a crash")
  func errors() async throws {
    let (_, client) = pair { id, _, params in
      params?["includeTurns"] == true ? .result(id: id, ["thread": 5]) : .error(id: id, .threadNotFound("t"))
    }
    await #expect(throws: RPCError.threadNotFound("t")) {
      try await client.call(ThreadReadParams(threadId: "t"))
    }
    await #expect(throws: RPCError.self) {
      try await client.call(ThreadReadParams(threadId: "t", includeTurns: true))
    }
  }

  @Test("a method without params sends none")
  func parameterless() async throws {
    let (server, client) = pair()
    client.send(.accountLogout(.init())) { _ in }
    guard case .request(_, "account/logout", let params, _)? = server.received.pop() else {
      Issue.record("account/logout did not come")
      return
    }
    #expect(params == nil)
    withExtendedLifetime(client) {}
  }

  @Test("server requests are answered once, and not at all after they were resolved")
  func serverRequests() throws {
    let asked = BlockingQueue<RequestID>(capacity: 10)
    let told = BlockingQueue<ServerNotification>(capacity: 10)
    let (server, client) = pair(
      .init(onNotification: { told.push($0) }, onRequest: { id, _ in asked.push(id) }))
    let params: JSONValue = ["threadId": "t", "turnId": "u", "itemId": "i", "startedAtMs": 1]
    let method = "item/fileChange/requestApproval"
    for id in 0..<3 { server.transport.send(.request(id: .int(Int64(id)), method: method, params: params)) }
    for id in 0..<3 { #expect(asked.pop() == .int(Int64(id))) }

    client.answer(.int(0), with: FileChangeRequestApprovalResponse(decision: .accept))
    client.answer(.int(0), ["decision": "cancel"])
    #expect(server.received.pop() == .result(id: .int(0), ["decision": "accept"]))

    server.transport.send(
      .notification(method: "serverRequest/resolved", params: ["threadId": "t", "requestId": 1]))
    #expect(told.pop()?.method == "serverRequest/resolved")
    client.answer(.int(1), ["decision": "accept"])
    client.refuse(.int(2), .internalError("no"))
    guard case .error(.int(2), let error)? = server.received.pop() else {
      Issue.record("the refused request was not answered next")
      return
    }
    #expect(error.message == "no")
  }

  @Test("a request that is sent again with its id is answered once")
  func resent() throws {
    let asked = BlockingQueue<RequestID>(capacity: 10)
    let (server, client) = pair(.init(onRequest: { id, _ in asked.push(id) }))
    for _ in 0..<2 {
      server.transport.send(.request(id: .int(4), method: "currentTime/read", params: ["threadId": "t"]))
      #expect(asked.pop() == .int(4))
    }
    client.answer(.int(4), with: CurrentTimeReadResponse(currentTimeAt: 7))
    #expect(server.received.pop() == .result(id: .int(4), ["currentTimeAt": 7]))
    client.notify("initialized")
    #expect(server.received.pop() == .notification(method: "initialized", params: nil))
  }

  @Test("when the server goes, calls fail and the end is told")
  func serverGone() async throws {
    let ends = BlockingQueue<Bool>(capacity: 10)
    let (server, client) = pair(.init(onClose: { _ in ends.push(true) }))
    client.send(.threadList(ThreadListParams())) { result in
      if case .failure = result { ends.push(false) }
    }
    #expect(server.received.pop() != nil)
    server.transport.close()
    // The outstanding call fails first, then the end is told.
    #expect(ends.pop() == false)
    #expect(ends.pop() == true)
    await #expect(throws: RPCError.self) { try await client.call(ThreadListParams()) }
  }
}
