import FoundationEssentials
import StetProcess
import StetRPC
import StetTestSupport
import Testing

@testable import stet

/// The interface as a client of servers that are not inside of it.
@Suite(.fewAtOnce) struct OtherServerJourneys {
  private let asking = "Run this command?"

  @Test("X9 A7: two terminals on one server see the same turn; one approves, the other's prompt goes away")
  func twoTerminals() async throws {
    let house = House([
      .call("exec_command", ["cmd": "echo shared-$((40 + 2))"]), .text("Both of you saw it."),
    ])
    let server = try HouseServer(house)
    let first = house.open(on: .socket(.unix(path: nil), tokenFile: nil))
    try await first.expect(.ready).say("run it").expect(.approval)
    let second = house.open(.resumeLast, columns: 60, rows: 24, on: .socket(.unix(path: nil), tokenFile: nil))
    try await second.expect("run it").expect(.approval)
    second.press("y")
    for app in [first, second] {
      try await app.expect("shared-42").expect("Both of you saw it.").expectNo(asking)
    }
    // The other direction: what the first says, the second sees.
    house.model.extend(.text("Said once, read twice."))
    try await first.say("again").expect("Said once, read twice.")
    try await second.expect("again").expect("Said once, read twice.")
    try await first.quit()
    try await second.quit()
    await server.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("A7: a turn and its question outlive the terminal that began it")
  func outlives() async throws {
    let house = House([.call("exec_command", ["cmd": "echo later-$((40 + 2))"]), .text("Done without you.")])
    let server = try HouseServer(house)
    let first = house.open(on: .socket(.unix(path: nil), tokenFile: nil))
    try await first.expect(.ready).say("run it").expect(.approval)
    first.terminal.send(.hangup)
    _ = try await first.exit()
    let second = house.open(.resumeLast, on: .socket(.unix(path: nil), tokenFile: nil))
    try await second.expect("run it").expect(.approval)
    try await second.press("y").expect("later-42").expect("Done without you.")
    try await second.quit()
    await server.end()
  }

  @Test("A10: a port is reached with the token that its server left, and not with a wrong one")
  func port() async throws {
    let house = House([.text("Over a port.")])
    let server = try HouseServer(house, .webSocket(host: .v4("127.0.0.1"), port: 0))
    let address = try SocketAddress(server.listening.socket.address)
    let app = house.open(on: .socket(address, tokenFile: nil))
    try await app.expect(.ready).say("hello").expect("Over a port.")
    try await app.quit()
    let wrong = house.home.write("wrong", "not-the-token\n", mode: 0o600)
    let refused = house.open(on: .socket(address, tokenFile: wrong))
    try await refused.expect("HTTP 401").expect("/reconnect")
    try await refused.quit()
    let open = house.home.write("open", "some-token\n", mode: 0o644)
    let careless = house.open(on: .socket(address, tokenFile: open))
    try await careless.expect("others can read the token")
    try await careless.quit()
    await server.end()
  }

  @Test("stet --server: a server as a child; its turn streams, asks and is resumed")
  func child() async throws {
    let house = House([
      .call("exec_command", ["cmd": "echo child-$((40 + 2))"]), .text("From the child."),
      .text("Back in the child."),
    ])
    let command = ServerChoice.command("'\(Program.folder)/stet' app-server")
    let app = house.open(on: command)
    try await app.expect(.ready).say("go").expect(.approval).press("y").expect("child-42")
    try await app.expect("From the child.").quit()
    let again = house.open(.resumeLast, on: command)
    try await again.expect("From the child.").say("and?").expect("Back in the child.")
    try await again.quit()
  }

  @Test("how a child ended is said with its last words, and /reconnect starts it again")
  func childEnds() async throws {
    let house = House([.text("There now.")])
    let app = house.open(
      on: .command(
        "if [ -e ready ]; then exec '\(Program.folder)/stet' app-server; fi; echo not yet >&2; exit 3"))
    try await app.expect("ended with exit code 3: not yet")
    house.work.write("ready", "")
    try await app.say("/reconnect").expect(.ready).say("hello").expect("There now.")
    try await app.quit()
  }

  @Test("what is no app-server is told of, not waited for")
  func noServer() async throws {
    let house = House()
    for (command, words) in [
      ("/no/such/program", "exit code 127"), ("kill -9 $$", "ended by signal 9"),
      ("exit 0", "ended with exit code 0"),
    ] {
      let app = house.open(on: .command(command))
      try await app.expect(words)
      try await app.quit()
    }
    let nowhere = house.open(on: .socket(.unix(path: "nobody.sock"), tokenFile: nil))
    try await nowhere.expect("no server listens there")
    try await nowhere.quit()
  }

  @Test(
    "X9: a thread that is open in one terminal is joined from another, and goes on there when the first is gone"
  )
  func joined() async throws {
    let house = House([
      .call("exec_command", ["cmd": "echo shared-$((40 + 2))"]), .text("Both of you saw it."),
    ])
    let first = house.open()
    try await first.expect(.ready).say("run it").expect(.approval)
    let second = house.open(.resumeLast, columns: 60, rows: 24)
    try await second.expect("stet @ process").expect("run it").expect(.approval).press("y")
    for app in [first, second] {
      try await app.expect("shared-42").expect("Both of you saw it.").expectNo(asking)
    }
    house.model.extend(.text("Here now."))
    try await first.quit()
    try await second.expect("the thread goes on here").say("still there?").expect("Here now.")
    try await second.quit()
    #expect(house.home.names("app-server") == [])
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("X9: a terminal that has work of its own stays where it is, and is told how to attach")
  func ownWork() async throws {
    let house = House([.text("First."), .text("Second.")])
    let first = house.open()
    try await first.expect(.ready).say("one").expect("First.")
    let second = house.open(columns: 200)
    try await second.expect(.ready).say("two").expect("Second.").expect(.ready)
    second.say("/resume")
    try await second.expect("one").say("one").expect("already has an active writer (process").expect(
      "--remote")
    try await second.quit()
    try await first.quit()
  }

  @Test("R7: a thread that another process writes is joined at its server, if that listens")
  func heldElsewhere() async throws {
    let house = House([.text("First."), .text("Attached.")])
    let session = try ProcessSession.start(
      Command(
        argv: ["\(Program.folder)/stet", "app-server", "--listen", "unix://held.sock"], cwd: house.work.path,
        environment: Program.environment(home: house.home)))
    var printed = ""
    for await event in session.events {
      if case .output(let bytes) = event { printed += String(decoding: bytes, as: UTF8.self) }
      if printed.contains("unix:///") { break }
    }
    let there = ServerChoice.socket(.unix(path: "held.sock"), tokenFile: nil)
    let holder = house.open(on: there)
    try await holder.expect(.ready).say("hello").expect("First.")
    let attached = house.open(.resumeLast)
    try await attached.expect("stet @ process \(session.pid)").expect("First.").say("and?").expect(
      "Attached.")
    try await holder.expect("Attached.")
    try await attached.quit()
    try await holder.quit()
    session.signal(15)
    for await _ in session.events {}
    #expect(await session.waitForExit().code == 0)
    #expect(!house.work.exists("held.sock"))
  }
}
