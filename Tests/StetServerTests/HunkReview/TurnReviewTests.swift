import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `editReview: atEnd`: edits land, then the whole turn is one review (review.md A5).
@Suite(.timeLimit(.minutes(10)))
struct TurnReviewTests {
  static let once = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
  static let twice = once.replacing("line 18\n", with: "LINE 18\n")

  private func edit(_ old: String, _ new: String) -> (String, JSONValue) {
    ("edit", ["path": "a.txt", "old_string": .string(old), "new_string": .string(new)])
  }

  private func house(_ more: [FakeModel.Step] = [.text("I see")]) async throws -> ReviewHouse {
    try await ReviewHouse(
      ReviewHouse.script(
        [edit("line 2\n", "LINE 2\n"), edit("line 18\n", "LINE 18\n")], then: more))
  }

  @Test("the turn is one review, composed of its calls, and each hunk names the call that made it")
  func composed() async throws {
    let house = try await house()
    try await house.turn()
    #expect(house.work.text("a.txt") == Self.twice, "edits land")
    let changed = house.client.notes("stet/review/changed")
    #expect(changed.map { $0["state"] } == ["applied"] && changed.last?["hunksUndecided"] == 2)
    let order = house.client.order
    let opened = try #require(order.firstIndex(of: "stet/review/changed"))
    #expect(opened < order.firstIndex(of: "turn/completed") ?? 0)
    let (id, files) = try await house.waiting()
    #expect(changed.last?["reviewId"] == id)
    #expect(files.count == 1 && files.first?["kind"] == "update")
    let calls = house.client.notes("item/completed").compactMap { note in
      note["item"]?["type"] == "fileChange" ? note["item"]?["id"] : nil
    }
    #expect(calls.count == 2)
    #expect(files.first?["hunks"]?.arrayValue?.map { $0["callId"] } == calls)
  }

