import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Cursors come from clients: one that no page gave is refused, by every method that takes one.
@Suite struct CursorTests {
  private static let everything: JSONValue = [
    "version": 1, "hunkReview": true, "snapshots": true, "events": true, "search": true,
  ]

  @Test("A3: a cursor that no page gave is an error in Codex's words, whatever the method")
  func a3_badCursors() async throws {
    let house = AgentHouse([.text("one"), .text("two"), .text("three")])
    let server = house.server()
    let client = try await house.connect(server, stet: Self.everything)
    let threads = [try await house.thread(client), try await house.thread(client)]
    for thread in [threads[0], threads[0], threads[1]] {
      let done = client.notes("turn/completed").count
      let input: JSONValue = [["type": "text", "text": "word"]]
      try await client.call("turn/start", ["threadId": thread, "input": input])
      _ = await client.note("turn/completed", done + 1)
    }
    let other = try await client.call("thread/turns/list", ["threadId": threads[0], "limit": 1])["nextCursor"]
    let foreign = try #require(other?.stringValue)
    let ofThread: JSONObject = ["threadId": threads[1]]
    let methods: [(String, JSONObject)] = [
      ("thread/list", [:]), ("thread/loaded/list", [:]), ("thread/turns/list", ofThread),
      ("thread/items/list", ofThread), ("thread/queue/list", ofThread),
      ("thread/backgroundTerminals/list", ofThread), ("thread/search", ["searchTerm": "word"]),
      ("thread/searchOccurrences", ["threadId": threads[1], "searchTerm": "word"]), ("model/list", [:]),
      ("mcpServerStatus/list", [:]), ("experimentalFeature/list", [:]), ("permissionProfile/list", [:]),
      ("stet/snapshot/list", ofThread), ("stet/thread/search", ["query": "word"]),
    ]
    let cursors = [
      "", "bad", "-1", "99999999999999999999", "1.5", "\u{0}", String(repeating: "é", count: 5_000), foreign,
    ]
    for (method, params) in methods {
      for cursor in cursors {
        var params = params
        params["cursor"] = .string(cursor)
        await #expect(throws: RPCError.invalidRequest("invalid cursor: \(cursor)"), "\(method)") {
          try await client.call(method, .object(params))
        }
      }
    }
    await server.shutdown()
  }

  @Test("the commands that outlived their calls come in pages")
  func backgroundPages() async throws {
    let calls: [FakeModel.Step] = (0..<3).map {
      .call("exec_command", ["cmd": "echo \($0); exec sleep 600", "yield_time_ms": 250])
    }
    let house = AgentHouse(calls + [.text("done")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await house.thread(
      client, ["sandbox": "danger-full-access", "approvalPolicy": "never"])
    try await client.call(
      "turn/start", ["threadId": thread, "input": [["type": "text", "text": "start three"]]])
    _ = await client.note("turn/completed")
    let whole = try await client.call("thread/backgroundTerminals/list", ["threadId": thread])
    let ids = whole["data"]?.arrayValue?.compactMap { $0["processId"]?.stringValue } ?? []
    #expect(ids.count == 3 && whole["nextCursor"]?.isNull == true)
    var paged: [String] = []
    var cursor: JSONValue = nil
    repeat {
      let page = try await client.call(
        "thread/backgroundTerminals/list", ["threadId": thread, "limit": 2, "cursor": cursor])
      let rows = page["data"]?.arrayValue ?? []
      #expect((1...2).contains(rows.count))
      paged += rows.compactMap { $0["processId"]?.stringValue }
      cursor = page["nextCursor"] ?? nil
    } while !cursor.isNull && paged.count < 10
    #expect(paged == ids)
    try await client.call("thread/backgroundTerminals/clean", ["threadId": thread])
    await server.shutdown()
  }
}
