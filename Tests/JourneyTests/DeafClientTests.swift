import FoundationEssentials
import Glibc
import StetClient
import StetJSON
import StetProcess
import StetProtocol
import StetRPC
import StetTestSupport
import Synchronization
import Testing

@testable import stet

/// A4: a client that reads nothing, at a server that is a process of its own, whose memory can be seen.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct DeafClientTests {
  /// The most memory that the process ever had, in bytes.
  private func peak(_ pid: pid_t) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.split(separator: " ")[1])) << 10
  }

  @Test("A4: 100,000 deltas for a client that reads nothing: the turn ends, and memory stays bounded")
  func a4_memory() async throws {
    let gate = Gate()
    let text = String(repeating: "ab ", count: 100_000)
    let house = House([.text("warm"), .respond([.gate(gate), .text(text, chunk: 3)])])
    let session = try ProcessSession.start(
      Command(
        argv: ["\(Program.folder)/stet", "app-server", "--listen", "unix://deaf.sock"], cwd: house.work.path,
        environment: Program.environment(home: house.home)))
    for await event in session.events {
      if case .output(let bytes) = event, String(decoding: bytes, as: UTF8.self).contains("unix:///") {
        break
      }
    }
    let path = house.work.path("deaf.sock")
    let ended = Gate()
    let heard = Mutex("")
    let turns = Mutex(0)
    let reader = AppClient(
      try SocketConnector.unix(path: path, fault: { _ in }),
      events: .init(onNotification: { notification in
        switch notification {
        case .agentMessageDelta(let delta): heard.withLock { $0 += delta.delta }
        case .turnCompleted
        where turns.withLock({ turns in
          turns += 1; return turns == 2
        }): ended.open()
        default: break
        }
      }))
    func hello(_ client: AppClient) async throws {
      _ = try await client.initialize(clientInfo: ClientInfo(name: "a", version: "1"), capabilities: nil)
    }
    try await hello(reader)
    let thread = try await reader.call(ThreadStartParams(cwd: house.work.path)).thread.id
    _ = try await reader.call(TurnStartParams(threadId: thread, input: [.text("warm up")]))
    while turns.withLock({ $0 }) < 1 { await Task.yield() }
    // Its own thread stands still in the first delta, so nothing is read from its socket any more.
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (open, closed) = (ends[1], ends[0])
    let stuck = AppClient(
      try SocketConnector.unix(path: path, fault: { _ in }),
      events: .init(onNotification: { notification in
        var byte: UInt8 = 0
        if case .agentMessageDelta = notification { _ = read(closed, &byte, 1) }
      }))
    try await hello(stuck)
    _ = try await stuck.call(ThreadResumeParams(threadId: thread, excludeTurns: true))
    let before = try peak(session.pid)
    _ = try await reader.call(TurnStartParams(threadId: thread, input: [.text("flood")]))
    gate.open()
    await ended.opened()
    let grown = try peak(session.pid) - before
    #expect(heard.withLock { $0 } == "warm" + text)
    // One message for each delta would be more than 60 MB.
    #expect(grown < 32 << 20, "\(grown >> 20) MB")
    close(open)
    reader.close()
    stuck.close()
    session.signal(SIGTERM)
    for await _ in session.events {}
  }
}
