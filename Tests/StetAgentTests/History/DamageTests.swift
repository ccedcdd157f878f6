import Glibc
import Logging
import StetAgent
import StetConfig
import StetProtocol
import StetTestSupport
import Testing

/// Logs that something else than stet has changed.
@Suite(.timeLimit(.minutes(10)))
struct DamageTests {
  private func warnings(_ harness: AgentHarness) -> [String] {
    harness.warnings.filter { $0.contains("Line ") }
  }

  /// A thread of two turns that is no longer open, the place of its log and its lines.
  private func thread() async throws -> (first: AgentHarness, id: String, log: String, lines: [[UInt8]]) {
    let first = AgentHarness([.text("a1"), .text("a2")])
    let id = try await first.start().thread.id
    try await first.turn(id, "q1")
    try await first.turn(id, "q2")
    let log = try await first.log(id)
    await first.agent.shutdown()
    let bytes = try #require(first.home.bytes(log))
    return (
      first, id, log, bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
    )
  }

  /// The line that holds the item of a message.
  private func index(_ text: String, in lines: [[UInt8]]) throws -> Int {
    let index = lines.firstIndex { line in
      let line = String(decoding: line, as: UTF8.self)
      return line.contains(#""type":"item""#) && line.contains(#""text":"\#(text)""#)
    }
    return try #require(index)
  }

  private func remove(_ index: String, _ home: TempDirectory) {
    for name in home.names() where name.hasPrefix(index) { unlink(home.path(name)) }
  }

  @Test(
    "R5: damage is told at each read, once, with the line's number, also where the line was indexed whole",
    arguments: [true, false])
  func r5_eachRead(wasIndexed: Bool) async throws {
    let (first, id, log, all) = try await thread()
    var lines = all
    let damaged = try index("a1", in: lines)
    lines[damaged][40] ^= 1
    first.home.write(log, bytes: Array(lines.joined()), mode: 0o600)
    if !wasIndexed { remove("history.db", first.home) }
    for _ in 0..<2 {
      let after = AgentHarness([], home: first.home, work: first.work)
      let resumed = try await after.resume(id).thread
      #expect(resumed.turns.map(\.texts) == [["q1"], ["q2", "a2"]])
      let text = "Line \(damaged + 1) of "
      _ = try await after.read(id)
      #expect(warnings(after).count == 1 && warnings(after).allSatisfy { $0.hasPrefix(text) })
      // Who joins later is told too.
      _ = try await after.resume(id)
      _ = try await after.read(id)
      #expect(warnings(after).count == 2)
      #expect(try await after.turnIds(id).count == 2)
      await after.agent.shutdown()
    }
  }

  @Test(
    "R5: a line that is lost at the beginning hides no thread: it is listed, resumed and goes on, and is told of",
    arguments: [0, 1, 2])
  func r5_lostBeginning(line: Int) async throws {
    let (first, id, log, all) = try await thread()
    var lines = all
    lines.remove(at: line)
    first.home.write(log, bytes: Array(lines.joined()), mode: 0o600)
    remove("index.db", first.home)
    let after = AgentHarness([.text("a3")], home: first.home, work: first.work)
    let listed = try await after.list()
    #expect(listed.map(\.id) == [id] && listed.first?.cwd == first.work.path)
    #expect(listed.first?.preview == "q1")
    let resumed = try await after.resume(id).thread
    #expect(resumed.turns.map(\.texts) == [["q1", "a1"], ["q2", "a2"]])
    _ = try await after.read(id)
    #expect(warnings(after).count == 1 && warnings(after)[0].hasPrefix("Line \(line + 1) of "))
    try await after.turn(id, "q3")
    await after.agent.shutdown()
    let again = AgentHarness([], home: first.home, work: first.work)
    #expect(try await again.list().map(\.id) == [id])
    #expect(try await again.resume(id).thread.turns.count == 3)
    _ = try await again.read(id)
    #expect(warnings(again).count == 1)
    await again.agent.shutdown()
    let home = StetHome(root: first.home.path)
    #expect(try !IndexRebuild.run(home: home, logger: Logger(label: "test")).hadChanges)
  }

  @Test("R1: a reindex makes both indexes anew: equal where they were right, right where they were not")
  func r1_bothIndexes() async throws {
    let (first, id, log, all) = try await thread()
    let after = AgentHarness([.text("b1")], home: first.home, work: first.work)
    let fork = try await after.fork(id)
    try await after.turn(fork.thread.id, "forked")
    _ = try await after.resume(id)
    let turns = try await after.turnIds(id)
    _ = try await after.revert(id, before: turns[1])
    await after.agent.shutdown()
    let home = StetHome(root: first.home.path)
    func run() throws -> IndexRebuild { try IndexRebuild.run(home: home, logger: Logger(label: "test")) }
    let right = try run()
    #expect(!right.hadChanges && right.threads == 2 && right.notices.isEmpty)
    // A line is damaged after it was indexed: both indexes are wrong now.
    var lines = all
    lines[try index("q1", in: lines)][40] ^= 1
    let bytes = try #require(first.home.bytes(log))
    let head = Array(lines.joined())
    first.home.write(log, bytes: head + bytes[head.count...], mode: 0o600)
    let wrong = try run()
    #expect(wrong.hadChanges && wrong.notices.count == 1)
    #expect(try !run().hadChanges)
    remove("history.db", first.home)
    #expect(try !run().hadChanges)
    let last = AgentHarness([], home: first.home, work: first.work)
    #expect(try await last.resume(fork.thread.id).thread.turns.count == 3)
    await last.agent.shutdown()
  }
}
