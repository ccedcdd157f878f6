import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// Sessions behind walls: ends, signals, terminals.
@Suite struct SandboxSessionTests {
  static let both = SandboxTests.both

  @Test(arguments: both) func codesAndOutputPass(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let result = try await walls.run("seq 1 500000; exit 42")
    #expect(result.status.shellCode == 42)
    #expect(result.text == (1...500_000).map { "\($0)\n" }.joined())
    #expect(try await walls.run("kill -TERM $$").status.shellCode == 143)
    var command = walls.command("", try await walls.launch())
    command.argv = ["stet-no-such-program"]
    let missing = try await Shell.run(command)
    #expect(missing.status.shellCode == 127)
    #expect(missing.text.contains("stet-no-such-program: command not found"))
  }

  @Test("L6: TERM gives the command its grace behind walls too", arguments: both)
  func l6_graceInside(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let script = "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.02; done"
    let session = try ProcessSession.start(walls.command(script, try await walls.launch()))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(await session.terminate().shellCode == 7)
    await reader.toEnd()
    #expect(reader.text.hasSuffix("bye\n"))
  }

  @Test("L6: nobody survives, not even with a session of its own")
  func l6_namespaceIsGone() async throws {
    let walls = try await Walls(.bubblewrap)
    let marker = "stet-\(UInt32.random(in: .min ... .max))"
    let script =
      "setsid bash -c 'exec -a \(marker) sleep 1007' & trap '' TERM; echo ready; while :; do sleep 0.02; done"
    let session = try ProcessSession.start(walls.command(script, try await walls.launch()))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(await eventually { !Self.named(marker).isEmpty })
    await session.terminate(grace: .milliseconds(50))
    #expect(await eventually { Self.named(marker).isEmpty })
    #expect(await eventually { ProcessTable.members(ofSession: session.pid).isEmpty })
  }

  @Test(arguments: both) func terminalWorksInside(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let script = """
      stty size; echo direct > /dev/tty
      trap 'echo INT; exit 9' INT; echo ready; while :; do sleep 0.02; done
      """
    let session = try ProcessSession.start(
      walls.command(script, try await walls.launch(), pty: TerminalSize(rows: 33, columns: 101)))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(reader.text == "33 101\r\ndirect\r\nready\r\n")
    session.write([3])
    await reader.toEnd()
    #expect(reader.text.contains("INT"))
    #expect(reader.status?.shellCode == 9)
  }

  @Test(arguments: both) func interactiveShellHasJobControl(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    var command = walls.command("", try await walls.launch(), pty: TerminalSize(rows: 24, columns: 80))
    command.argv = ["/bin/bash", "--norc", "-i"]
    command.environment["PS1"] = "> "
    let session = try ProcessSession.start(command)
    var reader = EventReader(session)
    session.write(Array("sleep 1008\n".utf8))
    #expect(await reader.until("sleep 1008"))
    // ^Z stops it, the shell takes the terminal back.
    #expect(await eventually { Self.named("sleep", "1008", session: session.pid) })
    session.write([26])
    #expect(await reader.until("Stopped"))
    session.write(Array("jobs; echo back\n".utf8))
    #expect(await reader.until("back\r\n"))
    #expect(!reader.text.contains("no job control"))
    await session.terminate()
    #expect(await eventually { ProcessTable.members(ofSession: session.pid).isEmpty })
  }

  @Test(arguments: both) func workspaceBelowTmpStaysVisible(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let workspace = TempDirectory("work", in: "/tmp")
    workspace.write("file", "here\n")
    for policy in [SandboxPolicyKind.readOnly, .workspaceWrite(roots: [workspace.path], network: false)] {
      let launch = try await walls.sandbox.launch(policy, cwd: workspace.path, threadTmp: walls.temporary)
      let result = try await Shell.run(
        Shell.command("cat file; echo new > new", cwd: workspace.path, sandbox: launch))
      #expect(result.text.hasPrefix("here\n"))
      #expect(workspace.exists("new") == (policy != .readOnly))
    }
  }

  /// Pids of processes whose first argument is this.
  private static func named(_ name: String) -> [String] {
    Directory.names("/proc").filter { pid in arguments(pid).first == name }
  }

  private static func named(_ name: String, _ argument: String, session: Int32) -> Bool {
    ProcessTable.members(ofSession: session).contains { arguments("\($0)") == [name, argument] }
  }

  private static func arguments(_ pid: String) -> [String] {
    let fd = open("/proc/\(pid)/cmdline", O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return [] }
    defer { close(fd) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(fd, &buffer, buffer.count)
    return buffer[..<max(count, 0)].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
