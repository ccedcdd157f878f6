import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// Requests that come right behind one that takes the thread away.
@Suite struct UnloadRaceTests {
  private func text(_ text: String) -> JSONValue { [["type": "text", "text": .string(text)]] }

  @Test("R6: of a fork and a delete sent together, one is refused; a fork never loses what it goes on from")
  func forkAndDelete() async throws {
    let rounds = 10
    let house = AgentHouse((0..<rounds).map { .text("answer \($0)") })
    let server = house.server()
    let client = try await house.connect(server)
    for round in 0..<rounds {
      let thread = try await house.thread(client)
      try await client.call("turn/start", ["threadId": thread, "input": text("first")])
      _ = await client.note("turn/completed", round + 1)
      let isForkFirst = round % 2 == 0
      let first = client.ask(isForkFirst ? "thread/fork" : "thread/delete", ["threadId": thread])
      let second = client.ask(isForkFirst ? "thread/delete" : "thread/fork", ["threadId": thread])
      let forked = await client.response(to: isForkFirst ? first : second)
      let deleted = await client.response(to: isForkFirst ? second : first)
      if case .success(let fork) = forked {
        #expect(throws: RPCError.self) { try deleted.get() }
        #expect(fork["thread"]?["turns"]?.arrayValue?.count == 1)
      }
    }
    await server.shutdown()
  }

  @Test("a turn that is asked for behind an archive is refused, or it ends")
  func turnBehindArchive() async throws {
    let gate = Gate()
    let house = AgentHouse([.hang(gate), .text("late")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await house.thread(client)
    try await client.call("turn/start", ["threadId": thread, "input": text("first")])
    await house.model.untilRequests(1)
    let archive = client.ask("thread/archive", ["threadId": thread])
    let turn = client.ask("turn/start", ["threadId": thread, "input": text("second")])
    _ = try await client.response(to: archive).get()
    if case .success(let started) = await client.response(to: turn) {
      let id = started["turn"]?["id"]
      let ended = client.notes("turn/completed").contains { $0["turn"]?["id"] == id }
      #expect(ended)
    }
    gate.open()
    await server.shutdown()
  }
}
