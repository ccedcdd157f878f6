import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// What becomes the command inside bubblewrap: `stet-launcher`, or stet itself where that is missing.
@Suite struct LauncherTests {
  @Test func theOneBesideStetIsFound() async throws {
    let walls = try await Walls(.bubblewrap)
    let capability = await walls.sandbox.probe()
    #expect(capability.bubblewrap?.quickLauncher == realPath(Walls.build + "/stet-launcher"))
  }

  @Test func oneThatIsMissingOrDoesNotRunIsNotUsed() async throws {
    let place = TempDirectory("launcher", in: Walls.build)
    try #require(link(Walls.launcher, place.path("stet")) == 0)
    func probe() async -> SandboxCapability {
      await Sandbox(launcher: place.path("stet"), environment: Shell.environment).probe()
    }
    let without = await probe()
    #expect(without.bubblewrap != nil && without.bubblewrap?.quickLauncher == nil)
    place.write("stet-launcher", "#!/nowhere/interpreter\n")
    #expect(chmod(place.path("stet-launcher"), 0o755) == 0)
    #expect(QuickLauncher.find(beside: place.path("stet")) != nil)
    let broken = await probe()
    #expect(broken.bubblewrap != nil && broken.bubblewrap?.quickLauncher == nil)
  }

  @Test func itIsFoundWhereItIsInstalled() throws {
    let place = TempDirectory("installed")
    place.write("bin/stet", "")
    #expect(QuickLauncher.find(beside: place.path("bin/stet")) == nil)
    place.write("libexec/stet/stet-launcher", "")
    #expect(QuickLauncher.find(beside: place.path("bin/stet")) == nil, "it can't be executed")
    #expect(chmod(place.path("libexec/stet/stet-launcher"), 0o755) == 0)
    #expect(
      QuickLauncher.find(beside: place.path("bin/stet")) == realPath(place.path("libexec/stet/stet-launcher"))
    )
  }

  @Test(arguments: [true, false]) func codesAreAShells(quick: Bool) async throws {
    let walls = try await Walls(.bubblewrap, quick: quick)
    walls.place.write("work/plain", "no program")
    walls.place.write("work/bin/tool", "#!/bin/sh\necho relative\n")
    #expect(chmod(walls.place.path("work/bin/tool"), 0o755) == 0)
    for (argv, code, text) in [
      (["true"], 0, ""), (["sh", "-c", "exit 42"], 42, ""),
      (["no-such-program"], 127, "stet: no-such-program: command not found\n"),
      (["./nowhere"], 127, "stet: ./nowhere: No such file or directory\n"),
      (["./plain"], 126, "stet: ./plain: Permission denied\n"),
      (["tool"], 127, "stet: tool: command not found\n"), (["./bin/tool"], 0, "relative\n"),
    ] {
      var command = walls.command("", try await walls.launch())
      command.argv = argv
      // A relative entry is none: which program runs must not depend on the working directory.
      command.environment["PATH"] = "bin:/usr/bin:/bin"
      let result = try await Shell.run(command)
      #expect(Int(result.status.shellCode) == code && result.text == text, "\(argv)")
    }
  }

  @Test("L6: TERM reaches the command and leaves it its grace, whichever launcher", arguments: [true, false])
  func l6_grace(quick: Bool) async throws {
    let walls = try await Walls(.bubblewrap, quick: quick)
    let script = "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.02; done"
    let session = try ProcessSession.start(walls.command(script, try await walls.launch()))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(await session.terminate().shellCode == 7)
    await reader.toEnd()
    #expect(reader.text.hasSuffix("bye\n"))
  }

  @Test(arguments: [true, false]) func theTerminalIsTheCommands(quick: Bool) async throws {
    let walls = try await Walls(.bubblewrap, quick: quick)
    let script = "trap 'echo INT; exit 9' INT; stty size; echo ready; while :; do sleep 0.02; done"
    let session = try ProcessSession.start(
      walls.command(script, try await walls.launch(), pty: TerminalSize(rows: 33, columns: 101)))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    session.write([3])
    await reader.toEnd()
    #expect(reader.text.hasPrefix("33 101\r\n") && reader.text.hasSuffix("INT\r\n"), "\(reader.text)")
    #expect(reader.status?.shellCode == 9)
  }

  @Test(arguments: [true, false]) func nothingIsLeftOpen(quick: Bool) async throws {
    let walls = try await Walls(.bubblewrap, quick: quick)
    let result = try await walls.run("ls /proc/self/fd | tr '\\n' ' '; grep SigBlk /proc/self/status")
    // The three streams, and the folder that `ls` reads.
    #expect(result.text == "0 1 2 3 SigBlk:\t0000000000000000\n")
  }

  @Test func wallsOfLandlockAreNoneOfItsBusiness() async throws {
    for wrong in [
      ["--rules", "3"], ["--filter", "3"], ["--proxy"], ["--proxy", "1"], ["--proxy", "x"], [],
    ] {
      let launcher = Walls.build + "/stet-launcher"
      let command = Command(
        argv: [launcher, SandboxExec.subcommand] + wrong + (wrong.isEmpty ? [] : ["--", "/bin/echo", "ran"]),
        cwd: "/", environment: Shell.environment)
      let result = try await Shell.run(command)
      #expect(result.status.shellCode == 126 && !result.text.contains("ran"), "\(wrong): \(result.text)")
    }
  }
}
