import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// The loop with the built-in tools, for real.
@Suite(.timeLimit(.minutes(10)))
struct RealToolTests {
  private static let free = "sandbox_mode = \"danger-full-access\"\napproval_policy = \"never\""

  @Test("L6: an interrupt ends the whole process group of the command in the foreground")
  func l6_processGroup() async throws {
    let harness = AgentHarness(
      [.call("exec_command", ["cmd": "echo pid $$; sleep 1000 & sleep 1001", "yield_time_ms": 30_000])],
      tools: nil, settings: Self.free, environment: ["PATH": "/usr/bin:/bin", "HOME": "/tmp"])
    let id = try await harness.start().thread.id
    let turn = try await harness.begin(id, "run it")
    await harness.sink.until { $0.contains { Self.pid($0) != nil } }
    let pid = try #require(harness.sink.entries.compactMap(Self.pid).first)
    #expect(kill(pid, 0) == 0)
    try await harness.interrupt(id)
    #expect(await harness.ended(turn.id).status == .interrupted)
    _ = try await eventually("the whole group is gone") { kill(-pid, 0) == 0 ? nil : true }
    harness.checkInvariants()
  }

  @Test("a command's output streams, its item completes, the model reads it")
  func command() async throws {
    let harness = AgentHarness(
      [.call("exec_command", ["cmd": "printf 'one\\ntwo\\n'; exit 3"]), .text("done")], tools: nil,
      settings: Self.free, environment: ["PATH": "/usr/bin:/bin", "HOME": "/tmp"])
    let id = try await harness.start().thread.id
    try await harness.turn(id, "run it")
    let item = harness.sink.notifications.compactMap { notification -> CommandExecutionItem? in
      guard case .itemCompleted(let value) = notification, case .commandExecution(let item) = value.item
      else {
        return nil
      }
      return item
    }.first
    #expect(item?.status == .failed && item?.exitCode == 3)
    #expect(item?.aggregatedOutput?.contains("one\ntwo") == true)
    let output = harness.input(1).last?["output"]?.stringValue
    #expect(output?.contains("one\ntwo") == true && output?.contains("3") == true)
    harness.checkInvariants()
  }

  private static func pid(_ entry: RecordingSink.Entry) -> pid_t? {
    guard case .notification(.commandExecutionOutputDelta(let value)) = entry,
      let word = value.delta.split(whereSeparator: \.isWhitespace).drop(while: { $0 != "pid" }).dropFirst()
        .first
    else { return nil }
    return pid_t(word)
  }
}
