import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `thread/search`, `thread/searchOccurrences` and `stet/thread/search` with the real agent.
@Suite struct ThreadSearchTests {
  private let capability: JSONValue = ["version": 1, "search": true]

  @Test("what was said in a turn is found when it has ended, in both searches")
  func found() async throws {
    let house = ModelHouse([.text("The answer mentions Zanzibar."), .text("Nothing of it.")])
    let server = house.server()
    let client = try await house.connect(server, stet: capability)
    let first = try await client.thread()
    try await client.turn(first, "where is the ZANZIBAR office")
    let second = try await client.thread()
    try await client.turn(second, "another question")
    let plain = try await client.call("thread/search", ["searchTerm": "zanzibar"])
    #expect(plain["data"]?.arrayValue?.map { $0["thread"]?["id"] } == [.string(first)])
    #expect(plain["data"]?[0]?["snippet"] == "where is the ZANZIBAR office")
    let rich = try await client.call("stet/thread/search", ["query": "zanzibar"])
    let matches = try #require(rich["data"]?[0]?["matches"]?.arrayValue)
    #expect(matches.map { $0["kind"] } == ["userMessage", "agentMessage"])
    #expect(matches[0]["ranges"] == [["end": 21, "start": 13]])
    #expect(rich["data"]?.arrayValue?.count == 1)
    #expect(rich["isPartial"] == false)
    let expression: JSONValue = ["query": "zan[a-z]+r\\b", "mode": "regex", "kinds": ["agentMessage"]]
    let regex = try await client.call("stet/thread/search", expression)
    #expect(regex["data"]?[0]?["matches"]?.arrayValue?.count == 1)
    await server.shutdown()
  }

  @Test("occurrences are told one by one, in order, in pages, with ranges in UTF-16")
  func occurrences() async throws {
    let house = ModelHouse([.text("\u{1F600} needle, Needle"), .text("no more")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    try await client.turn(thread, "find the needle")
    try await client.turn(thread, "and another NEEDLE")
    var all: [JSONValue] = []
    var cursor: String?
    repeat {
      var params: JSONValue = ["threadId": .string(thread), "searchTerm": "needle", "limit": 2]
      if let cursor { params["cursor"] = .string(cursor) }
      let page = try await client.call("thread/searchOccurrences", params)
      all += page["data"]?.arrayValue ?? []
      cursor = page["nextCursor"]?.stringValue
    } while cursor != nil
    #expect(all.map { $0["snippetMatchRange"]?["start"] } == [9, 3, 11, 12])
    let items = client.notes("item/completed").compactMap { $0["item"]?["id"] }
    #expect(all.map { $0["itemId"] } == [items[0], items[1], items[1], items[2]])
    // The cursor opens the history at the turn, itself included.
    for found in all {
      let page = try await client.call(
        "thread/turns/list",
        ["threadId": .string(thread), "cursor": found["turnCursor"] ?? .null, "limit": 1])
      #expect(page["data"]?[0]?["id"] == found["turnId"])
    }
    let nothing = try await client.call(
      "thread/searchOccurrences", ["threadId": .string(thread), "searchTerm": "needles"])
    #expect(nothing["data"] == [])
    await server.shutdown()
  }

  @Test("faults: an empty term, a bad pattern, a bad cursor, an unknown thread, no capability")
  func faults() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server, stet: capability)
    let id = JSONValue.string(ScriptedAgent.firstThread)
    let cases: [(String, JSONValue, String)] = [
      ("thread/search", ["searchTerm": " "], "searchTerm must not be empty"),
      ("thread/search", ["searchTerm": "x", "cursor": "garbage"], "invalid cursor: garbage"),
      ("stet/thread/search", ["query": ""], "query must not be empty"),
      ("stet/thread/search", ["query": "x", "cursor": "-1"], "invalid cursor: -1"),
      ("thread/searchOccurrences", ["threadId": id, "searchTerm": "x"], "thread not loaded: "),
    ]
    for (method, params, text) in cases {
      #expect(await client.error(method, params)?.message.hasPrefix(text) == true, "\(method)")
    }
    let broken = await client.error("stet/thread/search", ["query": "(", "mode": "regex"])
    #expect(broken?.message.hasPrefix("invalid regular expression") == true)
    let plain = try await house.connect(server)
    #expect(await plain.error("stet/thread/search", ["query": "x"]) == .requiresStet("stet/thread/search"))
    await server.shutdown()
  }

  @Test("pages of both searches, sorted by time and by score")
  func pages() async throws {
    let house = ModelHouse((0..<3).map { .text("answer \($0)") })
    let server = house.server()
    let client = try await house.connect(server, stet: capability)
    var ids: [JSONValue] = []
    for number in 0..<3 {
      let thread = try await client.thread()
      try await client.turn(thread, String(repeating: "needle ", count: number + 1))
      ids.append(.string(thread))
    }
    for (method, name) in [("thread/search", "searchTerm"), ("stet/thread/search", "query")] {
      var found: [JSONValue] = []
      var cursor: JSONValue = .null
      repeat {
        let params: JSONValue = .object([name: "needle", "limit": 2, "cursor": cursor])
        let page = try await client.call(method, params)
        found += (page["data"]?.arrayValue ?? []).compactMap { $0["thread"]?["id"] }
        cursor = page["nextCursor"] ?? .null
      } while !cursor.isNull
      #expect(Set(found) == Set(ids))
      #expect(found.count == 3)
      if method == "thread/search" { #expect(found == ids.reversed()) }
    }
    await server.shutdown()
  }
}
