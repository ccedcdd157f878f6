import StetAgent
import StetJSON
import StetProtocol
import StetRPC
import StetTestSupport
import Synchronization
import Testing

@testable import StetServer

/// protocol.md §7.3: every message of a thread has a number, and a client that comes back gets what it has missed.
@Suite struct EventReplayTests {
  private let thread = ScriptedAgent.firstThread
  private let events: JSONValue = ["version": 1, "events": true]

  /// Messages of the thread as a client got them: number and method.
  private func numbers(_ client: TestClient) -> [(seq: Int, method: String)] {
    client.messages.compactMap { message in
      switch message {
      case .notification(let method, _, _, let stet?), .request(_, let method, _, let stet?):
        (stet["seq"]?.intValue ?? -1, method)
      default: nil
      }
    }
  }

  private func started(_ item: String, _ harness: ServerHarness) {
    harness.agent.sink.notify(
      .itemStarted(.init(item: message(item, ""), threadId: thread, turnId: "u", startedAtMs: 1)),
      thread: thread)
  }

  private func completed(_ item: String, _ text: String, _ harness: ServerHarness) {
    harness.agent.sink.notify(
      .itemCompleted(.init(item: message(item, text), threadId: thread, turnId: "u", completedAtMs: 1)),
      thread: thread)
  }

  private func message(_ id: String, _ text: String) -> ThreadItem {
    .agentMessage(AgentMessageItem(id: id, text: text))
  }

  private func question(_ harness: ServerHarness) -> any PendingRequestToken {
    harness.agent.sink.request(
      .commandExecutionRequestApproval(.init(threadId: thread, turnId: "u", itemId: "c", startedAtMs: 1)),
      thread: thread
    ) { _ in }
  }

  /// A client with `events` of a thread that began in this process.
  private func starter(_ harness: ServerHarness) async throws -> TestClient {
    let client = try await harness.client(stet: events)
    try await client.call("thread/start", [:])
    return client
  }

  private func resume(_ client: TestClient, after seq: Int?) async throws -> JSONValue {
    var params: JSONObject = ["threadId": .string(thread)]
    if let seq { params["stet"] = ["afterSeq": .int(Int64(seq))] }
    return try await client.call("thread/resume", .object(params))
  }

  @Test("every notification and request of a thread is numbered from 1 without a gap")
  func numbering() async throws {
    let harness = ServerHarness()
    let client = try await starter(harness)
    let plain = try await harness.subscriber()
    started("i", harness)
    for number in 0..<5 { harness.delta("\(number)") }
    completed("i", "01234", harness)
    question(harness).resolve()
    _ = await client.note("serverRequest/resolved")
    let told = numbers(client)
    #expect(told.map(\.seq) == Array(1...told.count))
    #expect(told.first?.method == "thread/started")
    #expect(told.contains { $0.method == "item/commandExecution/requestApproval" })
    // What belongs to no thread has no number.
    let greeting = client.messages.first { $0.params(of: "remoteControl/status/changed") != nil }
    guard case .notification(_, _, _, nil)? = greeting else {
      Issue.record("\(String(describing: greeting))")
      return
    }
    _ = await plain.note("serverRequest/resolved")
    for message in plain.messages {
      #expect(!message.jsonValue.text.contains("\"stet"), "\(message.jsonValue.text.prefix(300))")
    }
  }

  @Test("only what a client opted out of leaves gaps")
  func gaps() async throws {
    let harness = ServerHarness()
    let client = try await harness.client(stet: events, optOut: ["item/agentMessage/delta"])
    try await client.call("thread/start", [:])
    started("i", harness)
    harness.delta("a")
    harness.delta("b")
    completed("i", "ab", harness)
    _ = await client.note("item/completed")
    #expect(numbers(client).map(\.seq) == [1, 2, 5])
  }

