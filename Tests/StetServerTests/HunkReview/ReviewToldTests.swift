import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Golden files of what the model receives for each outcome of a review (review.md A5).
@Suite(.timeLimit(.minutes(10)))
struct ReviewToldTests {
  private static let new = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")
  private static let calls: [(String, JSONValue)] = [
    ("write", ["path": "a.txt", "content": .string(new)])
  ]

  /// The output of the call after a request was answered with what `answer` makes of it.
  private func asked(
    _ call: (String, JSONValue), _ answer: (ReviewHouse, JSONValue) -> JSONValue
  ) async throws -> String {
    let house = try await ReviewHouse(ReviewHouse.script([call]), review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let request = await house.client.request()
    house.client.answer(request.id, answer(house, request.params))
    _ = await house.client.note("turn/completed")
    return output(house)
  }

  /// The output of the last call that the model was told of.
  private func output(_ house: ReviewHouse) -> String {
    let items = house.house.model.requests.last?["input"]?.arrayValue ?? []
    return items.last { $0["type"] == "function_call_output" }?["output"]?.stringValue ?? "(nothing)"
  }

  private func file(_ params: JSONValue) -> JSONValue { params["stet"]?["files"]?[0] ?? .null }

  private func review(_ files: [JSONValue], _ more: JSONObject = [:]) -> JSONValue {
    var review = more
    review["files"] = .array(files)
    return ["decision": ["stetReview": .object(review)]]
  }

  @Test("accepted, accepted with a comment, declined with a word")
  func whole() async throws {
    let accepted = try await asked(Self.calls[0]) { _, _ in ["decision": "accept"] }
    let comment: JSONValue = ["path": "a.txt", "side": "new", "line": 18, "endLine": 18, "text": "and 19?"]
    let commented = try await asked(Self.calls[0]) { _, params in
      review([ReviewHouse.decide(file(params), ["accept", "accept"])], ["comments": [comment]])
    }
    let declined = try await asked(Self.calls[0]) { _, _ in
      ["decision": "decline", "stet": ["message": "not now"]]
    }
    try Golden.checkText(
      "\(accepted)\n-----\n\(commented)\n-----\n\(declined)\n", "review-told-whole")
  }

  @Test("a hunk refused, a hunk edited, a new file refused")
  func parts() async throws {
    let partial = try await asked(Self.calls[0]) { _, params in
      review([ReviewHouse.decide(file(params), ["reject", "accept"])], ["message": "keep 2"])
    }
    let edited = try await asked(Self.calls[0]) { _, params in
      review([ReviewHouse.decide(file(params), ["edit", "accept"], edit: "mine\n")])
    }
    let created = try await asked(("write", ["path": "new.txt", "content": "x\n"])) { _, _ in review([]) }
    try Golden.checkText("\(partial)\n-----\n\(edited)\n-----\n\(created)\n", "review-told-parts")
  }

  @Test("stale and invalid")
  func refused() async throws {
    let stale = try await asked(Self.calls[0]) { house, _ in
      house.work.write("a.txt", "something else\n")
      return ["decision": "accept"]
    }
    let invalid = try await asked(Self.calls[0]) { _, _ in ["decision": "perhaps"] }
    try Golden.checkText("\(stale)\n-----\n\(invalid)\n", "review-told-refused")
  }

  @Test("of two files one changed under the review: the merge is told of that one alone")
  func mergedAlone() async throws {
    let edits = ["a.txt", "b.txt"].map { "*** Update File: \($0)\n@@\n-line 2\n+LINE 2\n" }.joined()
    let patch = "apply_patch <<'EOF'\n*** Begin Patch\n\(edits)*** End Patch\nEOF"
    let house = try await ReviewHouse(
      ReviewHouse.script([("exec_command", ["cmd": .string(patch)])]),
      files: ["a.txt": ReviewHouse.old, "b.txt": ReviewHouse.old], review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let first = await house.client.request()
    house.work.write("b.txt", ReviewHouse.old.replacing("line 18\n", with: "mine\n"))
    house.client.answer(first.id, ["decision": "accept"])
    house.client.answer(await house.client.request(2).id, ["decision": "accept"])
    _ = await house.client.note("turn/completed")
    try Golden.checkText(output(house) + "\n", "review-told-merged")
  }

  @Test("cancelled, conflicted beside what fits, and taken in part: each in its own words")
  func ownWords() async throws {
    let stopped = try await ReviewHouse(
      ReviewHouse.script([Self.calls[0]], then: [.text("I see")]), review: "ask")
    try await stopped.client.call(
      "turn/start", ["threadId": stopped.thread, "input": [["type": "text", "text": "go"]]])
    stopped.client.answer(await stopped.client.request().id, ["decision": "cancel"])
    _ = await stopped.client.note("turn/completed")
    // A turn that was stopped asks the model nothing more: it reads of it with the next.
    try await stopped.turn("go on")
    let cancelled = output(stopped)
    let divided = try await asked(
      ("edit", ["path": "a.txt", "old_string": "line 2\nline 3\n", "new_string": "LINE 2\nLINE 3\n"])
    ) { _, params in
      let operations = file(params)["hunks"]?[0]?["ops"]?.arrayValue ?? []
      let decided = zip(operations, ["reject", "accept"]).map { operation, verdict -> JSONValue in
        ["opId": operation["opId"] ?? .null, "decision": .string(verdict)]
      }
      return review([
        [
          "path": file(params)["path"] ?? .null, "baseHash": file(params)["baseHash"] ?? .null,
          "decision": "partial", "ops": .array(decided),
        ]
      ])
    }
    let house = try await ReviewHouse(ReviewHouse.script([Self.calls[0]]), review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let first = await house.client.request()
    house.work.write("a.txt", ReviewHouse.old.replacing("line 2\n", with: "mine\n"))
    house.client.answer(first.id, ["decision": "accept"])
    let second = await house.client.request(2)
    house.client.answer(second.id, ["decision": "accept"])
    _ = await house.client.note("turn/completed")
    let conflicted = output(house)
    try Golden.checkText("\(cancelled)\n-----\n\(divided)\n-----\n\(conflicted)\n", "review-told-own-words")
  }

  @Test("a delete and a move refused; long text of either kind is cut, and says how much is left")
  func kindsAndCaps() async throws {
    func patch(_ body: String) -> (String, JSONValue) {
      ("exec_command", ["cmd": .string("apply_patch <<'EOF'\n*** Begin Patch\n\(body)*** End Patch\nEOF")])
    }
    let deleted = try await asked(patch("*** Delete File: a.txt\n")) { _, _ in review([]) }
    let moved = try await asked(
      patch("*** Update File: a.txt\n*** Move to: b.txt\n@@\n-line 2\n+LINE 2\n line 3\n")
    ) { _, params in
      let kinds = (file(params)["hunks"]?.arrayValue ?? []).map { hunk -> String? in
        hunk["ops"]?[0]?["kind"] == "rename" ? "reject" : "accept"
      }
      return review([ReviewHouse.decide(file(params), kinds)])
    }
    let long = (0..<60).map { "new \($0)\n" }.joined()
    let refused = try await asked(
      ("write", ["path": "a.txt", "content": .string(Self.new.replacing("LINE 2\n", with: long))])
    ) { _, params in review([ReviewHouse.decide(file(params), ["reject", "accept"])]) }
    let mine = (0..<260).map { "mine \($0)\n" }.joined()
    let edited = try await asked(Self.calls[0]) { _, params in
      review([ReviewHouse.decide(file(params), ["edit", "accept"], edit: mine)])
    }
    let end = edited.split(separator: "\n").suffix(3).joined(separator: "\n")
    try Golden.checkText(
      "\(deleted)\n-----\n\(moved)\n-----\n\(refused)\n-----\n\(edited.split(separator: "\n").count) lines, the last:\n\(end)\n",
      "review-told-kinds")
  }

  @Test("after the turn: taken back, edited, conflicted, and the decisions taken back again")
  func afterTheTurn() async throws {
    let house = try await ReviewHouse(
      ReviewHouse.script(
        Self.calls + [("write", ["path": "new.txt", "content": "x\n"])], then: [.text("ok")]))
    try await house.turn()
    let (id, files) = try await house.waiting()
    house.work.write("a.txt", Self.new.replacing("LINE 18\n", with: "mine\n"))
    _ = try await house.call(
      "decide",
      [
        "reviewId": id,
        "files": [ReviewHouse.decide(files[0], ["edit", "reject"], edit: "two\n")], "message": "less noise",
      ])
    #expect(house.work.text("a.txt")?.contains("two\n") == true && !house.work.exists("new.txt"))
    _ = try await house.call("undo", ["reviewId": id])
    try await house.turn("go on")
    try Golden.checkText(house.reviews.joined(separator: "\n-----\n") + "\n", "review-told-after")
  }

  @Test("zed#33234: rejecting the whole of a turn does not go back past what was accepted before")
  func earlierTurns() async throws {
    let first = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [("write", ["path": "a.txt", "content": .string(first)])], then: ReviewHouse.script(Self.calls)))
    try await house.turn()
    let (accepted, files) = try await house.waiting()
    _ = try await house.call(
      "decide", ["reviewId": accepted, "files": [ReviewHouse.decide(files[0], ["accept"])]])
    try await house.turn("more")
    let (id, _) = try await house.waiting()
    _ = try await house.call("decide", ["reviewId": id, "files": []])
    #expect(house.work.text("a.txt") == first)
  }

  @Test("zed#39294: rejecting everything can be taken back, of a file that was created too")
  func undoOfCreated() async throws {
    let house = try await ReviewHouse(
      ReviewHouse.script([("write", ["path": "new.txt", "content": "x\n"])]))
    try await house.turn()
    let (id, _) = try await house.waiting()
    _ = try await house.call("decide", ["reviewId": id, "files": []])
    #expect(!house.work.exists("new.txt"))
    _ = try await house.call("undo", ["reviewId": id])
    #expect(house.work.text("new.txt") == "x\n")
  }
}
