import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Testing

@Suite struct HandshakeTests {
  @Test("U23: what threads did is told to stet's own clients alone")
  func u23_tallies() async throws {
    let harness = ServerHarness()
    let own = try await harness.client(stet: ["version": 1])
    #expect(try await own.call("thread/list", [:])["stet"]?["t"] == ["turns": 2, "added": 3, "removed": 1])
    let plain = try await harness.client()
    #expect(try await plain.call("thread/list", [:])["stet"]?.isNull != false)
  }

  @Test func nothingBeforeInitialize() async throws {
    let client = ServerHarness().connect()
    for method in ["thread/start", "thread/list", "no/such/method", "stet/snapshot/list"] {
      #expect(await client.error(method, [:]) == .notInitialized)
    }
    #expect(
      await client.error("initialize", [:]) == .invalidRequest("Invalid request: missing field `clientInfo`"))
    try await client.initialize()
    #expect(try await client.call("thread/list", [:])["data"] == [])
  }

  @Test func initializeResult() async throws {
    let harness = ServerHarness()
    let client = harness.connect()
    let result = try await client.initialize(name: "my_client")
    let agent = try #require(result["userAgent"]?.stringValue)
    #expect(agent.hasPrefix("my_client/0.163.0 ("))
    #expect(agent.hasSuffix(") xterm (my_client; 1.2) stet/9.9.9"))
    #expect(result["codexHome"]?.stringValue == harness.home.path)
    #expect(result["platformFamily"] == "unix")
    #expect(result["platformOs"] == "linux")
    #expect(result["stet"] == nil)
    #expect(
      await client.error("initialize", ["clientInfo": ["name": "a", "version": "1"]]) == .alreadyInitialized)

    // The first client leads every user agent.
    let second = harness.connect()
    let other = try await second.initialize(name: "other")
    #expect(other["userAgent"]?.stringValue?.hasPrefix("my_client/0.163.0 (") == true)
    #expect(other["userAgent"]?.stringValue?.contains("(other; 1.2)") == true)
  }

  @Test("remote control is told as disabled, with an id that stays")
  func remoteControl() async throws {
    let harness = ServerHarness()
    let first = try await harness.client().note("remoteControl/status/changed")
    #expect(first["status"] == "disabled")
    #expect(first["environmentId"] == .some(.null))
    let id = try #require(first["installationId"]?.stringValue)
    #expect(harness.home.text("installation_id") == id)
    let second = try await harness.client().note("remoteControl/status/changed")
    #expect(second["installationId"]?.stringValue == id)
  }

  @Test("every notification carries the time, results and requests do not")
  func emittedAt() async throws {
    let harness = ServerHarness(nowMs: { 1_795_376_886_982 })
    let client = try await harness.client()
    _ = await client.note("remoteControl/status/changed")
    for message in client.messages {
      if case .notification(_, _, let emittedAtMs, let stet) = message {
        #expect(emittedAtMs == 1_795_376_886_982)
        #expect(stet == nil)
      }
    }
  }

  @Test func requestErrors() async throws {
    let client = try await ServerHarness().client()
    let unknown = try #require(await client.error("no/such/method", [:]))
    #expect(unknown.code == -32600)
    #expect(
      unknown.message.hasPrefix(
        "Invalid request: unknown variant `no/such/method`, expected one of `initialize`"))
    #expect(
      await client.error("thread/list", nil) == .invalidRequest("Invalid request: missing field `params`"))
    #expect(
      await client.error("thread/resume", ["threadId": "x"])?.message
        == "invalid session id: invalid character: expected an optional prefix of `urn:uuid:` followed by "
        + "[0-9a-fA-F-], found `x` at 1")
    #expect(
      await client.error("thread/read", ["threadId": "abc"])?.message
        == "invalid thread id: invalid length: expected length 32 for simple format, found 3")
  }

  @Test("ids of both kinds come back as they were; answers and notifications of nobody are ignored")
  func ids() async throws {
    let client = try await ServerHarness().client()
    let ids: [RequestID] = [.int(0), .int(1 << 52), .string("77"), .int(77), .string(""), .int(-3)]
    for id in ids { client.ask("thread/loaded/list", [:], id: id) }
    for id in ids { #expect(try await client.response(to: id).get()["data"] == []) }
    client.answer(.int(99), [:])
    client.transport.send(.error(id: .string("x"), .overloaded))
    client.transport.send(.notification(method: "no/such", params: [:]))
    #expect(try await client.call("thread/loaded/list", [:])["nextCursor"] == .some(.null))
  }

  @Test("a hundred requests at once are all answered")
  func burst() async throws {
    let client = try await ServerHarness().client()
    let ids = (0..<100).map { client.ask("thread/loaded/list", [:], id: .string("m\($0)")) }
    for id in ids { _ = try await client.response(to: id).get() }
  }

  @Test func closing() async throws {
    let harness = ServerHarness()
    let client = try await harness.client()
    await harness.server.shutdown()
    await client.closed()
    #expect(client.isClosed)
  }
}