  @Test("a resume brings what was missed, then what is asked, then what comes")
  func resumeReplays() async throws {
    let harness = ServerHarness()
    let first = try await starter(harness)
    started("done", harness)
    harness.delta("x", item: "done")
    _ = await first.note("item/agentMessage/delta")
    let seen = try #require(numbers(first).last?.seq)
    first.transport.close()
    await first.closed()
    harness.delta("y", item: "done")
    completed("done", "xy", harness)
    started("open", harness)
    harness.delta("1", item: "open")
    harness.delta("2", item: "open")
    let token = question(harness)

    let second = try await harness.client(stet: events)
    let result = try await resume(second, after: seen)
    #expect(result["stet"]?["complete"] == true)
    #expect(result["stet"]?["replayed"] == 3)
    let asked = await second.request()
    #expect(asked.method == "item/commandExecution/requestApproval")
    harness.delta("3", item: "open")
    _ = await second.note("item/agentMessage/delta", 2)
    #expect(
      second.order.drop { $0 != "#2" }
        == [
          "#2", "item/completed", "item/started", "item/agentMessage/delta", "thread/goal/cleared",
          "item/commandExecution/requestApproval", "item/agentMessage/delta",
        ])
    #expect(second.notes("item/agentMessage/delta").map { $0["delta"] } == ["12", "3"])
    #expect(second.notes("item/completed").first?["item"]?["text"] == "xy")
    // The numbers go on where they were; the question has the one that it had.
    let last = try #require(result["stet"]?["lastSeq"]?.intValue)
    #expect(numbers(second).map(\.seq) == [last - 4, last - 3, last - 1, last + 1, last, last + 2])
    token.resolve()
  }

  @Test("text of an item that is under way goes on in the middle")
  func middleOfText() async throws {
    let harness = ServerHarness()
    let client = try await starter(harness)
    started("i", harness)
    for number in 0..<10 { harness.delta("\(number)é") }
    _ = await client.note("item/agentMessage/delta", 10)
    let third = numbers(client).filter { $0.method == "item/agentMessage/delta" }[2].seq
    let page = try await client.call(
      "stet/events/replay", ["threadId": .string(thread), "afterSeq": .int(Int64(third))])
    #expect(page["complete"] == true)
    #expect(page["lastSeq"]?.intValue == third + 7)
    #expect(page["events"]?.arrayValue?.count == 1)
    #expect(page["events"]?[0]?["params"]?["delta"] == "3é4é5é6é7é8é9é")
    #expect(page["events"]?[0]?["seq"]?.intValue == third + 7)
    #expect(page["events"]?[0]?["fromSeq"]?.intValue == third + 1)
  }

  @Test("a page of events is cut at its limit and goes on after its last number")
  func paging() async throws {
    let harness = ServerHarness()
    let client = try await starter(harness)
    for number in 0..<10 {
      started("i\(number)", harness)
      completed("i\(number)", "", harness)
    }
    _ = await client.note("item/completed", 10)
    var after = 0
    var seqs: [Int] = []
    while true {
      let page = try await client.call(
        "stet/events/replay",
        ["threadId": .string(thread), "afterSeq": .int(Int64(after)), "limit": 7])
      let events = try #require(page["events"]?.arrayValue)
      guard let last = events.last?["seq"]?.intValue else { break }
      seqs += events.compactMap { $0["seq"]?.intValue }
      after = last
    }
    #expect(seqs == Array(1...21))
  }

  @Test("open requests are told with their id, answered ones not any more")
  func requestsInPages() async throws {
    let harness = ServerHarness()
    let client = try await starter(harness)
    let (open, over) = (question(harness), question(harness))
    over.resolve()
    _ = await client.note("serverRequest/resolved")
    let page = try await client.call("stet/events/replay", ["threadId": .string(thread), "afterSeq": 1])
    let told = try #require(page["events"]?.arrayValue)
    #expect(told.compactMap { $0["id"] } == [await client.request(1).id.jsonValue])
    #expect(
      told.map { $0["method"] } == ["item/commandExecution/requestApproval", "serverRequest/resolved"])
    open.resolve()
  }

  @Test("numbers that this process has not given, and events that are gone, are said to be")
  func incomplete() async throws {
    let time = VirtualClock()
    let harness = ServerHarness(nowMs: time.now)
    let client = try await starter(harness)
    func isComplete(_ id: String, _ seq: Int) async throws -> JSONValue? {
      try await client.call(
        "stet/events/replay", ["threadId": .string(id), "afterSeq": .int(Int64(seq))])["complete"]
    }
    #expect(try await isComplete(thread, 0) == true)
    #expect(try await isComplete(thread, 1) == true)
    #expect(try await isComplete(thread, 2) == false)
    #expect(try await isComplete(thread, -1) == false)
    // A thread that was there before the process: its old numbers say nothing.
    time.set(1_000_000)
    harness.agent.sink.notify(
      .threadStatusChanged(.init(threadId: ScriptedAgent.secondThread, status: .idle)),
      thread: ScriptedAgent.secondThread)
    #expect(try await isComplete(ScriptedAgent.secondThread, 17) == false)
    #expect(try await isComplete(ScriptedAgent.secondThread, 1_000_000) == true)
    let unknown = "01a204cd-34ce-73f1-b1ee-52c2c3641100"
    #expect(
      await client.error("stet/events/replay", ["threadId": .string(unknown), "afterSeq": 0])
        == .threadNotLoaded(unknown))
    let result = try await resume(client, after: 700)
    #expect(result["stet"]?["complete"] == false)
    #expect(result["stet"]?["replayed"] == 0)
  }

  @Test("clients without the flag may not ask, and get no state of the numbers")
  func withoutFlag() async throws {
    let harness = ServerHarness()
    let client = try await harness.client(stet: ["version": 1, "hunkReview": true])
    #expect(
      await client.error("stet/events/replay", ["threadId": .string(thread), "afterSeq": 0])
        == .requiresStet("stet/events/replay"))
    #expect(try await resume(client, after: 0)["stet"] == nil)
  }
}

