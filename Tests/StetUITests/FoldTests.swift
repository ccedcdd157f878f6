import StetProtocol
import Testing

@testable import StetUI

/// What was folded by hand stays so over runs (U24).
@Suite struct FoldTests {
  private func resumed() -> Session {
    var s = Session(launch: .resume(Session.threadId))
    s.send(.connected(ServerFacts(serverVersion: "1.0", hunkReview: true, snapshots: true)))
    s.send(.setup(.ready))
    let command = Session.command("seq 40", id: "c1", status: .completed, output: "1\n2\n3\n4\n5\n", exit: 0)
    var response = Session.resumeResponse(Session.thread())
    response.initialTurnsPage = TurnsPage(data: [Session.turn("U1", .completed, [command])])
    s.reply(.threadResume, response)
    return s
  }

  @Test("U24: what was unfolded is kept, asked for when the thread opens again, and shown as it was")
  func u24_folds() {
    var s = resumed()
    #expect(s.taken().contains { if case .readFolds(Session.threadId) = $0 { true } else { false } })
    #expect(s.state.transcript.item("c1")?.folded == true)
    s.press(Key(.escape), Key(.enter))
    let saved = s.taken().compactMap { effect -> [String: Bool]? in
      if case .save(.folds(Session.threadId, let folds)) = effect { folds } else { nil }
    }
    #expect(saved == [["c1": false]])
    var again = resumed()
    again.send(.folds(thread: "another", ["c1": false]))
    #expect(again.state.transcript.item("c1")?.folded == true)
    again.send(.folds(thread: Session.threadId, ["c1": false, "gone": true]))
    #expect(again.state.transcript.item("c1")?.folded == false)
    #expect(!again.taken().contains { if case .save(.folds) = $0 { true } else { false } }, "nothing new")
    // What was chosen before the answer came stays.
    var quick = resumed()
    quick.press(Key(.escape), Key(.enter))
    quick.send(.folds(thread: Session.threadId, ["c1": true]))
    #expect(quick.state.transcript.item("c1")?.folded == false)
  }

  @Test("U24: entries of the interface itself and choices without end are not kept") func u24_bounds() {
    var transcript = Transcript()
    for number in 0..<Transcript.maxFolds + 10 {
      let command = Session.command("c", id: "c\(number)", status: .completed, output: "x", exit: 0)
      transcript.complete(command, turnId: "U", now: Instant(milliseconds: 0))
      transcript.toggleFold(number)
    }
    #expect(transcript.folds.count == Transcript.maxFolds)
  }
}
