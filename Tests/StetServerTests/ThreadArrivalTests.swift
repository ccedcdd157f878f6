import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// What comes around the result when a thread is loaded, resumed, forked or read (protocol.md §4).
@Suite struct ThreadArrivalTests {
  /// A house whose first server has run a turn and is gone.
  private func stored(_ script: [FakeModel.Step] = [.text("one")]) async throws -> (ModelHouse, String) {
    let house = ModelHouse(script)
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    try await client.turn(thread, "go")
    await server.shutdown()
    return (house, thread)
  }

  /// What a client got for a call, from the first notification to `last`.
  private func order(_ client: TestClient, _ method: String, _ params: JSONValue, to last: String)
    async throws
    -> [String]
  {
    try await client.settle()
    let before = client.order.count
    let count = client.notes(last).count
    let id = client.ask(method, params)
    _ = try await client.response(to: id).get()
    _ = await client.note(last, count + 1)
    return client.order[before...].map { $0 == "#\(id)" ? "result" : $0 }
  }

  private let turn = "thread/tokenUsage/updated"

  @Test("resume: the notice, the status, the result, the stored counts, the goal; less without turns")
  func resume() async throws {
    let (house, thread) = try await stored()
    let server = house.server()
    let client = try await house.connect(server)
    let id = JSONValue.string(thread)
    let whole = try await order(
      client, "thread/resume", ["threadId": id], to: "thread/goal/cleared")
    #expect(
      whole == ["deprecationNotice", "thread/status/changed", "result", turn, "thread/goal/cleared"])
    let usage = try #require(client.notes(turn).first)
    #expect(usage["tokenUsage"]?["total"] == usage["tokenUsage"]?["last"])
    #expect((usage["tokenUsage"]?["total"]?["totalTokens"]?.intValue ?? 0) > 0)
    let page = try await client.call("thread/turns/list", ["threadId": id])
    #expect(usage["turnId"] == page["data"]?[0]?["id"])
    let short = try await order(
      client, "thread/resume", ["threadId": id, "excludeTurns": true], to: "thread/goal/cleared")
    #expect(short == ["result", "thread/goal/cleared"])
    await server.shutdown()
  }

  @Test("a resume tells the counts and the notice to its caller alone")
  func callerAlone() async throws {
    let (house, thread) = try await stored()
    let server = house.server()
    let first = try await house.connect(server)
    let second = try await house.connect(server)
    for client in [first, second] {
      try await client.call("thread/resume", ["threadId": .string(thread)])
      _ = await client.note(turn)
    }
    try await first.settle()
    #expect(first.notes(turn).count == 1 && first.notes("deprecationNotice").count == 1)
    #expect(second.notes(turn).count == 1 && second.notes("deprecationNotice").count == 1)
    await server.shutdown()
  }

  @Test("fork and read: the notice first; a fork has its parent's counts before thread/started")
  func forkAndRead() async throws {
    let (house, thread) = try await stored()
    let server = house.server()
    let client = try await house.connect(server)
    let id = JSONValue.string(thread)
    #expect(
      try await order(client, "thread/fork", ["threadId": id], to: "thread/started") == [
        "deprecationNotice", "result", turn, "thread/started",
      ])
    #expect(client.notes(turn).last?["threadId"] == client.notes("thread/started").last?["thread"]?["id"])
    #expect(
      try await order(
        client, "thread/fork", ["threadId": id, "excludeTurns": true], to: "thread/started") == [
          "result", "thread/started",
        ])
    let notices = client.notes("deprecationNotice").count
    try await client.call("thread/read", ["threadId": id])
    #expect(client.notes("deprecationNotice").count == notices)
    #expect(
      try await order(client, "thread/read", ["threadId": id, "includeTurns": true], to: "deprecationNotice")
        .first == "deprecationNotice")
    let summary = client.notes("deprecationNotice").last?["summary"]?.stringValue
    #expect(summary?.hasPrefix("Full-history hydration is deprecated for paginated threads; omit") == true)
    await server.shutdown()
  }

  @Test(
    "a thread that a queue call loads is announced; the first client that resumes it hears what was found")
  func loadedByOthers() async throws {
    let (house, thread) = try await stored()
    let log = try #require(house.home.names(".").isEmpty ? nil : try await path(house, thread))
    let bytes = try #require(house.home.bytes(log))
    house.home.write(log, bytes: bytes + Array(#"{"ordinal":99,"ty"#.utf8), mode: 0o600)
    let server = house.server()
    let client = try await house.connect(server)
    let id = JSONValue.string(thread)
    try await client.call("thread/queue/list", ["threadId": id])
    #expect(client.notes("thread/status/changed").map { $0["status"]?["type"] } == ["idle"])
    #expect(client.notes("thread/status/changed").first?["threadId"] == id)
    try await client.call("thread/resume", ["threadId": id])
    let warning = await client.note("warning")
    #expect(warning["message"]?.stringValue?.contains("not written completely") == true)
    try await client.call("thread/resume", ["threadId": id])
    _ = await client.note("thread/goal/cleared", 2)
    #expect(client.notes("warning").count == 1)
    #expect(client.notes("thread/status/changed").count == 1)
    await server.shutdown()
  }

  /// The log of a thread, from the home.
  private func path(_ house: ModelHouse, _ thread: String) async throws -> String {
    let server = house.server()
    let client = try await house.connect(server)
    let found = try await client.call("thread/read", ["threadId": .string(thread)])
    await server.shutdown()
    let path = try #require(found["thread"]?["path"]?.stringValue)
    return String(path.dropFirst(house.home.path.count + 1))
  }

  @Test("lists say where the commands of a loaded thread run, and null for others")
  func environments() async throws {
    let (house, thread) = try await stored()
    let server = house.server()
    let client = try await house.connect(server)
    let id = JSONValue.string(thread)
    let calls: [(String, JSONValue, (JSONValue) -> JSONValue?)] = [
      ("thread/list", [:], { $0["data"]?[0] }),
      ("thread/search", ["searchTerm": "go"], { $0["data"]?[0]?["thread"] }),
    ]
    for (method, params, row) in calls {
      let found = try #require(row(try await client.call(method, params)))
      #expect(found["id"] == id && found["environments"]?.isNull == true, "\(method)")
    }
    let place = try await client.call("thread/resume", ["threadId": id])["thread"]?["environments"]
    #expect(place?[0]?["cwd"] == .string(house.work.path))
    for (method, params, row) in calls {
      #expect(row(try await client.call(method, params))?["environments"] == place, "\(method)")
    }
    await server.shutdown()
  }
}
