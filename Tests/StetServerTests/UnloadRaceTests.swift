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

  @Test(
    "a resume beside an archive, a delete or a new name: both are answered with what is true, in any order",
    arguments: ["thread/archive", "thread/delete", "thread/name/set"], [true, false])
  func resumeBeside(method: String, isResumeFirst: Bool) async throws {
    let rounds = 6
    let house = AgentHouse((0..<rounds).map { .text("answer \($0)") })
    for round in 0..<rounds {
      let before = house.server()
      let first = try await house.connect(before)
      let thread = try await house.thread(first)
      try await first.call("turn/start", ["threadId": thread, "input": text("first")])
      _ = await first.note("turn/completed")
      await before.shutdown()

      let server = house.server()
      let (client, other) = (try await house.connect(server), try await house.connect(server))
      // In some rounds the thread is loaded already.
      if round % 3 == 2 { try await client.call("thread/resume", ["threadId": thread]) }
      let params: JSONValue = ["threadId": thread, "name": "new"]
      let early = isResumeFirst ? client.ask("thread/resume", params) : other.ask(method, params)
      let late = isResumeFirst ? other.ask(method, params) : client.ask("thread/resume", params)
      let resumed = await client.response(to: isResumeFirst ? early : late)
      let done = await other.response(to: isResumeFirst ? late : early)
      #expect((try? done.get()) == [:], "round \(round): \(done)")
      if case .failure(let error) = resumed {
        let isTrue =
          method == "thread/archive"
          ? error.message.contains("is archived") : error.message.contains("no rollout found")
        #expect(isTrue && method != "thread/name/set", "round \(round): \(error)")
      }
      let loaded = try await client.call("thread/loaded/list", [:])["data"]
      #expect(loaded == (method == "thread/name/set" ? [thread] : []))
      let again = await client.response(to: client.ask("thread/resume", ["threadId": thread]))
      if method == "thread/name/set" {
        #expect(try again.get()["thread"]?["name"] == "new")
      } else {
        #expect(throws: RPCError.self) { try again.get() }
      }
      if method == "thread/archive" { try await client.call("thread/unarchive", ["threadId": thread]) }
      if method != "thread/delete" { try await client.call("thread/resume", ["threadId": thread]) }
      await server.shutdown()
    }
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
