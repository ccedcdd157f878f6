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
    // Whoever tries without is told where.
    let id = try #require(try thread(home))
    let refused = house.house.open(.resume(id), columns: 200)
    try await refused.expect("(process \(session.pid))").expect("--remote \(address)")
    try await refused.quit()
    let attached = house.house.open(.resume(id), on: .socket(try SocketAddress(address), tokenFile: nil))
    try await attached.expect("go on")
    attached.say("and now home")
    await house.model.untilRequests(2)
    gate.open()
    let run = try await house.result(of: session)
    #expect(run.code == 0)
    #expect(try run.items("agent_message").last?["text"] == "Steered home.")
    #expect(home.names("app-server") == [])
    try await attached.quit()
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
