import Logging
import StetConfig
import StetProtocol
import StetStore
import StetTestSupport
import Testing

@testable import StetAgent

/// R1: the index of histories under several readers, each with a connection of its own as in a process of its own.
@Suite(.timeLimit(.minutes(10)))
struct SharedIndexTests {
  @Test("R1: readers and rebuilds side by side, while the log grows, leave the rows that one reader makes")
  func r1_sideBySide() async throws {
    let directory = TempDirectory("shared-index")
    let home = StetHome(root: directory.path)
    let id = ThreadIds.make(nowMs: 1_000)
    let files = ThreadFiles(directory: home.threadsDirectory)
    let log = try ThreadLog.create(path: files.path(threadId: id, createdAtMs: 1_000))
    var summary = ThreadSummary(id: id, path: log.path, cwd: "/w", modelProvider: "p", createdAtMs: 1_000)
    try log.appendSummary(summary, since: nil)
    await withTaskGroup(of: Void.self) { group in
      for reader in 0..<4 {
        group.addTask {
          let store = HistoryStore(home: home, logger: Logger(label: "reader"))
          for round in 0..<20 {
            do {
              if reader == 0, round % 5 == 0 { _ = try store.rebuild() } else { _ = try store.catchUp(id) }
            } catch {
              Issue.record("\(error)")
            }
            await Task.yield()
          }
        }
      }
      group.addTask {
        do {
          for turn in 0..<600 {
            let name = "u\(turn)"
            try log.append(
              type: ThreadRecord.turnStarted, payload: ["turnId": .string(name), "startedAtMs": 1])
            try log.append(
              type: ThreadRecord.item,
              payload: [
                "turnId": .string(name), "position": 0,
                "item": ["id": .string("i\(turn)"), "type": "agentMessage"],
              ])
            await Task.yield()
          }
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    let old = summary
    summary.turns = 600
    try log.appendSummary(summary, since: old)
    log.close()
    let shared = HistoryStore(home: home, logger: Logger(label: "shared"))
    _ = try shared.catchUp(id)
    let kept = try shared.index().digest()
    #expect(try shared.rebuild() == [])
    #expect(try shared.index().digest() == kept)
    #expect(
      try shared.index().marks(id, kind: HistoryKind.turn, in: 0..<Int64.max, descending: false, limit: 1_000)
        .count
        == 600)
  }
}
