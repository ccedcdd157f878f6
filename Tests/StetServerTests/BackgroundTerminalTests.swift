import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `thread/backgroundTerminals/list`, `terminate` and `clean` over the local transport, with real commands.
@Suite(.timeLimit(.minutes(10))) struct BackgroundTerminalTests {
  @Test("commands that outlive their turn are listed, ended one by one or all, and their items complete")
  func ended() async throws {
    let sleep: JSONValue = ["cmd": "exec sleep 600", "yield_time_ms": 250]
    let house = ModelHouse(
      [.calls(("exec_command", sleep), ("exec_command", sleep), ("exec_command", sleep)), .text("they run")],
      head: "sandbox_mode = \"danger-full-access\"\napproval_policy = \"never\"")
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    let id: JSONValue = .string(thread)
    try await client.turn(thread, "go")
    func list() async throws -> [JSONValue] {
      try await client.call("thread/backgroundTerminals/list", ["threadId": id])["data"]?.arrayValue ?? []
    }
    let rows = try await list()
    #expect(rows.count == 3 && rows.allSatisfy { $0["osPid"]?.intValue != nil })
    #expect(rows.allSatisfy { $0["cwd"] == .string(house.work.path) })
    let first = try #require(rows.first)
    func terminate(_ process: JSONValue?) async throws -> JSONValue? {
      try await client.call(
        "thread/backgroundTerminals/terminate", ["threadId": id, "processId": process ?? .null])["terminated"]
    }
    #expect(try await terminate(first["processId"]) == true)
    #expect(try await terminate(first["processId"]) == false)
    #expect(try await list() == Array(rows.dropFirst()))
    #expect(try await client.call("thread/backgroundTerminals/clean", ["threadId": id]) == [:])
    #expect(try await list().isEmpty)
    _ = await client.note("item/completed", 5)
    let items = client.items("commandExecution")
    #expect(items.count == 3 && items.allSatisfy { $0["status"] == "failed" })
    #expect(Set(items.compactMap { $0["id"] }) == Set(rows.compactMap { $0["itemId"] }))
    await server.shutdown()
  }
}
