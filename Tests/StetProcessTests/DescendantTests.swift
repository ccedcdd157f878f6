import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// What a command starts and sends out of its session, where there is no process namespace.
@Suite struct DescendantTests {
  private static let ways = [
    "setsid -f sleep 1000 >/dev/null 2>&1",
    "(setsid sleep 1000 >/dev/null 2>&1 &)",
    """
    python3 -c 'import os
    if os.fork() == 0:
      os.setsid()
      if os.fork() == 0:
        n = os.open("/dev/null", os.O_RDWR); [os.dup2(n, i) for i in range(3)]
        os.execlp("sleep", "sleep", "1000")
      os._exit(0)
    os.wait()'
    """,
  ]

  /// The number of a process that has these words; each has its own number of seconds to sleep.
  private static func command(
    _ way: String, _ seconds: Int, _ rest: String, walls: Walls? = nil
  ) async throws -> Command {
    let script = way.replacing("1000", with: "\(seconds)") + "\n" + rest
    let launch = try await walls?.launch()
    var command =
      if let walls, let launch { walls.command(script, launch) } else { Shell.command(script) }
    command.followsDescendants = true
    return command
  }

  private static func sleepers(_ seconds: Int) -> [Int32] {
    Directory.names("/proc").compactMap { Int32($0) }.filter { pid in
      let fd = open("/proc/\(pid)/cmdline", O_RDONLY | O_CLOEXEC)
      guard fd >= 0 else { return false }
      defer { close(fd) }
      var buffer = [UInt8](repeating: 0, count: 100)
      let count = read(fd, &buffer, buffer.count)
      return buffer[..<max(count, 0)].elementsEqual("sleep\0\(seconds)\0".utf8)
    }
  }

  private static func seconds() -> Int { Int.random(in: 100_000_000...999_999_999) }

  @Test("T8: what left the session is listed at the end of a command without walls", arguments: ways)
  func t8_listed(_ way: String) async throws {
    let seconds = Self.seconds()
    let session = try ProcessSession.start(try await Self.command(way, seconds, "echo end"))
    var reader = EventReader(session)
    await reader.toEnd()
    #expect(reader.status?.code == 0 && reader.text == "end\n")
    let left = session.leftBehind
    #expect(left.count == 1, "\(left)")
    let pid = try #require(left.first?.pid)
    #expect(await eventually { Self.sleepers(seconds) == [pid] })
    kill(pid, SIGKILL)
  }

  @Test("L6: ended with the command, also where it left the session", arguments: ways)
  func l6_ended(_ way: String) async throws {
    let seconds = Self.seconds()
    let session = try ProcessSession.start(
      try await Self.command(way, seconds, "trap '' TERM; echo ready; while :; do sleep 0.02; done"))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(await eventually { Self.sleepers(seconds).count == 1 })
    await session.terminate(grace: .milliseconds(50))
    #expect(await eventually { Self.sleepers(seconds).isEmpty })
  }

  @Test("T8: behind Landlock nothing goes on after the end of the command", arguments: ways)
  func t8_landlock(_ way: String) async throws {
    let seconds = Self.seconds()
    let walls = try await Walls(.landlock)
    let session = try ProcessSession.start(
      try await Self.command(way, seconds, "sleep \(seconds) >/dev/null 2>&1 & echo end", walls: walls))
    var reader = EventReader(session)
    await reader.toEnd()
    #expect(reader.status?.code == 0 && reader.text == "end\n")
    #expect(session.leftBehind.isEmpty)
    #expect(await eventually { Self.sleepers(seconds).isEmpty })
  }

  @Test("T8: another command's processes are not taken for its own")
  func t8_others() async throws {
    let seconds = Self.seconds()
    let first = try ProcessSession.start(try await Self.command(Self.ways[0], seconds, "echo end"))
    var reader = EventReader(first)
    await reader.toEnd()
    let second = try ProcessSession.start(try await Self.command("", 0, "echo ready; sleep 1000"))
    var other = EventReader(second)
    #expect(await other.until("ready"))
    await second.terminate(grace: .zero)
    #expect(second.leftBehind.isEmpty && Self.sleepers(seconds).count == 1)
    for process in first.leftBehind { kill(process.pid, SIGKILL) }
  }
}
