import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// `thread/turns/list`, `thread/items/list`, `thread/inject_items` and what a resume shows.
@Suite(.timeLimit(.minutes(10)))
struct PagesTests {
  private var echo: ScriptedTool {
    ScriptedTool("echo") { call, context in
      var item = CommandExecutionItem(
        id: call.itemId, command: "echo", cwd: "/", status: .inProgress, commandActions: [])
      context.items.started(.commandExecution(item))
      item.status = .completed
      context.items.completed(.commandExecution(item))
      return .text("out")
    }
  }

  /// Three turns on disk, or two on disk and one in memory.
  private func three(live: Bool) async throws -> (AgentHarness, String) {
    let first = AgentHarness(
      [.text("a1"), .call("echo", [:]), .text("a2"), .text("a3")], tools: [echo])
    let id = try await first.start().thread.id
    for text in ["q1", "q2"] { try await first.turn(id, text) }
    if !live {
      try await first.turn(id, "q3")
      return (await first.restarted([]), id)
    }
    let second = await first.restarted([.text("a3")])
    _ = try await second.resume(id)
    try await second.turn(id, "q3")
    return (second, id)
  }

  @Test("turns: newest first by default, cursors both ways, three views", arguments: [false, true])
  func turns(live: Bool) async throws {
    let (harness, id) = try await three(live: live)
    let all = try await harness.turns(
      ThreadTurnsListParams(threadId: id, itemsView: .full, sortDirection: .asc))
    let ids = all.data.map(\.id)
    #expect(all.data.map(\.texts) == [["q1", "a1"], ["q2", "a2"], ["q3", "a3"]] && all.nextCursor == nil)
    #expect(all.data[1].items.map(\.type) == ["userMessage", "commandExecution", "agentMessage"])
    let first = try await harness.turns(ThreadTurnsListParams(threadId: id, limit: 2))
    #expect(first.data.map(\.id) == [ids[2], ids[1]])
    #expect(first.data.map(\.itemsView) == [.summary, .summary])
    #expect(first.data[1].items.map(\.type) == ["userMessage", "agentMessage"])
    let next = try await harness.turns(
      ThreadTurnsListParams(threadId: id, cursor: first.nextCursor, limit: 2))
    #expect(next.data.map(\.id) == [ids[0]] && next.nextCursor == nil)
    let back = try await harness.turns(
      ThreadTurnsListParams(threadId: id, cursor: next.backwardsCursor, sortDirection: .asc))
    #expect(back.data.map(\.id) == ids)
    let bare = try await harness.turns(ThreadTurnsListParams(threadId: id, itemsView: .notLoaded))
    #expect(bare.data.allSatisfy { $0.items.isEmpty && $0.itemsView == .notLoaded })
    await #expect(throws: RPCError.invalidRequest("invalid cursor: garbage")) {
      _ = try await harness.turns(ThreadTurnsListParams(threadId: id, cursor: "garbage"))
    }
    let unknown = "01a204ca-6521-7781-a61e-4a4aa7893dd2"
    await #expect(throws: RPCError.threadNotLoaded(unknown)) { _ = try await harness.turnIds(unknown) }
  }

  @Test(
    "items: oldest first by default, pages across turns, one turn, an item as the anchor",
    arguments: [false, true])
  func items(live: Bool) async throws {
    let (harness, id) = try await three(live: live)
    let all = try await harness.items(ThreadItemsListParams(threadId: id)).data
    #expect(all.count == 7 && all.allSatisfy { $0.completedAtMs != nil })
    var seen: [String] = []
    var cursor: String?
    repeat {
      let page = try await harness.items(
        ThreadItemsListParams(threadId: id, cursor: cursor.map { .cursor($0) }, limit: 3))
      seen += page.data.map(\.item.id)
      cursor = page.nextCursor
    } while cursor != nil
    #expect(seen == all.map(\.item.id))
    let down = try await harness.items(ThreadItemsListParams(threadId: id, sortDirection: .desc))
    #expect(down.data.map(\.item.id) == seen.reversed())
    let back = try await harness.items(
      ThreadItemsListParams(threadId: id, cursor: down.backwardsCursor.map { .cursor($0) }))
    #expect(back.data.map(\.item.id) == [seen[6]])
    let middle = all[2].turnId
    let one = try await harness.items(ThreadItemsListParams(threadId: id, turnId: middle)).data
    #expect(one.map(\.item.id) == Array(seen[2...4]))
    let after = try await harness.items(
      ThreadItemsListParams(threadId: id, turnId: middle, cursor: .item(id: seen[2]))
    ).data
    #expect(after.map(\.item.id) == Array(seen[3...4]))
    await #expect(throws: RPCError.invalidRequest("turn not found: nope")) {
      _ = try await harness.items(ThreadItemsListParams(threadId: id, turnId: "nope"))
    }
  }

  @Test("a resume without turns has cursors to begin with and, if asked, a first page")
  func resumePages() async throws {
    let (harness, id) = try await three(live: false)
    let ids = try await harness.turnIds(id)
    let response = try await harness.call {
      harness.agent.threadResume(
        ThreadResumeParams(
          threadId: id, excludeTurns: true,
          initialTurnsPage: ThreadResumeInitialTurnsPageParams(itemsView: .full, limit: 1)), reply: $0)
    }
    #expect(response.thread.turns.isEmpty)
    #expect(response.initialTurnsPage?.data.map(\.texts) == [["q3", "a3"]])
    let older = try await harness.turns(
      ThreadTurnsListParams(threadId: id, cursor: response.initialTurnsPage?.nextCursor))
    #expect(older.data.map(\.id) == [ids[1], ids[0]])
    let cursor = try #require(response.turnsBackwardsCursor)
    #expect(
      try await harness.turns(ThreadTurnsListParams(threadId: id, cursor: cursor)).data.map(\.id)
        == ids.reversed())
    let item = try #require(response.itemsBackwardsCursor)
    let last = try await harness.items(
      ThreadItemsListParams(threadId: id, cursor: .cursor(item), limit: 1, sortDirection: .desc)
    ).data
    #expect(last.map(\.turnId) == [ids[2]])
  }

  @Test("R4: a resume with its first page reads the tail of the log only")
  func r4_tailOnly() async throws {
    let (harness, id) = try await three(live: false)
    let log = try await harness.log(id)
    await harness.agent.shutdown()
    // Each turn's place by its mark; the first two are overwritten, their line ends too.
    var bytes = try #require(harness.home.bytes(log))
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let begins = lines.filter { Array($0).firstRange(of: Array(#""turn_started""#.utf8)) != nil }
    let (from, to) = (try #require(begins.first).startIndex, try #require(begins.last).startIndex)
    #expect(begins.count == 3)
    for index in from..<(to - 1) { bytes[index] = UInt8(ascii: "#") }
    harness.home.write(log, bytes: bytes, mode: 0o600)

    let after = AgentHarness([], home: harness.home, work: harness.work)
    let response = try await after.call {
      after.agent.threadResume(
        ThreadResumeParams(
          threadId: id, excludeTurns: true,
          initialTurnsPage: ThreadResumeInitialTurnsPageParams(itemsView: .full, limit: 1)), reply: $0)
    }
    #expect(response.initialTurnsPage?.data.map(\.texts) == [["q3", "a3"]])
    #expect(response.initialTurnsPage?.nextCursor != nil)
    let items = ThreadItemsListParams(threadId: id, limit: 1, sortDirection: .desc)
    #expect(try await after.items(items).data.count == 1)
  }

  @Test("R8: ids are the same live, read, resumed, paged, in a fork and after a restart")
  func r8_idsEverywhere() async throws {
    let first = AgentHarness([.call("echo", [:]), .text("a1")], tools: [echo])
    let id = try await first.start().thread.id
    try await first.turn(id, "q1")
    let live = first.sink.notifications.compactMap {
      if case .itemCompleted(let value) = $0 { value.item.id } else { nil }
    }
    func check(_ harness: AgentHarness, _ thread: String) async throws {
      #expect(try await harness.read(thread).turns.flatMap { $0.items.map(\.id) } == live)
      #expect(try await harness.items(ThreadItemsListParams(threadId: thread)).data.map(\.item.id) == live)
      let full = try await harness.turns(ThreadTurnsListParams(threadId: thread, itemsView: .full))
      #expect(full.data.flatMap { $0.items.map(\.id) } == live)
      #expect(try await harness.resume(thread).thread.turns.flatMap { $0.items.map(\.id) } == live)
    }
    try await check(first, id)
    let fork = try await first.fork(id).thread.id
    try await check(first, fork)
    let second = await first.restarted([])
    try await check(second, id)
    try await check(second, fork)
  }

  @Test("injected items are checked, shown nowhere, sent once, and survive a restart")
  func inject() async throws {
    let first = AgentHarness([.text("a1")])
    let id = try await first.start().thread.id
    let injected: [JSONValue] = [
      ["type": "message", "role": "user", "content": [["type": "input_text", "text": "INJECTED"]]],
      ["type": "message", "role": "assistant", "content": [["type": "output_text", "text": "REPLY"]]],
    ]
    first.sink.mark("here")
    try await first.inject(id, injected)
    #expect(first.order(after: "here") == ["reply"])
    let cases: [([JSONValue], String)] = [
      ([], "items must not be empty"),
      ([["bad": 1]], "items[0] is not a valid response item: missing field `type`"),
      ([injected[0], ["type": "message"]], "items[1] is not a valid response item: missing field `role`"),
      ([3], "items[0] is not a valid response item: invalid type: expected an object"),
      (
        [["type": "function_call_output", "call_id": "c"]],
        "items[0] is not a valid response item: missing field `output`"
      ),
    ]
    for (items, text) in cases {
      await #expect(throws: RPCError.invalidRequest(text)) { try await first.inject(id, items) }
    }
    try await first.turn(id, "q1")
    #expect(first.said(0) == ["INJECTED", "REPLY", "q1"])
    #expect(try await first.turnIds(id).count == 1)
    let second = await first.restarted([.text("a2")])
    _ = try await second.resume(id)
    try await second.turn(id, "q2")
    #expect(second.said(0) == ["INJECTED", "REPLY", "q1", "a1", "q2"])
    second.checkInvariants()
  }
}