@Suite struct ThreadEventsTests {
  private func note(_ text: String, turn: String = "u") throws -> Rendering {
    try Rendering(
      .guardianWarning(.init(threadId: "t", message: text)), emittedAtMs: 0)
  }

  private func turn(_ id: String) throws -> Rendering {
    try Rendering(
      .turnStarted(.init(threadId: "t", turn: Turn(id: id, items: [], status: .inProgress))), emittedAtMs: 0)
  }

  @Test("the current turn and at least 4096 events are kept")
  func kept() throws {
    var events = ThreadEvents(lastSeq: 0)
    func add(_ rendering: Rendering) {
      _ = events.number()
      events.keep(rendering)
    }
    for _ in 0..<5_000 { add(try note("x")) }
    add(try turn("u1"))
    #expect(events.isComplete(after: 5_001 - 4_096))
    #expect(!events.isComplete(after: 5_001 - 4_097))
    for _ in 0..<6_000 { add(try note("x")) }
    #expect(events.isComplete(after: 5_000))
    #expect(events.events(after: 0).count == 6_001)
    add(try turn("u2"))
    #expect(events.events(after: 0).count == 4_096)
  }

  @Test("bytes are bounded whatever the turn")
  func bytes() throws {
    var events = ThreadEvents(lastSeq: 0)
    let text = String(repeating: "x", count: 1 << 20)
    for _ in 0..<100 {
      _ = events.number()
      events.keep(try note(text))
    }
    #expect(events.bytes <= ThreadEvents.maxBytes)
    #expect(!events.isComplete(after: 50))
    #expect(events.isComplete(after: 99))
  }

  @Test("the log of all threads is bounded; the longest silent one is forgotten first")
  func allThreads() throws {
    var log = EventLog()
    log.begin()
    let text = String(repeating: "x", count: 1 << 20)
    for thread in 0..<20 {
      for _ in 0..<7 {
        let rendering = try Rendering(
          .guardianWarning(.init(threadId: "t\(thread)", message: text)), emittedAtMs: 0)
        #expect(log.add(rendering, thread: "t\(thread)", nowMs: 0) != nil)
      }
    }
    #expect(log.events(of: "t0")?.bytes == 0)
    #expect(log.events(of: "t0")?.isComplete(after: 3) == false)
    #expect(log.events(of: "t19")?.isComplete(after: 0) == true)
    let total = (0..<20).reduce(0) { $0 + (log.events(of: "t\($1)")?.bytes ?? 0) }
    #expect(total <= EventLog.maxBytes)
  }
}
