import StetAgent
import StetProtocol
import StetTestSupport
import Synchronization
import Testing

/// What a turn's own tasks say after it.
@Suite(.timeLimit(.minutes(10)))
struct LateStreamTests {
  @Test("L8: the end of a stopped turn's stream that comes late does not break the next turn's response")
  func l8_lateEnd() async throws {
    let client = LateClient()
    let harness = AgentHarness([], client: client)
    let thread = try await harness.start().thread.id
    let first = try await harness.begin(thread, "one")
    await client.asked.reached(1)
    try await harness.interrupt(thread, first.id)
    #expect(await harness.ended(first.id).status == .interrupted)
    let second = try await harness.begin(thread, "two")
    await client.asked.reached(2)
    client.ends[0].open()
    // The late end is one message to the thread; a few more go the same way behind it.
    for _ in 0..<5 { _ = try await harness.read(thread, turns: false) }
    client.ends[1].open()
    #expect(await harness.ended(second.id).status == .completed)
    #expect(client.asked.count == 2)
    #expect(!harness.sink.notifications.contains { if case .error = $0 { true } else { false } })
  }
}

/// Each stream waits at a gate of its own; then the first ends without an answer, and the others answer with a word.
private final class LateClient: ModelClient {
  let ends = [Gate(), Gate()]
  let asked = Asked()

  func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    let number = asked.add()
    let gate = ends.indices.contains(number - 1) ? ends[number - 1] : nil
    let step = Mutex(number == 1 ? 2 : 0)
    return AsyncThrowingStream(unfolding: {
      await gate?.opened()
      let at = step.withLock { step in
        defer { step += 1 }
        return step
      }
      switch at {
      case 0:
        return .itemDone([
          "type": "message", "role": "assistant", "id": .string("m\(number)"),
          "content": [["type": "output_text", "text": "yes"]],
        ])
      case 1: return .completed(nil)
      default: return nil
      }
    })
  }

  /// Counts requests, and lets a test wait for one.
  final class Asked: Sendable {
    private let state = Mutex((count: 0, watchers: [(Int, CheckedContinuation<Void, Never>)]()))

    var count: Int { state.withLock { $0.count } }

    func add() -> Int {
      let (count, ready) = state.withLock { state in
        state.count += 1
        let count = state.count
        let ready = state.watchers.filter { $0.0 <= count }
        state.watchers.removeAll { $0.0 <= count }
        return (count, ready)
      }
      for (_, watcher) in ready { watcher.resume() }
      return count
    }

    func reached(_ number: Int) async {
      await withCheckedContinuation { watcher in
        let isThere = state.withLock { state in
          if state.count < number { state.watchers.append((number, watcher)) }
          return state.count >= number
        }
        if isThere { watcher.resume() }
      }
    }
  }
}
