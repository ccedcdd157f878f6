import Glibc
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// What users of other tools complained of (review.md A3) and what only the whole server can get wrong, each under the
/// name of its issue.
@Suite("review.md A3: complaints about disk and model", .timeLimit(.minutes(10)))
struct ReviewComplaintTests {
  private static let new = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")
  private static let write: (String, JSONValue) = ("write", ["path": "a.txt", "content": .string(new)])

  /// A turn whose first question is answered with what `answer` makes of it.
  private func asked(
    _ calls: [(String, JSONValue)] = [write], files: [String: String] = ["a.txt": ReviewHouse.old],
    then more: [FakeModel.Step] = [], _ answer: (ReviewHouse, JSONValue) -> JSONValue
  ) async throws -> ReviewHouse {
    let house = try await ReviewHouse(ReviewHouse.script(calls, then: more), files: files, review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let request = await house.client.request()
    house.client.answer(request.id, answer(house, request.params))
    _ = await house.client.note("turn/completed")
    return house
  }

  private func decisions(_ files: [JSONValue]) -> JSONValue {
    ["decision": ["stetReview": ["files": .array(files)]]]
  }

  /// What the model was told of its call.
  private func output(_ house: ReviewHouse) -> String {
    let items = house.house.model.requests.last?["input"]?.arrayValue ?? []
    return items.last { $0["type"] == "function_call_output" }?["output"]?.stringValue ?? ""
  }

  private func changed(_ house: ReviewHouse) throws -> JSONValue {
    let items = house.client.notes("item/completed").compactMap { $0["item"] }
    return try #require(items.last { $0["type"] == "fileChange" })
  }

  @Test("Zed#29264: refusing a rewrite of an existing file leaves the file, before it lands and after")
  func rewrite() async throws {
    let before = try await asked { _, _ in decisions([]) }
    #expect(before.work.text("a.txt") == ReviewHouse.old)
    let after = try await ReviewHouse(ReviewHouse.script([Self.write]))
    try await after.turn()
    let (id, files) = try await after.waiting()
    #expect(files.map { $0["kind"] } == ["update"], "a rewrite is no new file")
    _ = try await after.call("decide", ["reviewId": id, "files": []])
    #expect(after.work.text("a.txt") == ReviewHouse.old)
  }

  @Test("Zed#37623: going back to an earlier message touches no file; that is a step of its own")
  func earlierMessage() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write], then: [.text("again")]))
    let turn = try await house.turn()["turn"]?["id"] ?? .null
    try await house.client.call("thread/revert", ["threadId": house.thread, "beforeTurnId": turn])
    #expect(house.work.text("a.txt") == Self.new)
    try await house.turn("go, once more")
    #expect(house.work.text("a.txt") == Self.new)
  }

  @Test("Zed#58210: what was refused stays in the transcript, word for word, also for who opens it later")
  func refusedText() async throws {
    let house = try await asked { _, _ in decisions([]) }
    #expect(
      try changed(house)["stet"]?["proposedChanges"]?[0]?["diff"]?.stringValue?.contains("+LINE 2\n") == true)
    let read = try await house.client.call("thread/read", ["threadId": house.thread, "includeTurns": true])
    let items = read["thread"]?["turns"]?[0]?["items"]?.arrayValue ?? []
    let item = items.first { $0["type"] == "fileChange" }
    #expect(item?["stet"]?["proposedChanges"]?[0]?["diff"]?.stringValue?.contains("+LINE 18\n") == true)
  }

  @Test("Zed PR#47688: accepting stages nothing, and staging accepts nothing")
  func acceptanceIsNotTheIndex() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write])) { work in
      try TempRepository(in: work).commitAll()
    }
    let repository = TempRepository.there(house.work)
    try await house.turn()
    let (id, files) = try await house.waiting()
    let accepted: JSONObject = [
      "reviewId": id, "files": [ReviewHouse.decide(files[0], ["accept", "accept"])],
    ]
    _ = try await house.call("stage", accepted)
    #expect(try await house.pending().count == 1, "it still waits for its decisions")
    try repository.git("reset", "-q")
    _ = try await house.call("decide", accepted)
    #expect(try repository.git("diff", "--cached").isEmpty)
    #expect(house.work.text("a.txt") == Self.new)
  }

  @Test("cline#12912: a refused edit never touches the file, not even with its own bytes")
  func untouched() async throws {
    var before = stat()
    let house = try await asked { house, _ in
      #expect(stat(house.work.path("a.txt"), &before) == 0)
      return ["decision": "decline"]
    }
    var after = stat()
    #expect(stat(house.work.path("a.txt"), &after) == 0)
    #expect(before.st_ino == after.st_ino && before.st_mtim.tv_sec == after.st_mtim.tv_sec)
    #expect(
      before.st_mtim.tv_nsec == after.st_mtim.tv_nsec && before.st_ctim.tv_nsec == after.st_ctim.tv_nsec)
    #expect(house.work.text("a.txt") == ReviewHouse.old)
  }

  @Test("minga#2457: of files with the same name and bytes a refusal changes the one that it names")
  func sameNames() async throws {
    let paths = ["a.txt", "deep/a.txt", "deep/er/a.txt"]
    let house = try await ReviewHouse(
      ReviewHouse.script(paths.map { ("write", ["path": .string($0), "content": .string(Self.new)]) }),
      files: Dictionary(uniqueKeysWithValues: paths.map { ($0, ReviewHouse.old) }))
    try await house.turn()
    let (id, files) = try await house.waiting()
    #expect(files.count == 3)
    let decided = files.map { file in
      let isWanted = file["path"]?.stringValue?.hasSuffix("/deep/a.txt") == true
      return ReviewHouse.decide(file, isWanted ? ["reject", "accept"] : ["accept", "accept"])
    }
    _ = try await house.call("decide", ["reviewId": id, "files": .array(decided)])
    let half = ReviewHouse.old.replacing("line 18\n", with: "LINE 18\n")
    #expect(paths.map { house.work.text($0) } == [Self.new, half, Self.new])
  }

  @Test(
    "eca#507, continue#5625: the model reads that its edit is not on disk, and its next look says the same")
  func believed() async throws {
    let house = try await asked(
      then: [.call("read_file", ["path": "a.txt"]), .text("It is as it was.")]) { _, _ in decisions([]) }
    #expect(output(house).contains("a.txt: NOT changed (rejected)"))
    try await house.turn("look")
    #expect(output(house).contains("line 2\n") && !output(house).contains("LINE 2"))
  }

  @Test(
    "stella PR#1372: the item tells the bytes that were applied, the result what was not; a fault writes nothing"
  )
  func applied() async throws {
    let house = try await asked { _, params in
      decisions([ReviewHouse.decide(params["stet"]?["files"]?[0] ?? .null, ["reject", "accept"])])
    }
    let item = try changed(house)
    let diff = item["changes"]?[0]?["diff"]?.stringValue ?? ""
    #expect(diff.contains("+LINE 18") && !diff.contains("+LINE 2\n"))
    #expect(output(house).contains("hunk 1 REJECTED, not on disk.") && output(house).contains("    LINE 2\n"))
    let patch = """
      *** Begin Patch
      *** Update File: a.txt
      @@
      -line 2
      +LINE 2
      *** Update File: b.txt
      @@
      -line 2
      +LINE 2
      *** End Patch
      """
    let both = try await asked(
      [("exec_command", ["cmd": .string("apply_patch <<'EOF'\n\(patch)\nEOF")])],
      files: ["a.txt": ReviewHouse.old, "b.txt": ReviewHouse.old]
    ) { house, _ in
      // What the second file is by now leaves no place for its hunk.
      house.work.write("b.txt", "other words\n")
      return ["decision": "accept"]
    }
    #expect(both.work.text("a.txt") == ReviewHouse.old && both.work.text("b.txt") == "other words\n")
  }

  @Test("opencode#48707: an edit that came too late says what happened, what is on disk and what to do")
  func lateWords() async throws {
    let house = try await asked { house, _ in
      house.work.write("a.txt", "something else\n")
      return ["decision": "accept"]
    }
    #expect(house.work.text("a.txt") == "something else\n")
    #expect(output(house).contains("stale: a.txt: the same lines changed meanwhile. Nothing was written."))
    #expect(output(house).contains("Read the files again"))
  }
}
