import StetJSON
import StetProtocol
import Testing

/// `fuzzyFileSearch*` over real directories.
@Suite struct FuzzySearchTests {
  let house = RealServer()

  init() {
    for file in [
      "src/main_program.py", "src/other.py", "docs/readme.md", ".git/hooks/post.sample", "ignored/x.py",
    ] {
      house.work.write(file, "")
    }
    house.work.write(".gitignore", "ignored/\n")
  }

  private var root: JSONValue { .string(house.work.path) }

  private func find(_ client: TestClient, _ query: String) async throws -> [JSONValue] {
    let params: JSONValue = ["query": .string(query), "roots": [root]]
    return try await client.call("fuzzyFileSearch", params)["files"]?.arrayValue ?? []
  }

  private func paths(_ files: [JSONValue]) -> [String] { files.compactMap { $0["path"]?.stringValue } }

  @Test("matches have Codex's scores and places")
  func scores() async throws {
    let client = try await house.client()
    #expect(
      try await find(client, "mainp") == [
        [
          "root": root, "path": "src/main_program.py", "match_type": "file", "file_name": "main_program.py",
          "score": 130, "indices": [4, 5, 6, 7, 9],
        ]
      ])
    let two = try await find(client, "py")
    #expect(paths(two).prefix(2) == ["src/main_program.py", "src/other.py"])
    #expect(two.prefix(2).map { $0["score"] } == [56, 56])
    #expect(!paths(two).contains("ignored/x.py"))
    let words = try await find(client, "src oth")
    #expect(paths(words) == ["src/other.py"])
    #expect(words[0]["indices"] == [0, 1, 2, 4, 5, 6])
  }

  @Test("directories are found, .git is searched, upper case is exact, nothing matches nothing")
  func kinds() async throws {
    let client = try await house.client()
    let docs = try await find(client, "docs")
    #expect(docs.contains { $0["path"] == "docs" && $0["match_type"] == "directory" })
    #expect(paths(try await find(client, "sample")) == [".git/hooks/post.sample"])
    #expect(paths(try await find(client, "README")).isEmpty)
    #expect(paths(try await find(client, "readme")) == ["docs/readme.md"])
    #expect(try await find(client, "").isEmpty)
    #expect(try await find(client, "zzzz").isEmpty)
    let nowhere: JSONValue = ["query": "x", "roots": ["/nonexistent"], "cancellationToken": "t"]
    #expect(try await client.call("fuzzyFileSearch", nowhere) == ["files": []])
  }

  @Test("of many calls with one token each is answered, the last with its matches")
  func token() async throws {
    let client = try await house.client()
    let calls = (0..<20).map { number in
      client.ask(
        "fuzzyFileSearch",
        ["query": number == 19 ? "other" : "main", "roots": [root], "cancellationToken": "t"])
    }
    for call in calls.dropLast() { _ = try await client.response(to: call).get() }
    let last = try await client.response(to: calls[19]).get()
    #expect(paths(last["files"]?.arrayValue ?? []) == ["src/other.py"])
  }

  @Test("a session: answer, ranked list, completed; the last of several updates tells")
  func session() async throws {
    let client = try await house.client()
    try await client.call("fuzzyFileSearch/sessionStart", ["sessionId": "s", "roots": [root]])
    let update = client.ask("fuzzyFileSearch/sessionUpdate", ["sessionId": "s", "query": "oth"])
    let updated = await client.note("fuzzyFileSearch/sessionUpdated")
    #expect(updated["sessionId"] == "s" && updated["query"] == "oth")
    #expect(updated["files"]?[0]?["path"] == "src/other.py" && updated["files"]?[0]?["score"] == 84)
    #expect(await client.note("fuzzyFileSearch/sessionCompleted") == ["sessionId": "s"])
    #expect(
      isSubsequence(
        ["#\(update)", "fuzzyFileSearch/sessionUpdated", "fuzzyFileSearch/sessionCompleted"], of: client.order
      ))
    for query in ["m", "ma", "mai", "main"] {
      client.ask("fuzzyFileSearch/sessionUpdate", ["sessionId": "s", "query": .string(query)])
    }
    var count = 1
    repeat { count += 1 } while await client.note("fuzzyFileSearch/sessionUpdated", count)["query"] != "main"
    #expect(try await client.call("fuzzyFileSearch/sessionStop", ["sessionId": "s"]) == [:])
    #expect(try await client.call("fuzzyFileSearch/sessionStop", ["sessionId": "s"]) == [:])
    let gone = await client.error("fuzzyFileSearch/sessionUpdate", ["sessionId": "s", "query": "x"])
    #expect(gone == .invalidRequest("fuzzy file search session not found: s"))
    let plain = try await house.client(experimental: false)
    let gated = await plain.error("fuzzyFileSearch/sessionStart", ["sessionId": "s", "roots": [root]])
    #expect(gated?.message == "fuzzyFileSearch/sessionStart requires experimentalApi capability")
  }
}
