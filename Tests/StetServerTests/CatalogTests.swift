import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// The small lists for interfaces.
@Suite struct CatalogTests {
  @Test("lists that are the same everywhere")
  func constant() async throws {
    let client = try await RealServer().client()
    let profiles = try await client.call("permissionProfile/list", ["limit": 2])
    #expect(profiles["data"]?.arrayValue?.map { $0["id"] } == [":read-only", ":workspace"])
    let rest = try await client.call(
      "permissionProfile/list", ["cursor": try #require(profiles["nextCursor"])])
    #expect(rest["data"]?.arrayValue?.map { $0["id"] } == [":danger-full-access"])
    #expect(rest["nextCursor"] == .null)
    let bad = await client.error("permissionProfile/list", ["cursor": "9"])
    #expect(bad == .invalidRequest("invalid cursor: 9"))
    let modes = try await client.call("collaborationMode/list", [:])
    #expect(modes["data"]?.arrayValue?.map { $0["mode"] } == ["plan", "default"])
    #expect(
      try await client.call("experimentalFeature/list", ["limit": 2]) == ["data": [], "nextCursor": .null])
    #expect(
      try await client.call("modelProvider/capabilities/read", [:])
        == ["imageGeneration": false, "webSearch": false])
  }

  private static func hooks(timeout: Int) -> String {
    """
    [[hooks.PreToolUse]]
    matcher = "^Bash$"
    [[hooks.PreToolUse.hooks]]
    type = "command"
    command = "guard"
    timeout = \(timeout)
    statusMessage = "Looking"

    """
  }

  @Test("X7: hooks/list has each hook with its hash and the user's word on it, and what can't be read")
  func x7_hooks() async throws {
    let house = RealServer(config: Self.hooks(timeout: 30))
    house.work.write(".codex/hooks.json", "{broken")
    let client = try await house.client()
    func entry() async throws -> JSONValue {
      try await client.call("hooks/list", ["cwds": [.string(house.work.path)]])["data"]?[0] ?? .null
    }
    let listed = try await entry()
    let hook = try #require(listed["hooks"]?[0])
    #expect(
      hook["eventName"] == "preToolUse" && hook["handlerType"] == "command" && hook["command"] == "guard")
    #expect(hook["matcher"] == "^Bash$" && hook["timeoutSec"] == 30 && hook["statusMessage"] == "Looking")
    #expect(hook["source"] == "user" && hook["trustStatus"] == "untrusted" && hook["enabled"] == true)
    #expect(listed["errors"]?[0]?["path"] == .string(house.work.path(".codex/hooks.json")))
    // A client agrees as Codex's do: by the hash, under the key.
    let key = try #require(hook["key"]?.stringValue)
    let edit: JSONValue = [
      "keyPath": "hooks.state", "mergeStrategy": "upsert",
      "value": [key: ["trusted_hash": hook["currentHash"] ?? .null]],
    ]
    _ = try await client.call("config/batchWrite", ["edits": [edit]])
    #expect(try await entry()["hooks"]?[0]?["trustStatus"] == "trusted")
    house.home.write(
      "config.toml",
      Self.hooks(timeout: 31)
        + "[hooks.state.\"\(key)\"]\ntrusted_hash = \(hook["currentHash"]?.text ?? "")\n")
    #expect(try await entry()["hooks"]?[0]?["trustStatus"] == "modified")
  }

  @Test("model/list pages, and says what a model takes")
  func models() async throws {
    let house = RealServer(config: "model = \"gpt-5.5\"\nreview_model = \"o3\"\n")
    let client = try await house.client()
    let first = try await client.call("model/list", ["limit": 1, "includeHidden": true])
    #expect(first["data"]?[0]?["id"] == "gpt-5.5" && first["data"]?[0]?["isDefault"] == true)
    #expect(first["data"]?[0]?["inputModalities"] == ["text", "image"])
    let second = try await client.call("model/list", ["cursor": try #require(first["nextCursor"])])
    #expect(second["data"]?[0]?["id"] == "o3" && second["nextCursor"] == .null)
    // Those that the provider is known for follow.
    #expect(second["data"]?.arrayValue?.contains { $0["id"] == "gpt-5-mini" } == true)
    #expect(first["data"]?[0]?["description"]?.stringValue?.hasPrefix("OpenAI · 272k tokens") == true)
  }

  @Test("model/list is never empty, has one default, and follows the key that is there")
  func defaultModels() async throws {
    let plain = try await RealServer().client().call("model/list", [:])["data"]?.arrayValue ?? []
    #expect(plain.map { $0["id"] }.contains("gpt-5.5"))
    #expect(plain.filter { $0["isDefault"] == true }.map { $0["id"] } == [plain.first?["id"]])
    let claude = RealServer(environment: ["ANTHROPIC_API_KEY": "k"])
    let models = try await claude.client().call("model/list", [:])["data"]?.arrayValue ?? []
    #expect(models.first?["id"] == "claude-sonnet-4-6" && models.first?["isDefault"] == true)
    #expect(
      models.first?["supportedReasoningEfforts"]?.arrayValue?.map { $0["reasoningEffort"] }
        == ["low", "medium", "high"])
    #expect(models.allSatisfy { $0["inputModalities"] == ["text", "image"] })
  }

  @Test("model/list names what a local server has")
  func localModels() async throws {
    let model = FakeModel(script: [])
    let house = RealServer(
      config: "model_provider = \"ollama\"\n[model_providers.ollama]\nbase_url = \"\(model.url)\"\n")
    let listed = try await house.client().call("model/list", [:])
    #expect(listed["data"]?.arrayValue?.map { $0["id"] } == ["mock-model"])
    model.stop()
  }

  @Test("what stet does not have is an unknown method, experimental ones only for who may ask")
  func tierThree() async throws {
    let house = RealServer()
    let client = try await house.client()
    let plain = try await house.client(experimental: false)
    for method in ["plugin/list", "app/list", "thread/realtime/start", "mock/experimentalMethod"] {
      let error = await client.error(method, [:])
      #expect(
        error?.message.hasPrefix("Invalid request: unknown variant `\(method)`, expected one of ") == true)
    }
    for method in ["thread/realtime/start", "mock/experimentalMethod", "memory/status"] {
      #expect(await plain.error(method, [:])?.message == "\(method) requires experimentalApi capability")
    }
    #expect(
      await plain.error("plugin/list", [:])?.message.hasPrefix("Invalid request: unknown variant") == true)
  }
}
