import StetJSON
import StetProtocol
import StetTestSupport
import Testing

@Suite struct StetExtensionTests {
  private let thread = JSONValue.string(ScriptedAgent.firstThread)
  private let everything: JSONValue = [
    "version": 1, "hunkReview": true, "snapshots": true, "events": true, "search": true,
  ]

  @Test("what is on is told; what a client did not ask for is off")
  func negotiation() async throws {
    let harness = ServerHarness()
    var full = try await harness.connect().initialize(stet: everything)["stet"]?.objectValue
    // The name of the server's life is another each time.
    #expect(full?["epoch"]?.stringValue?.isEmpty == false)
    full?["epoch"] = Optional<JSONValue>.none
    #expect(
      full.map(JSONValue.object) == [
        "version": 1, "serverVersion": "9.9.9", "hunkReview": true, "snapshots": true, "events": true,
        "search": true,
      ])
    let some = try await harness.connect().initialize(stet: ["version": 1, "hunkReview": true])["stet"]
    #expect(some?["hunkReview"] == true)
    #expect(some?["snapshots"] == false)
  }

  @Test func methodsNeedTheCapability() async throws {
    let harness = ServerHarness()
    let plain = try await harness.client()
    let reviewer = try await harness.client(stet: ["version": 1, "hunkReview": true])
    for client in [plain, reviewer] {
      #expect(
        await client.error("stet/snapshot/list", ["threadId": thread]) == .requiresStet("stet/snapshot/list"))
    }
    #expect(
      await plain.error("stet/context/read", ["threadId": thread]) == .requiresStet("stet/context/read"))
    #expect(try await reviewer.call("stet/context/read", ["threadId": thread])["toolOutput"] == 3)
    #expect(
      await reviewer.error("stet/compact/undo", ["threadId": thread])?.data?["stetError"] == "nothingToUndo")
    #expect(
      await reviewer.error("stet/context/read", ["threadId": "nope"])?.message.hasPrefix("invalid thread id")
        == true)
    let full = try await harness.client(stet: everything)
    #expect(try await full.call("stet/snapshot/list", ["threadId": thread])["data"] == [])
    let params: JSONValue = ["threadId": thread, "scope": ["type": "turn", "turnId": "u"]]
    #expect(try await full.call("stet/snapshot/restore", params)["planId"] == "p")
    let file: JSONValue = ["threadId": thread, "snapshotId": "1", "path": "/a", "side": "before"]
    #expect(try await full.call("stet/snapshot/file", file)["dataBase64"] == "eA==")
    #expect(try await full.call("stet/snapshot/usage", [:])["turns"] == 3)
    #expect(try await full.call("stet/snapshot/purge", ["threadId": thread])["freedBytes"] == 1)
    #expect(await full.error("stet/no/such", [:])?.message.contains("unknown variant `stet/no/such`") == true)
  }

  @Test("without the flag no stet member is anywhere")
  func rendering() async throws {
    let harness = ServerHarness()
    let plain = try await harness.subscriber()
    let full = try await harness.subscriber(stet: everything)
    let sink = harness.agent.sink
    let id = ScriptedAgent.firstThread
    let item = ScriptedAgent.reviewedItem
    let count = TokenUsageBreakdown(
      totalTokens: 1, inputTokens: 1, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0)
    sink.notify(
      .threadTokenUsageUpdated(
        .init(
          threadId: id, turnId: "u", tokenUsage: ThreadTokenUsage(total: count, last: count),
          stet: StetContextUse(
            tokens: 1, window: 2, limit: 2, prompt: 1, documents: 0, toolOutput: 0, conversation: 0))),
      thread: id)
    sink.notify(.itemStarted(.init(item: item, threadId: id, turnId: "u", startedAtMs: 1)), thread: id)
    sink.notify(.itemCompleted(.init(item: item, threadId: id, turnId: "u", completedAtMs: 1)), thread: id)
    sink.notify(
      .error(
        .init(
          error: TurnError(message: "m"), willRetry: true, threadId: id, turnId: "u",
          stet: StetRetryInfo(retryInMs: 5))), thread: id)
    sink.notify(
      .turnCompleted(
        .init(
          threadId: id, turn: Turn(id: "u", items: [item], status: .completed),
          stet: StetTurnSummary(snapshotId: "s", filesChanged: 1, undoable: .full))), thread: id)
    sink.notify(
      .stetSnapshotCreated(.init(threadId: id, turnId: "u", snapshotId: "s", files: 1)), thread: id)
    for client in [plain, full] {
      _ = await client.note("turn/completed")
      try await client.settle()
      _ = try await client.call("thread/read", ["threadId": thread, "includeTurns": true])
    }
    #expect(full.notes("stet/snapshot/created").count == 1)
    #expect(full.notes("item/completed").first?["item"]?["stet"]?["reviewId"] == "r")
    #expect(full.notes("turn/completed").first?["stet"]?["snapshotId"] == "s")
    #expect(full.notes("error").first?["stet"]?["retryInMs"] == 5)
    #expect(full.notes("thread/tokenUsage/updated").first?["stet"]?["window"] == 2)
    for message in plain.messages {
      #expect(!message.jsonValue.text.contains("\"stet"), "\(message.jsonValue.text.prefix(300))")
    }
    #expect(
      plain.order.filter { !$0.hasPrefix("stet/") && !$0.hasPrefix("#") && !$0.hasPrefix("!") }.suffix(5)
        == ["item/started", "item/completed", "error", "turn/completed", "deprecationNotice"])
  }
}

