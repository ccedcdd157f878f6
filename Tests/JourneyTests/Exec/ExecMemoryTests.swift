import FoundationEssentials
import StetProcess
import StetTestSupport
import Testing

/// What the real program takes of memory, as the kernel counts it.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ExecMemoryTests {
  /// The most memory that a process had so far, in kilobytes.
  private func peak(of pid: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }

  @Test("T8: 50 MB of output of a command take a small part of that in memory")
  func t8_memory() async throws {
    let (before, after) = (Gate(), Gate())
    let house = ExecHouse(
      .respond([
        .gate(before),
        .call(
          "exec_command",
          ["cmd": "head -c 52428800 /dev/zero | tr '\\0' a; echo; echo end", "yield_time_ms": 30_000]),
      ]), .respond([.gate(after), .text("done")]))
    defer {
      before.open()
      after.open()
    }
    let session = try house.start(["--json", "-s", "danger-full-access", "go"])
    await before.reached()
    let first = try peak(of: session.pid)
    before.open()
    await after.reached()
    let grown = try peak(of: session.pid) - first
    after.open()
    #expect(grown < 30_000, "grown by \(grown) kB")
    #expect(try await house.result(of: session).code == 0)
  }
}
