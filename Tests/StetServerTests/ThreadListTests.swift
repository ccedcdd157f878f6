import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `thread/list` with the real agent.
@Suite struct ThreadListTests {
  private func ids(_ client: TestClient, _ params: JSONValue = [:]) async throws -> [String] {
    try await client.call("thread/list", params)["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
      ?? []
  }

  /// Three threads with a turn each: `topic 0`, `topic 1`, `topic 2`.
  private func three(_ client: TestClient) async throws -> [String] {
    var all: [String] = []
    for number in 0..<3 {
      let id = try await client.thread()
      try await client.turn(id, "topic \(number)")
      all.append(id)
    }
    return all
  }

  @Test("filters: title, providers, sources, exclusions, sections, projects, parents, limit 0")
  func filters() async throws {
    let house = ModelHouse((0..<3).map { .text("answer \($0)") })
    let server = house.server()
    let client = try await house.connect(server)
    let all = try await three(client)
    let cases: [(JSONValue, [Int])] = [
      ([:], [2, 1, 0]), (["searchTerm": "topic 1"], [1]), (["searchTerm": "TOPIC"], []),
      (["modelProviders": []], [2, 1, 0]), (["modelProviders": ["openai"]], []),
      (["sourceKinds": []], [2, 1, 0]), (["sourceKinds": ["cli"]], []),
      (["sourceKinds": ["vscode"]], [2, 1, 0]),
      (["excludedThreadIds": [.string(all[1])]], [2, 0]), (["sectionId": .null], [2, 1, 0]),
      (["sectionId": "s"], []), (["projectId": .null], [2, 1, 0]), (["projectId": "p"], []),
      (["parentThreadId": .string(all[0])], []), (["limit": 0], []), (["useStateDbOnly": true], [2, 1, 0]),
      (["sortDirection": "asc"], [0, 1, 2]), (["sortKey": "recency_at"], [2, 1, 0]),
      (["cwd": .string(house.work.path)], [2, 1, 0]),
      (["cwd": ["/no", .string(house.work.path)]], [2, 1, 0]),
      (["cwd": "/no"], []), (["archived": true], []),
    ]
    for (params, expected) in cases {
      #expect(try await ids(client, params) == expected.map { all[$0] }, "\(params.text)")
    }
    await server.shutdown()
  }

  @Test("pages forward and back again; a cursor that no page gave is an error")
  func pages() async throws {
    let house = ModelHouse((0..<3).map { .text("answer \($0)") })
    let server = house.server()
    let client = try await house.connect(server)
    let all = try await three(client)
    let first = try await client.call("thread/list", ["limit": 2])
    let second = try await client.call("thread/list", ["limit": 2, "cursor": first["nextCursor"] ?? .null])
    #expect(second["data"]?.arrayValue?.map { $0["id"] } == [.string(all[0])])
    #expect(second["nextCursor"] == .null)
    let back = try await ids(
      client, ["sortDirection": "asc", "cursor": second["backwardsCursor"] ?? .null])
    #expect(back == [all[1], all[2]])
    #expect(
      await client.error("thread/list", ["cursor": "garbage"]) == .invalidRequest("invalid cursor: garbage"))
    await server.shutdown()
  }

  @Test("faults: too many exclusions, a bad id, originators, two kinds of relatives")
  func faults() async throws {
    let harness = ServerHarness()
    let client = try await harness.client()
    let id = JSONValue.string(ScriptedAgent.firstThread)
    let cases: [(JSONValue, String)] = [
      (
        ["excludedThreadIds": .array(Array(repeating: id, count: 101))],
        "excludedThreadIds must contain at most"
      ),
      (["excludedThreadIds": ["x"]], "invalid thread id"), (["originators": ["a"]], "originators filter"),
      (["parentThreadId": id, "ancestorThreadId": id], "parentThreadId and ancestorThreadId"),
    ]
    for (params, text) in cases {
      #expect(await client.error("thread/list", params)?.message.hasPrefix(text) == true, "\(params.text)")
    }
    #expect(try await client.call("thread/list", ["originators": []])["data"] == [])
  }

  @Test("rows: the first client's name, git facts, no parent of a fork, read states beside them")
  func rows() async throws {
    let house = ModelHouse([.text("answer")])
    let server = house.server()
    let client = try await house.connect(server)
    let second = try await house.connect(server)
    let id = try await second.thread()
    try await second.turn(id, "topic")
    let page = try await client.call("thread/list", [:])
    #expect(page["data"]?[0]?["originator"] == "probe")
    #expect(page["data"]?[0]?["forkedFromId"] == .null)
    let state = try #require(page["readStates"]?[id])
    #expect(state == client.notes("thread/readState/changed").last?["readState"] ?? state)
    #expect(state["firstUnread"]?["type"] == "turn")
    await server.shutdown()
  }
}
