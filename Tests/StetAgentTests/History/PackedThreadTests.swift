import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// A thread whose old records are packed is like any other, whatever is done with it.
@Suite(.timeLimit(.minutes(10)))
struct PackedThreadTests {
  private static func question(_ number: Int) -> String {
    "question \(number) " + String(repeating: "word\(number) ", count: 1_000)
  }

  /// Goes on until the log was packed once more: it begins with the line that says so, and anew.
  private func pack(_ harness: AgentHarness, _ id: String, from first: Int) async throws {
    let log = try await harness.log(id)
    let before = Self.head(harness, log)
    for number in first..<(first + 26) { try await harness.turn(id, Self.question(number)) }
    _ = try await eventually("the log is packed") {
      let head = Self.head(harness, log)
      return head != before && head.firstRange(of: #""type":"packed""#) != nil ? true : nil
    }
  }

  private static func head(_ harness: AgentHarness, _ log: String) -> String {
    String((harness.home.text(log) ?? "").prefix(150))
  }

  private func packed(more: Int = 0) async throws -> (AgentHarness, String) {
    let harness = AgentHarness((0..<(26 + more)).map { _ in .text("fine") })
    let id = try await harness.start().thread.id
    try await pack(harness, id, from: 0)
    return (harness, id)
  }

  @Test("R6, R10: a fork of a packed thread has its turns, goes on, and keeps it from being deleted")
  func r6_fork() async throws {
    let (first, id) = try await packed()
    let parent = try await first.read(id)
    #expect(parent.turns.count == 26)
    let fork = try await first.received(first.fork(id)).thread
    #expect(fork.turns.map(\.texts) == parent.turns.map(\.texts))
    let second = await first.restarted([.text("in the fork")])
    #expect(try await second.resume(fork.id).thread.turns.map(\.texts) == parent.turns.map(\.texts))
    try await second.turn(fork.id, "and now")
    #expect(try await second.read(fork.id).turns.last?.texts == ["and now", "in the fork"])
    #expect(second.warnings.isEmpty)
    await #expect(throws: RPCError.self) {
      _ = try await second.call { second.agent.threadDelete(ThreadDeleteParams(threadId: id), reply: $0) }
    }
    #expect(try await second.read(id).turns.map(\.texts) == parent.turns.map(\.texts))
  }

  @Test("R10: a packed thread is archived, read there, brought back, found, and deleted without a rest")
  func r10_manage() async throws {
    let (first, id) = try await packed()
    let turns = try await first.read(id).turns.map(\.texts)
    _ = try await first.call { first.agent.threadArchive(ThreadArchiveParams(threadId: id), reply: $0) }
    #expect(try await first.read(id).turns.map(\.texts) == turns)
    _ = try await first.call { first.agent.threadUnarchive(ThreadUnarchiveParams(threadId: id), reply: $0) }
    let second = await first.restarted([])
    let found = try await second.call {
      second.agent.threadSearch(ThreadSearchParams(searchTerm: "word7 word7"), reply: $0)
    }
    #expect(found.data.map(\.thread.id) == [id])
    #expect(try await second.resume(id).thread.turns.map(\.texts) == turns)
    let folder = String(try await second.log(id).split(separator: "/").dropLast().joined(separator: "/"))
    #expect(second.home.names(folder).count == 2)
    _ = try await second.call { second.agent.threadDelete(ThreadDeleteParams(threadId: id), reply: $0) }
    #expect(second.home.names(folder).isEmpty)
    await #expect(throws: RPCError.self) { try await second.read(id) }
  }

  @Test("R10: a thread that grows by little in each of several processes is packed too")
  func r10_littleByLittle() async throws {
    var harness = AgentHarness((0..<10).map { _ in .text("fine") })
    let id = try await harness.start().thread.id
    let log = try await harness.log(id)
    for round in 0..<4 {
      if round > 0 {
        harness = await harness.restarted((0..<10).map { _ in .text("fine") })
        _ = try await harness.resume(id)
      }
      for number in 0..<10 { try await harness.turn(id, Self.question(round * 10 + number)) }
    }
    let last = harness
    _ = try await eventually("the log is packed") {
      Self.head(last, log).firstRange(of: #""type":"packed""#) != nil ? true : nil
    }
    #expect(try await last.read(id).turns.count == 40)
  }

  @Test("R7: a second process reads a thread that is packed under it, and is told that another writes it")
  func r7_second() async throws {
    let (first, id) = try await packed(more: 26)
    let second = AgentHarness([], home: first.home, work: first.work)
    for round in 1...2 {
      let turns = try await first.read(id).turns.map(\.texts)
      #expect(turns.count == 26 * round)
      #expect(try await second.read(id).turns.map(\.texts) == turns)
      let fault = await #expect(throws: RPCError.self) { try await second.resume(id) }
      #expect(fault?.message.hasPrefix("thread \(id) already has an active writer (process ") == true)
      if round == 1 { try await pack(first, id, from: 26) }
    }
    #expect(second.warnings.isEmpty)
  }
}