@Suite struct CatalogueTests {
  @Test func accountWithoutLogin() async throws {
    let client = try await ServerHarness().client()
    #expect(
      try await client.call("account/read", [:])
        == ["account": nil, "requiresOpenaiAuth": false, "workspaceRouting": nil])
  }

  @Test func configurationWithOrigins() async throws {
    let harness = ServerHarness(
      config: """
        model = "mock-model"
        model_provider = "mock"
        [model_providers.mock]
        name = "mock"
        base_url = "http://127.0.0.1:1/v1"
        """)
    let client = try await harness.client()
    let short = try await client.call("config/read", [:])
    #expect(short["config"]?["model"] == "mock-model")
    #expect(short["config"]?["review_model"] == .some(.null))
    #expect(short["layers"] == nil)
    let long = try await client.call("config/read", ["includeLayers": true])
    #expect(long["layers"]?[0]?["config"]?["model"] == "mock-model")
    let origin = long["origins"]?["model_providers.mock.base_url"]
    #expect(
      origin?["name"] == ["type": "user", "file": .string(harness.home.path("config.toml")), "profile": nil])
    #expect(origin?["version"]?.stringValue?.hasPrefix("sha256:") == true)
    #expect(try await client.call("configRequirements/read", nil)["requirements"] == .some(.null))
  }

  @Test func brokenConfigurationIsAnError() async throws {
    let harness = ServerHarness(config: "model = \n")
    let client = try await harness.client()
    let error = try #require(await client.error("config/read", [:]))
    #expect(error.code == -32600)
    #expect(error.message.hasPrefix("Invalid configuration: "))
    withExtendedLifetime(harness) {}
  }

  @Test func modelsAndPages() async throws {
    let harness = ServerHarness(config: "model = \"a\"\nreview_model = \"b\"\n")
    let client = try await harness.client()
    let all = try await client.call("model/list", [:])
    #expect(all["data"]?.arrayValue?.prefix(2).map { $0["id"] } == ["a", "b"])
    #expect(all["data"]?.arrayValue?.filter { $0["isDefault"] == true }.map { $0["id"] } == ["a"])
    let first = try await client.call("model/list", ["limit": 1])
    #expect(first["nextCursor"] == "1")
    let second = try await client.call("model/list", ["limit": 1, "cursor": "1"])
    #expect(second["data"]?[0]?["id"] == "b")
    let count = all["data"]?.arrayValue?.count ?? 0
    let last = try await client.call("model/list", ["limit": 1, "cursor": .string("\(count - 1)")])
    #expect(last["nextCursor"] == .some(.null))
    #expect(await client.error("model/list", ["cursor": "x"])?.message == "invalid cursor: x")
  }
}
