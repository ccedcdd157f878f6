import FoundationEssentials
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `stet/review/start`: every target, without the model.
@Suite(.timeLimit(.minutes(10)))
struct ReviewTargetTests {
  private static let new = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")

  private func write(_ text: String) -> (String, JSONValue) {
    ("write", ["path": "a.txt", "content": .string(text)])
  }

  @Test("turn, range of turns and thread: each against what the files would be without them")
  func turns() async throws {
    let second = Self.new.replacing("line 18\n", with: "LINE 18\n")
    let house = try await ReviewHouse(
      ReviewHouse.script([write(Self.new)], then: ReviewHouse.script([write(second)])), review: "off")
    let turns = [
      try await house.turn()["turn"]?["id"] ?? .null, try await house.turn()["turn"]?["id"] ?? .null,
    ]
    func hunks(_ target: JSONValue) async throws -> [Int?] {
      let opened = try await house.call("start", ["target": target])
      return opened["files"]?[0]?["hunks"]?.arrayValue?.map { $0["baseStart"]?.intValue } ?? []
    }
    #expect(try await hunks(["type": "turn", "turnId": turns[0]]) == [1])
    #expect(try await hunks(["type": "turn", "turnId": turns[1]]) == [15])
    #expect(try await hunks(["type": "range", "from": turns[0], "to": turns[1]]) == [1, 15])
    #expect(try await hunks(["type": "thread"]) == [1, 15])
    #expect(try await hunks(["type": "turn", "turnId": .string("nobody")]) == [])
    #expect(try await house.pending().isEmpty, "looking is no question")
    #expect(house.house.model.requests.count == 4)
  }

  @Test("the repository: looking leaves .git byte for byte; a rejected hunk goes back in the file only")
  func repository() async throws {
    let house = try await ReviewHouse([], review: "off") { work in
      let repository = try TempRepository(in: work)
      try repository.commitAll()
    }
    let repository = TempRepository.there(house.work)
    house.work.write("a.txt", Self.new.replacing("line 18\n", with: "LINE 18\n"))
    house.work.write("new.txt", "new\n")
    let before = repository.gitDirectory()
    for (target, names) in [("uncommitted", ["a.txt", "new.txt"]), ("head", ["a.txt"]), ("staged", [])] {
      let opened = try await house.call("start", ["target": ["type": .string(target)]])
      let paths = opened["files"]?.arrayValue?.compactMap { $0["path"]?.stringValue }
      #expect(paths == names.map(house.work.path), "\(target)")
    }
    let opened = try await house.call("start", ["target": ["type": "uncommitted"]])
    let file = try #require(opened["files"]?[0])
    let decided = try await house.call(
      "decide",
      ["reviewId": opened["reviewId"] ?? .null, "files": [ReviewHouse.decide(file, ["reject", nil])]])
    #expect(decided["files"]?[0]?["outcome"] == "partial")
    #expect(house.work.text("a.txt") == ReviewHouse.old.replacing("line 18\n", with: "LINE 18\n"))
    #expect(house.work.text("new.txt") == "new\n", "what is not named stays: nobody proposed it")
    #expect(repository.gitDirectory() == before)
    let range = try await house.call(
      "start", ["target": ["type": "range", "from": "HEAD", "to": "HEAD"]])
    #expect(range["files"] == [])
  }

  @Test("two files and a patch need no thread, and nothing of them can be decided")
  func loose() async throws {
    let house = try await ReviewHouse([], review: "off")
    house.work.write("b.txt", Self.new)
    let patch = "--- x\n+++ x\n@@ -7 +7 @@\n-a\n+b\n"
    let targets: [JSONValue] = [
      ["type": "files", "old": .string(house.work.path("a.txt")), "new": .string(house.work.path("b.txt"))],
      ["type": "patch", "dataBase64": .string(Data(patch.utf8).base64EncodedString())],
    ]
    for target in targets {
      let opened = try await house.client.call("stet/review/start", ["target": target])
      #expect(opened["files"]?[0]?["hunks"]?.arrayValue?.count == 1)
      let read = try await house.client.call(
        "stet/review/read", ["reviewId": opened["reviewId"] ?? .null, "includeText": true])
      #expect(read["files"]?[0]?["proposed"]?.stringValue?.isEmpty == false)
      let preview = try await house.client.call(
        "stet/review/preview", ["reviewId": opened["reviewId"] ?? .null, "files": []])
      #expect(preview["files"] == [])
      let mine = try await house.call("start", ["target": target])
      let refusal = await house.refusal("decide", ["reviewId": mine["reviewId"] ?? .null, "files": []])
      #expect(refusal?.message.contains("nothing can be decided") == true)
    }
  }

  private static let nonsense: [JSONValue] = [
    ["type": "everything"], .null, ["type": "turn"], ["type": "files", "old": "a", "new": "/b"],
    ["type": "patch", "dataBase64": "***"], ["type": "patch", "dataBase64": "aGVsbG8="],
    ["type": "uncommitted"], ["type": "files", "old": "/nonexistent", "new": "/nonexistent"],
  ]

  @Test("targets that make no sense are errors") func refused() async throws {
    let house = try await ReviewHouse([], review: "off")
    for target in Self.nonsense {
      #expect(await house.refusal("start", ["target": target])?.code == -32600)
    }
    for target in ["uncommitted", "turn", "thread"] {
      let error = await house.client.error("stet/review/start", ["target": ["type": .string(target)]])
      #expect(error?.code == -32600)
    }
  }

  @Test("only a client with hunk review may do any of it")
  func capability() async throws {
    let house = AgentHouse([])
    let client = try await house.connect(house.server(), stet: ["version": 1])
    let thread = try await house.thread(client)
    for name in ["decide", "undo", "start", "stage", "commitDraft", "commit"] {
      let method = "stet/review/\(name)"
      #expect(await client.error(method, ["threadId": thread]) == .requiresStet(method))
    }
  }
}