@Suite struct ExperimentalTests {
  private let thread = JSONValue.string(ScriptedAgent.firstThread)

  @Test func methodsAndFieldsNeedTheFlag() async throws {
    let client = try await ServerHarness().client(experimental: false)
    #expect(
      await client.error("mock/experimentalMethod", [:])
        == .requiresExperimental("mock/experimentalMethod"))
    #expect(
      await client.error("thread/settings/update", ["threadId": thread])
        == .requiresExperimental("thread/settings/update"))
    let mode: JSONValue = ["mode": "plan", "settings": ["model": "m"]]
    #expect(
      await client.error("turn/start", ["threadId": thread, "input": [], "collaborationMode": mode])
        == .requiresExperimental("turn/start.collaborationMode"))
    // Null is absent.
    try await client.call("turn/start", ["threadId": thread, "input": [], "collaborationMode": nil])
  }

  @Test func withTheFlagTheyPass() async throws {
    let client = try await ServerHarness().client()
    #expect(try await client.call("thread/settings/update", ["threadId": thread]) == [:])
    #expect(try await client.call("thread/backgroundTerminals/list", ["threadId": thread])["data"] == [])
  }

  @Test func settingsUpdatedIsWithheldWithoutTheFlag() async throws {
    let harness = ServerHarness()
    let plain = try await harness.client(experimental: false)
    let full = try await harness.client()
    for client in [plain, full] { try await client.call("thread/resume", ["threadId": thread]) }
    harness.agent.sink.notify(
      .threadSettingsUpdated(
        .init(
          threadId: ScriptedAgent.firstThread,
          threadSettings: ThreadSettings(
            cwd: "/w", approvalPolicy: .never, approvalsReviewer: .user, sandboxPolicy: .dangerFullAccess,
            model: "m", modelProvider: "p",
            collaborationMode: .init(mode: .default, settings: .init(model: "m")),
            stet: StetThreadOptions(editReview: .ask)))), thread: ScriptedAgent.firstThread)
    let seen = await full.note("thread/settings/updated")
    #expect(seen["threadSettings"]?["stet"] == nil)
    try await plain.settle()
    #expect(plain.notes("thread/settings/updated").isEmpty)
  }

  @Test("notifications that a client opted out of do not come; unknown names do no harm")
  func optOut() async throws {
    let harness = ServerHarness()
    let quiet = try await harness.client(optOut: ["thread/started", "item/agentMessage/delta", "no/such"])
    try await quiet.call("thread/start", [:])
    harness.delta("a")
    try await quiet.settle()
    #expect(quiet.notes("thread/started").isEmpty)
    #expect(quiet.notes("item/agentMessage/delta").isEmpty)
    #expect(quiet.notes("remoteControl/status/changed").count == 1)
  }
}
