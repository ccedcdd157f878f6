import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Reviews that outlive their turn, their decisions or their program.
@Suite(.timeLimit(.minutes(10)))
struct LateReviewTests {
  private static let new = ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")
  private static let write: (String, JSONValue) = ("write", ["path": "a.txt", "content": .string(new)])

  private func whole(_ files: [JSONValue], _ decision: String) -> JSONValue {
    .array(
      files.map {
        [
          "path": $0["path"] ?? .null, "baseHash": $0["baseHash"] ?? .null, "decision": .string(decision),
        ]
      })
  }

  @Test("undo of decisions: the disk is as before, the review waits again, the model learns it")
  func undo() async throws {
    let house = try await ReviewHouse(
      ReviewHouse.script([Self.write], then: [.text("I see"), .text("I see")]))
    try await house.turn()
    let (id, files) = try await house.waiting()
    #expect(await house.refusal("undo", ["reviewId": id])?.message.contains("not submitted") == true)
    _ = try await house.call("decide", ["reviewId": id, "files": whole(files, "reject")])
    #expect(house.work.text("a.txt") == ReviewHouse.old)
    let answer = try await house.call("undo", ["reviewId": id])
    #expect(answer["outcome"] == "all" && answer["files"]?[0]?["outcome"] == "applied")
    #expect(house.work.text("a.txt") == Self.new)
    #expect(try await house.pending().map { $0["reviewId"] } == [id])
    #expect(house.client.notes("stet/review/changed").last?["hunksUndecided"] == 2)
    try await house.turn("go on")
    #expect(house.reviews.count == 2)
    #expect(
      house.reviews.last?.hasPrefix(
        "<review>\nThe user took the decisions of a review back; what you were told of it is void. On disk now:\n"
          + "a.txt: as you left it; hash ") == true)
    _ = try await house.call("decide", ["reviewId": id, "files": whole(files, "reject")])
    #expect(house.work.text("a.txt") == ReviewHouse.old)
    let error = await house.refusal("undo", ["reviewId": "nobody"])
    #expect(error?.data?["stetError"] == "expired")
  }

  @Test("undo keeps what the user wrote since, and says which file stays")
  func undoAfterEdits() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write]))
    try await house.turn()
    let (id, files) = try await house.waiting()
    _ = try await house.call("decide", ["reviewId": id, "files": whole(files, "reject")])
    let mine = ReviewHouse.old.replacing("line 2\n", with: "mine\n")
    house.work.write("a.txt", mine)
    let answer = try await house.call("undo", ["reviewId": id])
    #expect(answer["outcome"] == "conflict" && answer["files"]?[0]?["outcome"] == "conflicted")
    #expect(house.work.text("a.txt") == mine)
  }

  @Test("an accepted proposal is undone after its submit, and can be decided once more")
  func undoAsked() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write]), review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let request = await house.client.request()
    let id = try #require(request.params["stet"]?["reviewId"])
    #expect(
      await house.refusal("decide", ["reviewId": id, "files": []])?.message.contains("open request") == true)
    house.client.answer(request.id, ["decision": "accept"])
    _ = await house.client.note("turn/completed")
    #expect(house.work.text("a.txt") == Self.new)
    let answer = try await house.call("undo", ["reviewId": id])
    #expect(answer["outcome"] == "none" && house.work.text("a.txt") == ReviewHouse.old)
    let (again, files) = try await house.waiting()
    #expect(again == id)
    let decided = try await house.call(
      "decide", ["reviewId": id, "files": [ReviewHouse.decide(files[0], ["accept", "reject"])]])
    #expect(decided["outcome"] == "partial")
    #expect(house.work.text("a.txt") == ReviewHouse.old.replacing("line 2\n", with: "LINE 2\n"))
  }

  @Test("a proposal waits over a restart: nothing is on disk, and a decision still writes it")
  func restart() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write]), review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let id = try #require(await house.client.request().params["stet"]?["reviewId"])
    let (later, files) = try await restarted(house, id)
    #expect(house.work.text("a.txt") == ReviewHouse.old)
    let decided = try await later.call(
      "stet/review/decide", ["threadId": house.thread, "reviewId": id, "files": whole(files, "accept")])
    #expect(decided["outcome"] == "all" && house.work.text("a.txt") == Self.new)
    let left = try await later.call("stet/review/list", ["threadId": house.thread, "state": "pending"])
    #expect(left["data"] == [])
  }

  @Test("the review of a turn waits over a restart too; a proposal whose file changed is put again")
  func restartApplied() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write]))
    try await house.turn()
    let (id, _) = try await house.waiting()
    let (later, files) = try await restarted(house, id)
    let decided = try await later.call(
      "stet/review/decide", ["threadId": house.thread, "reviewId": id, "files": whole(files, "reject")])
    #expect(decided["outcome"] == "none" && house.work.text("a.txt") == ReviewHouse.old)
  }

  @Test("which call made a hunk that landed, and why, is known over a restart")
  func restartReason() async throws {
    let call = (
      "write", ["path": "a.txt", "content": .string(Self.new), "why": "capitals read better"] as JSONValue
    )
    let house = try await ReviewHouse(ReviewHouse.script([call]))
    try await house.turn()
    let (id, before) = try await house.waiting()
    func told(_ files: [JSONValue]) -> [[JSONValue?]] {
      files.flatMap { $0["hunks"]?.arrayValue ?? [] }.map { [$0["callId"], $0["note"]] }
    }
    let (_, files) = try await restarted(house, id)
    #expect(told(files).count == 2 && told(files).allSatisfy { $0[1] == "capitals read better" })
    #expect(told(files) == told(before))
  }

  @Test("a late proposal whose file changed is put again with the change in it")
  func again() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write]), review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let id = try #require(await house.client.request().params["stet"]?["reviewId"])
    let (later, files) = try await restarted(house, id)
    house.work.write("a.txt", ReviewHouse.old.replacing("line 10\n", with: "mine\n"))
    let error = await later.error(
      "stet/review/decide", ["threadId": house.thread, "reviewId": id, "files": whole(files, "accept")])
    #expect(error?.data?["stetError"] == "staleBase")
    let next = try #require(error?.data?["reviewId"])
    let read = try await later.call("stet/review/read", ["threadId": house.thread, "reviewId": next])
    _ = try await later.call(
      "stet/review/decide",
      [
        "threadId": house.thread, "reviewId": next,
        "files": whole(read["files"]?.arrayValue ?? [], "accept"),
      ])
    #expect(house.work.text("a.txt") == Self.new.replacing("line 10\n", with: "mine\n"))
  }

  /// Another server on the same home, as after a restart; the review as it waits there.
  private func restarted(
    _ house: ReviewHouse, _ id: JSONValue
  ) async throws -> (TestClient, files: [JSONValue]) {
    await house.server.shutdown()
    let later = try await house.house.connect(house.house.server(), stet: ReviewHouse.capabilities)
    try await later.call("thread/resume", ["threadId": house.thread])
    let rows = try await later.call("stet/review/list", ["threadId": house.thread, "state": "pending"])
    #expect(rows["data"]?.arrayValue?.map { $0["reviewId"] } == [id])
    let read = try await later.call("stet/review/read", ["threadId": house.thread, "reviewId": id])
    return (later, read["files"]?.arrayValue ?? [])
  }

  @Test(
    "stvena PR#10: decided while a turn runs: it takes effect at the end of that turn, or at once when asked")
  func boundary() async throws {
    let gate = Gate()
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [Self.write],
        then: [.respond([.text("a longer answer than one piece", chunk: 5, gates: [1: gate])]), .text("ok")]))
    try await house.turn()
    let (id, files) = try await house.waiting()
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "more"]]])
    _ = await house.client.note("turn/started", 2)
    let queued = try await house.call("decide", ["reviewId": id, "files": whole(files, "reject")])
    #expect(queued["queued"] == true && queued["outcome"] == "none")
    #expect(house.work.text("a.txt") == Self.new, "nothing is touched under a running turn")
    #expect(await house.refusal("undo", ["reviewId": id])?.data?["stetError"] == "busyTurn")
    #expect(await house.refusal("decide", ["reviewId": id, "files": []]) != nil, "it is decided")
    gate.open()
    _ = await house.client.note("turn/completed", 2)
    #expect(house.work.text("a.txt") == ReviewHouse.old)
    try await house.turn("go on")
    #expect(house.reviews.count == 1)
  }

  @Test("now: the effects do not wait for the end of the turn")
  func now() async throws {
    let gate = Gate()
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [Self.write], then: [.respond([.text("a longer answer than one piece", chunk: 5, gates: [1: gate])])])
    )
    try await house.turn()
    let (id, files) = try await house.waiting()
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "more"]]])
    _ = await house.client.note("turn/started", 2)
    let done = try await house.call(
      "decide", ["reviewId": id, "files": whole(files, "reject"), "now": true])
    #expect(done["queued"] == nil && house.work.text("a.txt") == ReviewHouse.old)
    gate.open()
    _ = await house.client.note("turn/completed", 2)
  }

  @Test("decided while a turn ends: it takes effect with that end, not with the next one")
  func whileEnding() async throws {
    let gate = Gate()
    let many = "for i in $(seq 200); do seq 1 400 > made$i.txt; done"
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [Self.write],
        then: ReviewHouse.script(
          [("write", ["path": "b.txt", "content": "b\n"])],
          then: [
            .call("exec_command", ["cmd": .string(many)]),
            .respond([.text("a longer answer than one piece", chunk: 5, gates: [1: gate])]),
          ])))
    try await house.turn()
    try await house.turn()
    let ids = try await house.pending().compactMap { $0["reviewId"] }
    #expect(ids.count == 2)
    var files: [JSONValue: [JSONValue]] = [:]
    for id in ids {
      files[id] = try await house.call("read", ["reviewId": id])["files"]?.arrayValue ?? []
    }
    let (later, first) = (ids[0], ids[1])
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "more"]]])
    _ = await house.client.note("turn/started", 3)
    _ = try await house.call("decide", ["reviewId": first, "files": whole(files[first] ?? [], "reject")])
    let told = house.client.notes("stet/review/changed").count
    gate.open()
    // The first one is carried out at the end of the turn; its whole review comes behind that, and takes its time.
    _ = await house.client.note("stet/review/changed", told + 1)
    _ = try await house.call("decide", ["reviewId": later, "files": whole(files[later] ?? [], "reject")])
    _ = await house.client.note("turn/completed", 3)
    _ = try await eventually("it took effect") { house.work.text("b.txt") == nil ? true : nil }
    #expect(house.work.text("a.txt") == ReviewHouse.old)
  }

  @Test("looking again and again takes nothing away that waits")
  func looking() async throws {
    let house = try await ReviewHouse(ReviewHouse.script([Self.write]))
    try await house.turn()
    let (id, files) = try await house.waiting()
    var looks: [JSONValue] = []
    for _ in 0..<40 {
      looks.append(try await house.call("start", ["target": ["type": "thread"]])["reviewId"] ?? .null)
    }
    #expect(try await house.pending().map { $0["reviewId"] } == [id])
    #expect(await house.refusal("read", ["reviewId": looks[0]]) != nil, "looks are let go")
    _ = try await house.call("read", ["reviewId": looks[39]])
    let closed = house.client.notes("stet/review/changed").filter { $0["hunksUndecided"] == 0 }
    #expect(closed.map { $0["reviewId"] }.contains(looks[0]))
    _ = try await house.call("decide", ["reviewId": id, "files": whole(files, "reject")])
    #expect(house.work.text("a.txt") == ReviewHouse.old)
  }

  @Test("a queued proposal that is put again is over: nothing says that it waits")
  func noGhost() async throws {
    let gate = Gate()
    let house = try await ReviewHouse(
      ReviewHouse.script(
        [Self.write],
        then: [.respond([.text("a longer answer than one piece", chunk: 5, gates: [1: gate])])]),
      review: "ask")
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "go"]]])
    let request = await house.client.request()
    let id = try #require(request.params["stet"]?["reviewId"])
    house.client.answer(request.id, ["decision": "accept"])
    _ = await house.client.note("turn/completed")
    _ = try await house.call("undo", ["reviewId": id])
    let (_, files) = try await house.waiting()
    try await house.client.call(
      "turn/start", ["threadId": house.thread, "input": [["type": "text", "text": "more"]]])
    _ = await house.client.note("turn/started", 2)
    _ = try await house.call("decide", ["reviewId": id, "files": whole(files, "accept")])
    house.work.write("a.txt", ReviewHouse.old.replacing("line 10\n", with: "mine\n"))
    gate.open()
    _ = await house.client.note("turn/completed", 2)
    let waiting = try await house.pending().compactMap { $0["reviewId"] }
    #expect(waiting.count == 1 && waiting.first != id)
    let told = house.client.notes("stet/review/changed")
    #expect(told.last { $0["reviewId"] == id }?["hunksUndecided"] == 0)
    #expect(told.last { $0["reviewId"] == waiting.first }?["hunksUndecided"] == 2)
    let warnings = house.client.notes("warning").compactMap { $0["message"]?.stringValue }
    #expect(warnings.contains { $0.contains("could not be carried out") && !$0.contains("waits again") })
  }
}
