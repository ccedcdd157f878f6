import StetAgent
import StetJSON
import StetProtocol
import StetRPC
import StetServer
import StetTestSupport
import Synchronization
import Testing

/// A thread that nobody listens to and that does nothing leaves memory after half an hour (protocol.md §4).
@Suite(.timeLimit(.minutes(10))) struct IdleThreadTests {
  /// Time that passes only when the test says so.
  private final class HeldTime: Sendable {
    private struct State {
      var nowMs: Int64 = 1_800_000_000_000
      var sleepers: [(end: Int64, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var clock: AgentClock {
      AgentClock(
        nowMs: { [self] in state.withLock { $0.nowMs } },
        sleep: { [self] ms in
          await withCheckedContinuation { wake in
            state.withLock { $0.sleepers.append(($0.nowMs + Int64(ms), wake)) }
          }
        })
    }

    var sleepers: Int { state.withLock { $0.sleepers.count } }

    func pass(minutes: Int64) {
      let due = state.withLock { state in
        state.nowMs += minutes * 60_000
        let due = state.sleepers.filter { $0.end <= state.nowMs }
        state.sleepers.removeAll { $0.end <= state.nowMs }
        return due
      }
      for sleeper in due { sleeper.wake.resume() }
    }
  }

  private let time = HeldTime()

  private func server(_ house: AgentHouse) -> AppServer {
    var environment = ServerHarness.environment(house.home, cwd: house.work.path)
    environment.clock = time.clock
    return AppServer(environment: environment)
  }

  private func watched() async throws {
    _ = try await eventually("somebody waits for the half hour") { time.sleepers > 0 ? true : nil }
  }

  private func text(_ text: String) -> JSONValue { [["type": "text", "text": .string(text)]] }

  @Test("after the last subscriber left it is closed, told to everyone, and can be resumed as it was")
  func closed() async throws {
    let house = AgentHouse([.text("answer"), .text("more")])
    let server = server(house)
    let (client, witness) = (try await house.connect(server), try await house.connect(server))
    let thread = try await house.thread(client)
    try await client.call("turn/start", ["threadId": thread, "input": text("q")])
    _ = await client.note("turn/completed")
    #expect(try await client.call("thread/unsubscribe", ["threadId": thread])["status"] == "unsubscribed")
    try await watched()
    time.pass(minutes: 29)
    #expect(try await witness.call("thread/loaded/list", [:])["data"] == [thread])
    // Something was asked of it: the half hour begins anew.
    _ = try await witness.call("thread/read", ["threadId": thread])
    time.pass(minutes: 2)
    try await watched()
    #expect(try await witness.call("thread/loaded/list", [:])["data"] == [thread])
    time.pass(minutes: 30)
    for each in [client, witness] { #expect(await each.note("thread/closed") == ["threadId": thread]) }
    #expect(isSubsequence(["thread/status/changed", "thread/closed"], of: witness.order))
    #expect(witness.notes("thread/status/changed").last?["status"] == ["type": "notLoaded"])
    #expect(try await witness.call("thread/loaded/list", [:])["data"] == [])
    let resumed = try await witness.call("thread/resume", ["threadId": thread])
    #expect(resumed["thread"]?["turns"]?.arrayValue?.count == 1)
    try await witness.call("turn/start", ["threadId": thread, "input": text("again")])
    #expect(await witness.note("turn/completed")["turn"]?["status"] == "completed")
    await server.shutdown()
  }

  @Test("a turn, a command that runs on, or a subscriber that came back keeps it; a lost connection does not")
  func kept() async throws {
    let gate = Gate()
    let house = AgentHouse([.hang(gate)])
    let server = server(house)
    let (client, witness) = (try await house.connect(server), try await house.connect(server))
    let thread = try await house.thread(client)
    try await client.call("turn/start", ["threadId": thread, "input": text("q")])
    await house.model.untilRequests(1)
    client.transport.close()
    try await watched()
    time.pass(minutes: 31)
    try await watched()
    #expect(try await witness.call("thread/loaded/list", [:])["data"] == [thread])
    try await witness.call("thread/resume", ["threadId": thread])
    try await witness.call("turn/interrupt", ["threadId": thread, "turnId": ""])
    _ = await witness.note("turn/completed")
    time.pass(minutes: 120)
    try await witness.settle()
    #expect(try await witness.call("thread/loaded/list", [:])["data"] == [thread])
    #expect(witness.notes("thread/closed").isEmpty)
    gate.open()
    await server.shutdown()
  }
}
