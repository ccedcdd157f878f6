import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// What comes while a turn looks for what it needs before it can ask the model.
@Suite(.timeLimit(.minutes(10)))
struct BeginningTests {
  /// A hook that holds the message "first" until a file is there, then says `ending`.
  private func house(_ script: [FakeModel.Step], _ ending: String) throws -> HookHouse {
    let command = """
      read said; case "$said" in *'"first"'*) touch '@/asked'; while [ ! -e '@/go' ]; do sleep 0.02; done; \(ending);; esac
      """
    return try HookHouse(script, [".claude/settings.json": HookHouse.one("UserPromptSubmit", command)])
  }

  private func asked(_ house: HookHouse) async throws {
    _ = try await eventually("the hook is asked") { house.user.exists("asked") ? true : nil }
  }

  @Test("L7: what is said to a turn that then can't begin waits in the queue, in order")
  func l7_failedBeginning() async throws {
    let house = try house([.text("later"), .text("last")], "echo no >&2; exit 2")
    let harness = house.harness
    let thread = try await house.start()
    let turn = try await harness.begin(thread, "first")
    try await asked(house)
    for text in ["second", "third"] { _ = try await harness.begin(thread, text) }
    _ = try await eventually("both were looked at") {
      house.runs.count { $0 == "userPromptSubmit completed" } == 2 ? true : nil
    }
    house.user.write("go", "")
    #expect(await harness.ended(turn.id).status == .failed)
    let list: ThreadQueueListResponse = try await harness.call {
      harness.agent.threadQueueList(ThreadQueueListParams(threadId: thread), reply: $0)
    }
    #expect(list.data.map { $0.input } == [[.text("second")], [.text("third")]])
    harness.checkInvariants()
  }

  @Test("L13: a revert ends a turn that is still preparing; it has no say in the turn that follows")
  func l13_revertWhilePreparing() async throws {
    let gate = Gate()
    let house = try house(
      [.text("zero"), .respond([.text("one two three", chunk: 4, gates: [1: gate])])], "echo no >&2; exit 2")
    let harness = house.harness
    let thread = try await house.start()
    let zero = try await harness.turn(thread, "zero")
    let first = try await harness.begin(thread, "first")
    try await asked(house)
    _ = try await harness.revert(thread, before: zero.id)
    #expect(await harness.ended(first.id).status == .interrupted)
    let second = try await harness.begin(thread, "second")
    await harness.sink.until { $0.contains { $0.short == "delta" } }
    house.user.write("go", "")
    gate.open()
    #expect(await harness.ended(second.id).status == .completed)
    #expect(harness.said(1) == ["second"])
    harness.checkItems()
  }
}