  @Test("a rejected hunk is rolled back, the other one stays, and the model's next request says so")
  func reject() async throws {
    let house = try await house()
    try await house.turn()
    let (id, files) = try await house.waiting()
    let answer = try await house.call(
      "decide",
      [
        "reviewId": id, "files": [ReviewHouse.decide(files[0], ["accept", "reject"])], "message": "keep 18",
        "comments": [
          ["path": "a.txt", "side": "new", "line": 2, "text": "why?", "question": true]
        ],
      ])
    #expect(answer["outcome"] == "partial" && answer["files"]?[0]?["outcome"] == "partial")
    #expect(answer["files"]?[0]?["rejectedHunks"]?.arrayValue?.count == 1)
    #expect(answer["queued"] == nil)
    #expect(house.work.text("a.txt") == Self.once)
    #expect(try await house.pending().isEmpty)
    #expect(house.client.notes("stet/review/changed").last?["hunksUndecided"] == 0)
    try await house.turn("go on")
    let told = try #require(house.reviews.first)
    let hash = try #require(answer["files"]?[0]?["hashAfter"]?.stringValue)
    #expect(
      told == """
        <review>
        The user reviewed what your turn changed on disk.
        review: partial (1 accepted, 0 edited, 1 rejected; what follows is on disk now, not what you left)
        a.txt: kept hunks 1 of 2; hash after \(hash.prefix(12))
          hunk 2 REJECTED, taken back, not on disk. Your text was:
            line 15
            line 16
            line 17
            LINE 18
            line 19
            line 20
        The user says: keep 18
        comment: a.txt:2 (new) "why?" (question: answer before further edits)
        </review>
        """)
  }

  @Test("an edit of a file after its hunks were taken back is not refused as stale")
  func knownAfterwards() async throws {
    let house = try await house([
      .call("edit", ["path": "a.txt", "old_string": "line 3\n", "new_string": "LINE 3\n"]), .text("done"),
    ])
    try await house.turn()
    let (id, files) = try await house.waiting()
    _ = try await house.call(
      "decide", ["reviewId": id, "files": [ReviewHouse.decide(files[0], ["reject", "accept"])]])
    try await house.turn("again")
    #expect(
      house.work.text("a.txt")
        == ReviewHouse.old.replacing("line 18\n", with: "LINE 18\n").replacing("line 3\n", with: "LINE 3\n"))
  }

  @Test("a file that the user edited too is shown to the model before it writes over it")
  func unknownAfterwards() async throws {
    let house = try await house([
      .call("write", ["path": "a.txt", "content": "all new\n"]), .text("done"),
    ])
    try await house.turn()
    let (id, files) = try await house.waiting()
    house.work.write("a.txt", Self.twice.replacing("line 10\n", with: "mine\n"))
    _ = try await house.call(
      "decide", ["reviewId": id, "files": [ReviewHouse.decide(files[0], ["reject", "accept"])]])
    try await house.turn("again")
    #expect(house.work.text("a.txt")?.contains("mine\n") == true)
    let output = house.house.model.requests.last?["input"]?.arrayValue?.last {
      $0["type"] == "function_call_output"
    }?["output"]?.stringValue
    #expect(output?.contains("changed on disk since you last saw it") == true)
    #expect(output?.contains("+mine") == true)
  }

  @Test("everything accepted: nothing is written and the model is told nothing")
  func accept() async throws {
    let house = try await house()
    try await house.turn()
    let (id, files) = try await house.waiting()
    let answer = try await house.call(
      "decide",
      [
        "reviewId": id,
        "files": [
          [
            "path": files[0]["path"] ?? .null, "baseHash": files[0]["baseHash"] ?? .null,
            "decision": "accept",
          ]
        ],
      ])
    #expect(answer["outcome"] == "all" && answer["files"]?[0]?["outcome"] == "applied")
    try await house.turn("go on")
    #expect(house.reviews.isEmpty && house.work.text("a.txt") == Self.twice)
  }

  @Test("what is not named counts as rejected; an edited hunk gets the user's text")
  func edited() async throws {
    let house = try await house()
    try await house.turn()
    let (id, files) = try await house.waiting()
    let answer = try await house.call(
      "decide",
      ["reviewId": id, "files": [ReviewHouse.decide(files[0], ["edit", nil], edit: "mine\n")]])
    #expect(house.work.text("a.txt") == ReviewHouse.old.replacing("line 2\n", with: "mine\n"))
    #expect(answer["files"]?[0]?["editedHunks"]?.arrayValue?.count == 1)
    try await house.turn("go on")
    let told = try #require(house.reviews.first)
    #expect(told.contains("  hunk 1 EDITED by the user.\n  hunk 2 REJECTED, taken back, not on disk."))
    #expect(told.contains("The file now reads:\n1\tline 1\n2\tmine\n"))
  }

  @Test("a new file that is rejected is removed, a deleted one comes back")
  func whole() async throws {
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [
          ("write", ["path": "made/for/new.txt", "content": "x\n"]),
          ("exec_command", ["cmd": "rm gone.txt"]),
        ], then: [.text("I see")]), files: ["gone.txt": "old\n"])
    try await house.turn()
    #expect(house.work.exists("made/for/new.txt") && !house.work.exists("gone.txt"))
    let (id, files) = try await house.waiting()
    #expect(files.map { $0["kind"] } == ["delete", "add"])
    #expect(files.first?["note"]?.stringValue == "changed while `rm gone.txt` ran")
    let answer = try await house.call("decide", ["reviewId": id, "files": []])
    #expect(answer["outcome"] == "none")
    #expect(!house.work.exists("made") && house.work.text("gone.txt") == "old\n")
    try await house.turn("go on")
    let told = try #require(house.reviews.first)
    #expect(
      told.contains("gone.txt: NOT deleted (rejected and taken back). It is as it was before; hash after"))
    #expect(told.contains("made/for/new.txt: NOT there any more (rejected and taken back)."))
    #expect(told.contains("Do not propose it again unless asked."))
  }

  @Test(
    "edits of the user meanwhile: elsewhere they stay and are not offered, on the same lines they conflict")
  func meanwhile() async throws {
    let house = try await house()
    try await house.turn()
    let (id, files) = try await house.waiting()
    let mine = Self.twice.replacing("LINE 2\n", with: "LINE two\n").replacing("line 10\n", with: "ten\n")
    house.work.write("a.txt", mine)
    let preview = try await house.call("preview", ["reviewId": id, "files": []])
    #expect(preview["files"] == [])
    let all: JSONValue = [
      ["path": files[0]["path"] ?? .null, "baseHash": files[0]["baseHash"] ?? .null, "decision": "reject"]
    ]
    let warned = try await house.call("preview", ["reviewId": id, "files": all])["files"]?[0]
    #expect(warned?["stale"] == true && house.work.text("a.txt") == mine)
    #expect(warned?["warnings"]?.arrayValue?.count == 2)
    let answer = try await house.call("decide", ["reviewId": id, "files": all])
    #expect(answer["outcome"] == "conflict" && answer["files"]?[0]?["outcome"] == "conflicted")
    #expect(house.work.text("a.txt") == mine.replacing("LINE 18\n", with: "line 18\n"))
    try await house.turn("go on")
    let told = try #require(house.reviews.first)
    #expect(told.contains("hunk 1 rejected, but still on disk: the same lines have changed since."))
    #expect(told.contains("hunk 2 REJECTED, taken back, not on disk."))
    #expect(told.contains("10\tten\n"))
  }

  @Test("edits that the user made during the turn are part of the base")
  func base() async throws {
    let house = try await ReviewHouse(
      [
        .call("edit", ["path": "a.txt", "old_string": "line 2\n", "new_string": "LINE 2\n"]),
        .call("exec_command", ["cmd": "true"]), .text("done"),
      ], review: "off")
    try await house.turn()
    house.work.write("a.txt", Self.once.replacing("line 15\n", with: "mine\n"))
    let opened = try await house.call("start", ["target": ["type": "thread"]])
    #expect(opened["state"] == "applied" && opened["files"]?[0]?["hunks"]?.arrayValue?.count == 1)
    let id = try #require(opened["reviewId"])
    let file = try #require(opened["files"]?[0])
    _ = try await house.call("decide", ["reviewId": id, "files": [ReviewHouse.decide(file, ["reject"])]])
    #expect(house.work.text("a.txt") == ReviewHouse.old.replacing("line 15\n", with: "mine\n"))
  }
}
