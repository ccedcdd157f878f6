import StetProtocol
import Testing

@testable import StetServer

/// protocol.md §7.3: numbers are counted in one life of the server, and mean nothing in another.
@Suite struct EpochTests {
  private let thread = ScriptedAgent.firstThread

  private func started(_ harness: ServerHarness) async throws -> (client: TestClient, epoch: String) {
    let (client, hello) = try await greeted(harness)
    try await client.call("thread/start", [:])
    return (client, try #require(hello["stet"]?["epoch"]?.stringValue))
  }

  private func greeted(_ harness: ServerHarness) async throws -> (TestClient, JSONValue) {
    let client = harness.connect()
    let hello = try await client.call(
      "initialize",
      [
        "clientInfo": ["name": "t", "version": "1"],
        "capabilities": ["experimentalApi": true, "stet": ["version": 1, "events": true]],
      ])
    return (client, hello)
  }

  private func resume(_ client: TestClient, epoch: String?) async throws -> JSONValue {
    var options: JSONObject = ["afterSeq": 0]
    if let epoch { options["epoch"] = .string(epoch) }
    let result = try await client.call(
      "thread/resume", ["threadId": .string(thread), "stet": .object(options)])
    return try #require(result["stet"])
  }

  @Test("each life of a server has a name of its own, told at initialize and with each resume")
  func name() async throws {
    let (one, first) = try await started(ServerHarness())
    let (_, second) = try await started(ServerHarness())
    #expect(first != second && !first.isEmpty)
    #expect(try await resume(one, epoch: nil)["epoch"]?.stringValue == first)
  }

  @Test("numbers of another life are not taken for complete, whatever they are")
  func stranger() async throws {
    let (client, epoch) = try await started(ServerHarness())
    let own = try await resume(client, epoch: epoch)
    #expect(own["complete"] == true && (own["replayed"]?.intValue ?? 0) > 0)
    let other = try await resume(client, epoch: "another")
    #expect(other["complete"] == false && other["replayed"] == 0)
    #expect(other["epoch"]?.stringValue == epoch)
  }

  @Test("a client that did not ask for stet's extensions sees no name")
  func plain() async throws {
    let harness = ServerHarness()
    let client = harness.connect()
    let hello = try await client.call("initialize", ["clientInfo": ["name": "t", "version": "1"]])
    #expect(hello["stet"] == nil)
  }
}
