import StetJSON
import StetProtocol
import Testing

/// `config/value/write` and `config/batchWrite` on a real file.
@Suite struct ConfigWriteTests {
  static let text = """
    # mine
    model = "one" # the one

    [model_providers.mock]
    name = "Mock" # kept
    base_url = "http://127.0.0.1:1/v1"

    """
  let house = RealServer(config: ConfigWriteTests.text)

  private func edit(_ key: String, _ value: JSONValue, _ strategy: JSONValue = "replace") -> JSONObject {
    ["keyPath": .string(key), "value": value, "mergeStrategy": strategy]
  }

  private func error(_ client: TestClient, _ params: JSONObject) async -> JSONValue? {
    await client.error("config/value/write", .object(params))?.data?["config_write_error_code"]
  }

  private var file: String { house.home.text("config.toml") ?? "" }

  @Test("one value is changed, everything else stays byte for byte; null takes it away")
  func value() async throws {
    let client = try await house.client()
    let result = try await client.call("config/value/write", .object(edit("model_reasoning_effort", "high")))
    #expect(result["status"] == "ok" && result["overriddenMetadata"] == .null)
    #expect(result["filePath"] == .string(house.home.path("config.toml")))
    #expect(file.firstRange(of: "model_reasoning_effort = \"high\"") != nil)
    let read = try await client.call("config/read", ["includeLayers": true])
    #expect(read["config"]?["model_reasoning_effort"] == "high")
    #expect(read["origins"]?["model_reasoning_effort"]?["version"] == result["version"])
    #expect(read["layers"]?[0]?["version"] == result["version"])
    try await client.call("config/value/write", .object(edit("model_reasoning_effort", .null)))
    #expect(try await client.call("config/read", [:])["config"]?["model_reasoning_effort"] == .null)
    #expect(file.firstRange(of: "model_reasoning_effort") == nil)
    for line in Self.text.split(separator: "\n") { #expect(file.firstRange(of: line) != nil) }
  }

  @Test("a table is replaced, or laid over what is there")
  func strategies() async throws {
    let client = try await house.client()
    func provider() async throws -> JSONValue? {
      try await client.call("config/read", [:])["config"]?["model_providers"]?["mock"]
    }
    try await client.call(
      "config/value/write", .object(edit("model_providers.mock", ["env_key": "MOCK"], "upsert")))
    #expect(try await provider()?["name"] == "Mock")
    #expect(try await provider()?["env_key"] == "MOCK")
    try await client.call(
      "config/value/write",
      .object(edit("model_providers.mock", ["name": "New", "base_url": "http://127.0.0.1:2/v1"])))
    #expect(try await provider() == ["name": "New", "base_url": "http://127.0.0.1:2/v1"])
    try await client.call(
      "config/value/write", .object(edit("projects.\"/a.b/c\".trust_level", "trusted", "upsert")))
    #expect(
      try await client.call("config/read", [:])["config"]?["projects"]?["/a.b/c"]?["trust_level"] == "trusted"
    )
  }

  @Test("wrong types, other versions and other files are refused, and nothing is written")
  func refused() async throws {
    let client = try await house.client()
    #expect(await error(client, edit("model_reasoning_effort", 12)) == "configValidationError")
    #expect(await error(client, edit("approval_policy", "sometimes")) == "configValidationError")
    #expect(await error(client, edit("a..b", 1)) == "configValidationError")
    var params = edit("model", "two")
    params["expectedVersion"] = "sha256:bad"
    #expect(await error(client, params) == "configVersionConflict")
    params["expectedVersion"] = nil
    params["filePath"] = .string(house.work.path("config.toml"))
    #expect(await error(client, params) == "configLayerReadonly")
    let batch: JSONValue = ["edits": [.object(edit("model", "two")), .object(edit("model_verbosity", 1))]]
    #expect(await client.error("config/batchWrite", batch) != nil)
    #expect(file == Self.text)
  }

  @Test("a batch is one step, with the version that was read")
  func batch() async throws {
    let client = try await house.client()
    let read = try await client.call("config/read", ["includeLayers": true])
    let version = try #require(read["layers"]?[0]?["version"])
    let result = try await client.call(
      "config/batchWrite",
      [
        "edits": [.object(edit("model", "two")), .object(edit("bogus_key", 1))], "expectedVersion": version,
        "filePath": .string(house.home.path("config.toml")), "reloadUserConfig": true,
      ])
    #expect(result["status"] == "ok" && result["version"] != version)
    #expect(file.firstRange(of: "bogus_key = 1") != nil)
    #expect(try await client.call("config/read", [:])["config"]?["model"] == "two")
  }

  @Test("what something stronger sets is written, and told")
  func overridden() async throws {
    let profiled = RealServer(config: "profile = \"p\"\n[profiles.p]\nmodel = \"strong\"\n")
    let client = try await profiled.client()
    let result = try await client.call("config/value/write", .object(edit("model", "weak")))
    #expect(result["status"] == "okOverridden")
    #expect(result["overriddenMetadata"]?["effectiveValue"] == "strong")
    #expect(result["overriddenMetadata"]?["overridingLayer"]?["name"]?["profile"] == "p")
    #expect(profiled.home.text("config.toml")?.firstRange(of: "model = \"weak\"") != nil)
  }
}
