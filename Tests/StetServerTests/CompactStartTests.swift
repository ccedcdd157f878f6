import StetJSON
import StetProtocol
import StetServer
import Testing

/// `thread/compact/start` over the local transport.
@Suite struct CompactStartTests {
  @Test("C11: the result is {}, then a turn with the item, always with turn/completed")
  func compacts() async throws {
    let house = ModelHouse([.text("answer"), .text("a summary of it")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread(["cwd": .string(house.work.path)])
    try await client.turn(thread, "hi")
    #expect(try await client.call("thread/compact/start", ["threadId": .string(thread)]) == [:])
    let done = await client.note("turn/completed", 2)
    #expect(done["turn"]?["status"] == "completed")
    #expect(done["turn"]?["items"] == [])
    #expect(client.notes("item/completed").last?["item"]?["type"] == "contextCompaction")
    #expect(
      client.notes("account/rateLimits/updated").allSatisfy { limits in
        limits["rateLimits"]?.objectValue?.allSatisfy { $0.value.isNull } == true
      })
    await server.shutdown()
  }

  @Test("an unknown thread and a bad id are told apart")
  func unknownThread() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    let missing = ScriptedAgent.firstThread
    let error = await #expect(throws: RPCError.self) {
      try await client.call("thread/compact/start", ["threadId": .string(missing)])
    }
    #expect(error == .threadNotFound(missing))
    let bad = await #expect(throws: RPCError.self) {
      try await client.call("thread/compact/start", ["threadId": "nope"])
    }
    #expect(bad?.message.hasPrefix("invalid thread id: ") == true)
    await server.shutdown()
  }
}
