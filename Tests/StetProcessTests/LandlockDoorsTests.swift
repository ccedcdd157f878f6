import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// Ways past Landlock that lead through no file that it guards.
@Suite struct LandlockDoorsTests {
  @Test("S13: daemons take no datagram and no connection from behind Landlock, with or without a network")
  func s13_daemons() async throws {
    let walls = try await Walls(.landlock)
    let server = try ProcessSession.start(
      Shell.command(
        """
        exec python3 - <<'END'
        import os, select, socket
        s = socket.socket(socket.AF_UNIX); s.bind("server"); s.listen()
        d = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); d.bind("datagrams")
        print("ready", flush=True)
        while True:
          if d in select.select([d, s], [], [])[0]: print("GOT", d.recv(99), flush=True)
          else: s.accept(); print("GOT a connection", flush=True)
        END
        """, cwd: walls.root))
    var reader = EventReader(server)
    #expect(await reader.until("ready"))
    let ask = """
      python3 - <<'END'
      import socket
      def attempt(what):
        try: what(); print("REACHED")
        except OSError: print("refused")
      attempt(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"SENT", "datagrams"))
      attempt(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendmsg([b"SENT"], [], 0, "datagrams"))
      attempt(lambda: socket.socket(socket.AF_UNIX).connect("server"))
      a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); a.send(b"pair"); print(b.recv(4).decode())
      END
      """
    for network in [false, true] {
      let text = try await walls.run(ask, network: network).text
      #expect(text == "refused\nrefused\nrefused\npair\n", "network \(network)")
    }
    let outside = try await Shell.output(Shell.command(ask, cwd: walls.root))
    #expect(outside == "REACHED\nREACHED\nREACHED\npair\n", "the test itself works")
    #expect(await reader.until("connection"))
    #expect(reader.text.split(separator: "\n").count { $0.hasPrefix("GOT") } == 3)
    await server.terminate(grace: .zero)
  }

  @Test("S1: other terminals of the user are neither read nor written; the command's own is")
  func s1_terminals() async throws {
    for mechanism in SandboxTests.both {
      let walls = try await Walls(mechanism)
      let theirs = try ProcessSession.start(
        Shell.command("tty; read line; echo READ", pty: TerminalSize(rows: 5, columns: 80)))
      var reader = EventReader(theirs)
      #expect(await reader.until("\r\n"))
      let name = try #require(reader.text.split(whereSeparator: \.isNewline).first)
      let script = """
        (echo typed > \(name)) 2>/dev/null && echo WROTE; (: < \(name)) 2>/dev/null && echo OPENED
        (echo own > /dev/tty) && echo done
        """
      let command = walls.command(script, try await walls.launch(), pty: TerminalSize(rows: 5, columns: 80))
      #expect(try await Shell.output(command) == "own\r\ndone\r\n")
      await theirs.terminate(grace: .zero)
    }
  }
}
