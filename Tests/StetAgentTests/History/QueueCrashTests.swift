import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// A kill while a queued message becomes a turn.
@Suite(.timeLimit(.minutes(10)))
struct QueueCrashTests {
  @Test("L7: a queued message is lost at no cut of the log, and is there once")
  func l7_queuedMessageSurvives() async throws {
    let gate = Gate()
    let first = AgentHarness([.respond([.gate(gate), .text("a1")]), .text("a2")])
    let id = try await first.start().thread.id
    let turn = try await first.begin(id, "q1")
    await first.model.untilRequests(1)
    let params = ThreadQueueAddParams(threadId: id, clientUserMessageId: "mine", input: [.text("later")])
    let _: ThreadQueueAddResponse = try await first.call { first.agent.threadQueueAdd(params, reply: $0) }
    gate.open()
    _ = await first.ended(turn.id)
    await first.sink.until { $0.compactMap(\.turnCompleted).count == 2 }
    let log = try await first.log(id)
    await first.agent.shutdown()
    let whole = try #require(first.home.bytes(log))
    let added = try #require(whole.firstRange(of: Array(#""clientUserMessageId":"mine""#.utf8)))
    let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") && $0 > added.upperBound }
    #expect(ends.count > 8)
    for end in ends {
      first.home.write(log, bytes: Array(whole[...end]), mode: 0o600)
      let after = AgentHarness([.text("back"), .text("back")], home: first.home, work: first.work)
      _ = try await after.resume(id)
      // Where the last turn was whole the message starts by itself; else it waits, or its turn holds it.
      var count = -1
      for _ in 0..<1_000 {
        let held = try await waiting(after, id)
        let begun = try await after.read(id).turns.flatMap(\.texts).count { $0 == "later" }
        count = held + begun
        if count == 1 { break }
        await Task.yield()
      }
      #expect(count == 1, "cut at \(end) of \(whole.count)")
      await after.agent.shutdown()
    }
  }

  private func waiting(_ harness: AgentHarness, _ thread: String) async throws -> Int {
    let list: ThreadQueueListResponse = try await harness.call {
      harness.agent.threadQueueList(ThreadQueueListParams(threadId: thread), reply: $0)
    }
    return list.data.count { $0.clientUserMessageId == "mine" }
  }

  @Test("calls behind an unload are answered, each of them: done before it, or told that there is no thread")
  func answeredBehindUnload() async throws {
    let harness = AgentHarness((0..<4).map { .text("a\($0)") })
    for round in 0..<4 {
      let id = try await harness.start().thread.id
      try await harness.turn(id, "q\(round)")
      let refusals = await withTaskGroup(of: String?.self) { group in
        group.addTask {
          let params = ThreadArchiveParams(threadId: id)
          do {
            let _: EmptyResponse = try await harness.call { harness.agent.threadArchive(params, reply: $0) }
            return nil
          } catch {
            return "archive: \(error)"
          }
        }
        for _ in 0..<60 {
          group.addTask {
            do {
              try await harness.inject(id, [["type": "message", "role": "user", "content": "x"]])
              return nil
            } catch {
              return (error as? RPCError)?.message ?? "\(error)"
            }
          }
        }
        return await group.reduce(into: [String]()) { if let text = $1 { $0.append(text) } }
      }
      #expect(refusals.allSatisfy { $0 == "thread not found: \(id)" }, "\(Set(refusals))")
    }
  }
}
