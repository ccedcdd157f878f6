import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// Commands on a PTY, with and without walls.
@Suite struct TerminalTests {
  private let size = TerminalSize(rows: 33, columns: 101)

  @Test func hasASizeAndAControllingTerminal() async throws {
    let script = "tty >/dev/null && stty size; echo direct > /dev/tty; ps -o tpgid=,pgid=,sid=,pid= -p $$"
    let text = try await Shell.output(Shell.command(script, pty: size))
    let lines = text.split(whereSeparator: \.isNewline)
    #expect(lines.prefix(2) == ["33 101", "direct"])
    #expect(Set(try #require(lines.last).split(separator: " ")).count == 1)
  }

  @Test func interruptKeyReachesTheForeground() async throws {
    let session = try ProcessSession.start(
      Shell.command("trap 'echo INT; exit 9' INT; echo ready; while :; do sleep 0.02; done", pty: size))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    session.write([3])
    await reader.toEnd()
    #expect(reader.text.contains("INT"))
    #expect(reader.status?.code == 9)
  }

  @Test func promptIsAnswered() async throws {
    let session = try ProcessSession.start(Shell.command("read -p 'name? ' n; echo \"hello $n\"", pty: size))
    var reader = EventReader(session)
    #expect(await reader.until("name? "))
    session.write(Array("world\n".utf8))
    #expect(await reader.until("hello world"))
    await reader.toEnd()
    #expect(reader.status?.code == 0)
  }

  @Test func resizeIsSeen() async throws {
    let session = try ProcessSession.start(
      Shell.command("trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done", pty: size))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    session.resize(TerminalSize(rows: 12, columns: 40))
    #expect(await reader.until("12 40"))
  }

  @Test func endOfFileIsTyped() async throws {
    let session = try ProcessSession.start(Shell.command("cat; echo end", pty: size))
    var reader = EventReader(session)
    session.write(Array("line\n".utf8))
    #expect(await reader.until("line\r\nline\r\n"))
    session.closeInput()
    #expect(await reader.until("end"))
  }

  @Test func interactiveShellAndItsJobsAreEnded() async throws {
    let session = try ProcessSession.start(
      Command(
        argv: ["/bin/bash", "--norc", "-i"], cwd: "/",
        environment: Shell.environment.merging(["PS1": "> "]) { $1 },
        pty: size))
    var reader = EventReader(session)
    #expect(await reader.until("> "))
    session.write(Array("sleep 1006 & echo pid=$!.\n".utf8))
    #expect(await reader.until("."))
    #expect(await eventually { ProcessTable.members(ofSession: session.pid).count == 2 })
    await session.terminate()
    #expect(await eventually { ProcessTable.members(ofSession: session.pid).isEmpty })
  }

  @Test func muchOutputArrivesWhole() async throws {
    let result = try await Shell.run(Shell.command("stty -opost; seq 1 60000", pty: size))
    #expect(result.text == (1...60_000).map { "\($0)\n" }.joined())
  }
}
