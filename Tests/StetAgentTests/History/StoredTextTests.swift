import StetAgent
import StetJSON
import StetProtocol
import StetStore
import StetTestSupport
import Testing

/// Items of a resume go to clients as they stand in the log: only where they are whole JSON.
@Suite(.timeLimit(.minutes(10)))
struct StoredTextTests {
  /// Adds a record to a thread's log with a checksum that is right, whatever its payload is.
  private func forge(_ harness: AgentHarness, _ log: String, _ payload: String) throws {
    let opened = try ThreadLog.open(path: harness.home.path(log), types: []) { _ in }.log
    try opened.append(type: "item", payload: .verbatim(JSONText(Array(payload.utf8))))
    opened.close()
  }

  @Test(
    "R5: a record that is no JSON, though its checksum is right, reaches no client and takes nothing else with it",
    arguments: [
      #"{"type":"agentMessage","id":"bad","text":oops}"#, #"{"type":"agentMessage","id":"bad","text":"a"#,
      #"{"type":"agentMessage","id":"bad"},"more":{"a":1"#,
      #"{"type":"agentMessage","id":"bad","text":"\x"}"#,
      "{\"type\":\"agentMessage\",\"id\":\"bad\",\"text\":\"a\tb\"}",
    ])
  func r5_malformed(item: String) async throws {
    let first = AgentHarness([.text("answer")])
    let id = try await first.start().thread.id
    let turn = try await first.turn(id, "question")
    let log = try await first.log(id)
    await first.agent.shutdown()
    try forge(
      first, log,
      #"{"turnId":"\#(turn.id)","position":7,"startedAtMs":1,"completedAtMs":2,"item":\#(item)}"#)
    let second = AgentHarness([.text("more")], home: first.home, work: first.work)
    let resumed = try await second.resume(id)
    let bytes = try JSONValue(encoding: resumed).serialized()
    let value = try JSONValue(parsing: bytes)
    let items = value["thread"]?["turns"]?[0]?["items"]?.arrayValue ?? []
    #expect(items.compactMap { $0["id"]?.stringValue }.contains("bad") == false)
    #expect(items.map { $0["type"] } == ["userMessage", "agentMessage"])
    #expect(try await second.turn(id, "again").status == .completed)
  }

  @Test("an item that says less or more than this version knows is shown as it is, alone")
  func tolerant() async throws {
    let first = AgentHarness([.text("answer")])
    let id = try await first.start().thread.id
    let turn = try await first.turn(id, "question")
    let log = try await first.log(id)
    await first.agent.shutdown()
    try forge(
      first, log,
      #"{"turnId":"\#(turn.id)","position":7,"startedAtMs":1,"completedAtMs":2,"item":{"type":"agentMessage","#
        + #""id":"odd"},"more":{"a":1}}"#)
    let second = AgentHarness([], home: first.home, work: first.work)
    let response: ThreadResumeResponse = try await second.call {
      second.agent.threadResume(ThreadResumeParams(threadId: id), reply: $0)
    }
    let turns = try JSONValue(encoding: response)["thread"]?["turns"]
    #expect(turns?[0]?["items"]?[2]?["id"] == "odd")
  }

  @Test(
    "A1: an item with what only some clients get is resumed as a value, so that the others get it without")
  func a1_extras() async throws {
    let first = AgentHarness([.text("answer")])
    let id = try await first.start().thread.id
    let turn = try await first.turn(id, "question")
    let log = try await first.log(id)
    await first.agent.shutdown()
    try forge(
      first, log,
      #"{"turnId":"\#(turn.id)","position":7,"startedAtMs":1,"completedAtMs":2,"item":{"type":"commandExecution","#
        + #""id":"run","command":"ls","cwd":"/","source":"agent","status":"failed","commandActions":[],"#
        + #""stet":{"denied":"writes"}}}"#)
    let second = AgentHarness([], home: first.home, work: first.work)
    let response: ThreadResumeResponse = try await second.call {
      second.agent.threadResume(ThreadResumeParams(threadId: id), reply: $0)
    }
    guard case .commandExecution(let item)? = response.thread.turns.first?.items.last else {
      Issue.record("the command is not there as a value")
      return
    }
    #expect(item.id == "run" && item.stet?["denied"] == "writes")
    #expect(response.thread.turns.first?.items.count == 3)
  }

  @Test("R8: many turns in one reply are written like one alone")
  func r8_sameTurns() async throws {
    let first = AgentHarness((0..<5).map { .text("answer \($0) \u{1F44D} \"quoted\"") })
    let id = try await first.start().thread.id
    for number in 0..<5 { try await first.turn(id, "question \(number)") }
    let second = await first.restarted([])
    let resumed = try await second.resume(id)
    let written = try JSONValue(parsing: JSONValue(encoding: resumed).serialized())["thread"]?["turns"]
    #expect(written?.arrayValue?.count == 5)
    let turns = try #require(written).decode([Turn].self)
    #expect(turns.map(\.texts) == (0..<5).map { ["question \($0)", "answer \($0) \u{1F44D} \"quoted\""] })
    let keys = written?[0]?.objectValue.map { Array($0.keys) }
    #expect(
      keys == [
        "id", "rootTurnId", "items", "itemsView", "status", "error", "startedAt", "completedAt", "durationMs",
      ])
    #expect(written?[0]?["itemsView"] == "full" && written?[0]?["status"] == "completed")
    #expect(written?[0]?["rootTurnId"] == written?[0]?["id"] && written?[0]?["error"]?.isNull == true)
    #expect(turns.map(\.startedAt) == resumed.thread.turns.map(\.startedAt))
    #expect(turns.map(\.durationMs) == resumed.thread.turns.map(\.durationMs))
  }

  @Test(
    "R10: a thread that grows is packed, and is the same when it is resumed, read, searched and gone on with")
  func r10_packed() async throws {
    // Some 15 KB a turn, in pieces that are small enough to stay in their records.
    let texts = (0..<26).map { number in
      "question \(number) " + String(repeating: "word\(number) ", count: 1_000)
    }
    let first = AgentHarness(texts.map { _ in .text("fine") })
    let id = try await first.start().thread.id
    for text in texts { try await first.turn(id, text) }
    let log = try await first.log(id)
    let packed = String(log.dropLast(".jsonl".count)) + ".packed.zst"
    _ = try await eventually("the log is packed") { first.home.exists(packed) ? true : nil }
    let live = try await first.read(id)
    await first.agent.shutdown()
    let second = AgentHarness([.text("more")], home: first.home, work: first.work)
    let resumed = try await second.resume(id)
    #expect(second.warnings.isEmpty)
    #expect(resumed.thread.turns.map(\.texts) == live.turns.map(\.texts))
    #expect(resumed.thread.turns.map(\.id) == live.turns.map(\.id))
    #expect(try await second.turn(id, "and more").status == .completed)
    let sent = second.model.bodies.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
    #expect(sent.utf8.count > 26 * 1_000 * 6)
    #expect(second.home.exists(packed))
  }
}
