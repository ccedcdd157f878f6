import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// Socket files in reach of a command: who listens on them outside acts for whoever connects.
@Suite struct OutsideSocketsTests {
  /// - Parameter name: what stands before the names that it binds.
  private static func serve(_ name: String = "") -> String {
    """
    python3 - <<'END' &
    import os, socket
    s = socket.socket(socket.AF_UNIX); s.bind("\(name)server"); s.listen()
    d = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); d.bind("\(name)datagrams")
    print("ready", flush=True)
    while True:
      try: s.accept()[0].sendall(b"SERVED")
      except OSError: pass
    END
    """
  }

  private static func ask(_ folder: String = ".", _ prefix: String = "") -> String {
    """
    cd '\(folder)' && python3 - <<'END'
    import socket
    for kind, name in ((socket.SOCK_STREAM, "server"), (socket.SOCK_DGRAM, "datagrams")):
      s = socket.socket(socket.AF_UNIX, kind)
      try:
        s.connect("\(prefix)" + name); print("REACHED", name)
      except OSError as e: print("refused")
    END
    """
  }

  @Test("S13: what listens outside on a socket file in the workspace is not reached")
  func s13_outside() async throws {
    let walls = try await Walls(.bubblewrap)
    // The name of a socket has 107 bytes, so it is bound by a relative one.
    let server = try ProcessSession.start(Shell.command(Self.serve() + "\nwait", cwd: walls.root))
    var reader = EventReader(server)
    #expect(await reader.until("ready"))
    let outside = try await Shell.output(Shell.command(Self.ask(), cwd: walls.root))
    #expect(outside == "REACHED server\nREACHED datagrams\n", "the test itself works")
    #expect(try await walls.run(Self.ask()).text == "refused\nrefused\n")
    let open = try await walls.run(Self.ask(), network: true).text
    #expect(open == "refused\nrefused\n", "a network is no daemon of the user")
    #expect(try await Shell.output(Shell.command(Self.ask(), cwd: walls.root)) == outside, "it still listens")
    await server.terminate(grace: .zero)
    // The group is killed with its leader, but not in the same moment.
    try #require(await eventually { kill(-server.pid, 0) != 0 })
    #expect(try await walls.run("rm server datagrams && ls").text == "", "the files are ordinary again")
  }

  @Test("S13: nor where nothing may be written, nor under another name than it was bound by")
  func s13_readOnlyAndRenamed() async throws {
    let walls = try await Walls(.bubblewrap)
    let server = try ProcessSession.start(
      Shell.command(
        "mkdir run && cd run && " + Self.serve("moving-") + "\nwait", cwd: walls.root))
    var reader = EventReader(server)
    #expect(await reader.until("ready"))
    let readOnly = try await walls.run(Self.ask("run", "moving-"), policy: .readOnly)
    #expect(readOnly.text == "refused\nrefused\n")
    try await walls.outside(
      "mv run moved && cd moved && mv moving-server first-server && mv moving-datagrams first-datagrams")
    let outside = try await Shell.output(Shell.command(Self.ask("moved", "first-"), cwd: walls.root))
    #expect(outside == "REACHED server\nREACHED datagrams\n", "the test itself works")
    #expect(try await walls.run(Self.ask("moved", "first-")).text == "refused\nrefused\n")
    #expect(try await Shell.output(Shell.command(Self.ask("moved", "first-"), cwd: walls.root)) == outside)
    await server.terminate(grace: .zero)
  }

  @Test("S13: a server that a sandboxed command started is reached by the next one")
  func s13_inside() async throws {
    // Names that no server outside has: those are covered, whoever bound them.
    let walls = try await Walls(.bubblewrap)
    let server = try ProcessSession.start(
      walls.command(Self.serve("inner-") + "\nwait", try await walls.launch()))
    var reader = EventReader(server)
    #expect(await reader.until("ready"))
    #expect(try await walls.run(Self.ask(".", "inner-")).text == "REACHED server\nREACHED datagrams\n")
    await server.terminate(grace: .zero)
  }

  @Test("S13: a socket file that nobody has open is an ordinary one: a server can take its place")
  func s13_stale() async throws {
    let walls = try await Walls(.bubblewrap)
    let bind = "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"stale\"); print(\"bound\")'"
    try await walls.outside(bind)
    #expect(try await walls.run("rm stale && \(bind)").text == "bound\n")
  }

  @Test func tableIsReadAsTheKernelWritesIt() {
    let table = """
      Num       RefCount Protocol Flags    Type St Inode Path
      00000000b5f11078: 00000003 00000000 00000000 0001 03 10341215
      00000000b722ef25: 00000002 00000000 00010000 0001 01 10336153 /run/a b.sock
      00000000570df310: 00000003 00000000 00000000 0001 03 10336101 /run/a b.sock
      0000000079b3bb80: 00000002 00000000 00010000 0001 01 10335894 @/abstract
      0000000079b3bb81: 00000002 00000000 00000000 0002 01 10335895 /dev/log
      0000000079b3bb82: 00000002 00000000 00010000 0005 01 10335896 relative
      0000000079b3bb83: 00000002 00000000 00010000 0005 01 10335897 /x
      """
    #expect(OutsideSockets.paths(in: table) == ["/run/a b.sock", "/dev/log", "relative", "/x"])
    #expect(OutsideSockets.paths(in: "") == [])
  }
}
