import StetClient
import StetJSON
import StetProtocol
import StetRPC
import Testing

/// A server that the test plays by hand.
private final class HandServer: Sendable {
  let transport: LocalTransport
  let received = BlockingQueue<Message>(capacity: 1_000)

  init(_ transport: LocalTransport) {
    self.transport = transport
    transport.start(
      receive: { [received] in received.push($0) }, closed: { [received] _ in received.close() })
  }

  func request() throws -> (RequestID, String, JSONValue?) {
    guard case .request(let id, let method, let params, _)? = received.pop() else {
      throw RPCError.overloaded
    }
    return (id, method, params)
  }
}

@Suite struct AppClientTests {
  private func pair(_ events: AppClient.Events = .init()) -> (HandServer, AppClient) {
    let (left, right) = LocalTransport.pair()
    return (HandServer(left), AppClient(right, events: events))
  }

  @Test("initialize is followed by initialized; nils are left away")
  func handshake() async throws {
    let (server, client) = pair()
    let answering = Task {
      let (id, method, params) = try server.request()
      #expect(method == "initialize")
      #expect(
        params == [
          "clientInfo": ["name": "t", "version": "1"],
          "capabilities": ["experimentalApi": true, "stet": ["version": 1, "hunkReview": true]],
        ])
      server.transport.send(
        .result(
          id: id,
          [
            "userAgent": "t/0.163.0", "codexHome": "/h", "platformFamily": "unix", "platformOs": "linux",
            "later": 1,
          ]))
    }
    let result = try await client.initialize(
      clientInfo: ClientInfo(name: "t", version: "1"),
      capabilities: InitializeCapabilities(
        experimentalApi: true, stet: StetCapabilities(hunkReview: true)))
    try await answering.value
    #expect(result.codexHome == "/h")
    #expect(result.stet == nil)
    #expect(server.received.pop() == .notification(method: "initialized", params: nil))
  }

  @Test("the server's error comes through; an answer of the wrong shape is an error, not a crash")
  func errors() async throws {
    let (server, client) = pair()
    let answering = Task {
      let (first, _, _) = try server.request()
      server.transport.send(.error(id: first, .threadNotFound("t")))
      let (second, _, _) = try server.request()
      server.transport.send(.result(id: second, ["thread": 5]))
    }
    await #expect(throws: RPCError.threadNotFound("t")) {
      try await client.call(ThreadReadParams(threadId: "t"))
    }
    await #expect(throws: RPCError.self) { try await client.call(ThreadReadParams(threadId: "t")) }
    try await answering.value
  }

  @Test("a method without params sends none")
  func parameterless() async throws {
    let (server, client) = pair()
    client.send(.accountLogout(.init())) { _ in }
    #expect(try server.request().2 == nil)
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
    let call = Task { try await client.call(ThreadListParams()) }
    _ = try server.request()
    server.transport.close()
    await #expect(throws: RPCError.self) { try await call.value }
    #expect(ends.pop() == true)
  }
}
