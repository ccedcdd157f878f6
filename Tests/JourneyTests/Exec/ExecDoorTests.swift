import Glibc
import StetProcess
import StetRPC
import StetTestSupport
import StetUI
import Testing

@testable import stet

/// X9: a run of `stet exec` can be joined from elsewhere.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ExecDoorTests {
  @Test(
    "X9: a terminal that attaches to a running exec sees its turn, steers it, and the run ends as if alone")
  func x9_attach() async throws {
    let gate = Gate()
    let house = ExecHouse(
      .respond([.text("The first half, then the rest.", chunk: 15, gates: [1: gate])]), .text("Steered home.")
    )
    let session = try house.start(["--json", "go on"])
    await gate.reached()
    let home = house.house.home
    let name = "\(session.pid).sock"
    _ = try await eventually("the run listens") { home.names("app-server").contains(name) ? true : nil }
    var status = stat()
    #expect(stat(home.path("app-server/\(name)"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    let address = "unix://\(home.path("app-server/\(name)"))"
    let id = try #require(try thread(home))
    // By its address, or by the thread alone.
    let watcher = house.house.open(.resume(id), on: .socket(try SocketAddress(address), tokenFile: nil))
    try await watcher.expect("go on")
    let attached = house.house.open(.resume(id))
    try await attached.expect("stet @ process \(session.pid)").expect("go on")
    attached.say("and now home")
    await house.model.untilRequests(2)
    gate.open()
    let run = try await house.result(of: session)
    #expect(run.code == 0)
    #expect(try run.items("agent_message").last?["text"] == "Steered home.")
    #expect(home.names("app-server") == [])
    // The run is over, its thread is not: it goes on in the terminal that joined.
    house.model.extend(.text("Home alone."))
    try await attached.expect("the thread goes on here").say("and?").expect("Home alone.")
    try await attached.quit()
    try await watcher.quit()
    #expect(home.names("app-server") == [])
  }

  @Test("X9: a run that keeps nothing lets nobody in")
  func x9_ephemeral() async throws {
    let gate = Gate()
    let house = ExecHouse(.respond([.gate(gate), .text("done")]))
    let session = try house.start(["--ephemeral", "go"])
    await gate.reached()
    #expect(house.house.home.names("app-server") == [])
    gate.open()
    #expect(try await house.result(of: session).code == 0)
  }

  /// The one thread of a home.
  private func thread(_ home: TempDirectory) throws -> String? {
    let names = home.names("locks")
    return names.first { $0.hasSuffix(".lock") }.map { String($0.dropLast(5)) }
  }
}
