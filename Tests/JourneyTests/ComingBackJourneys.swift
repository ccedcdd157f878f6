import Glibc
import StetTestSupport
import Testing

@testable import stet

/// A server that is reached over a line that breaks, or that ends and is there again.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ComingBackJourneys {
  @Test(
    "A8: a line that breaks in the middle of an answer: every word is there once, and the question asks again"
  )
  func brokenLine() async throws {
    let gate = Gate()
    let house = House([
      .respond([
        .text("One two three four.", chunk: 4, gates: [2: gate]),
        .call("exec_command", ["cmd": "echo kept-$((40 + 2))"]),
      ]),
      .text("All told."),
    ])
    let server = try HouseServer(house)
    let relay = Relay(
      house.home.path("relay.sock"),
      to: Listening.path(nil, home: house.surroundings.home, directory: house.work.path))
    let app = house.open(on: .socket(.unix(path: relay.path), tokenFile: nil))
    try await app.expect(.ready).say("count").expect("One two")
    relay.cut()
    // What comes meanwhile is missed, and told afterwards.
    gate.open()
    try await app.expect("Nothing is missing.").expect("One two three four.").expect(.approval)
    #expect(app.text.split(separator: "One two").count == 2, "the answer is there once")
    relay.cut()
    try await app.terminal.expect("being back again") { rows in
      rows.count { $0.contains("Nothing is missing.") } == 2
    }
    try await app.expect(.approval).press("y")
    try await app.expect("kept-42").expect("All told.").expect(.ready)
    try await app.quit()
    relay.end()
    await server.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("a server that ends and is there again on the same socket is joined again")
  func restart() async throws {
    let house = House([.text("Before."), .text("Afterwards.")])
    let first = try HouseServer(house)
    let app = house.open(on: .socket(.unix(path: nil), tokenFile: nil))
    try await app.expect(.ready).say("hello").expect("Before.").expect(.ready)
    await first.end()
    try await app.expect("Trying to come back")
    let second = try HouseServer(house)
    try await app.expectNo("Trying to come back").expect("Before.").expect(.ready)
    try await app.say("again").expect("Afterwards.").expect(.ready)
    try await app.quit()
    await second.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("a server that never answers is told of; /reconnect ends it and starts another")
  func mute() async throws {
    let house = House([.text("There now.")])
    let app = house.open(
      on: .command(
        "if [ -e ready ]; then exec '\(Program.folder)/stet' app-server; fi; echo $$ > pid; exec sleep 1000"))
    try await app.expect("connecting to").expect("No answer yet").expect("/reconnect starts anew")
    let pid = try #require(house.work.text("pid").flatMap { Int32($0.filter(\.isNumber)) })
    house.work.write("ready", "")
    try await app.say("/reconnect").expect(.ready).say("hello").expect("There now.")
    try await app.quit()
    _ = try await eventually("the mute server is gone") { kill(pid, 0) != 0 ? true : nil }
  }
}
