import StetProtocol
import Testing

@testable import StetUI

/// Edits on a server that takes one answer for the whole change.
@Suite("protocol.md §7: plain file approvals") struct PlainReviewTests {
  private func asked(_ changes: [FileUpdateChange] = Session.severalChanges) -> Session {
    var s = Session.open(hunkReview: false, snapshots: false)
    s.startTurn()
    s.user("do it")
    s.proposeEdit(changes, review: nil)
    _ = s.taken()
    return s
  }

  @Test(
    "one key answers a change of several hunks",
    arguments: [("y", "accept"), ("A", "accept"), ("n", "decline")])
  func oneKey(_ key: Character, _ decision: String) {
    for columns in [100, 40] {
      var s = asked()
      s.size.columns = columns
      s.answer(Key(key))
      #expect(s.answers() == [["decision": .string(decision)]], "\(columns)")
      #expect(s.state.prompts.current == nil)
      #expect(s.state.composer.isEmpty)
    }
  }

  @Test("the keys that answer are on the screen") func footer() {
    var s = asked()
    s.frame()
    s.wait(2000)
    s.frame()
    #expect(s.shows("y accept"))
    #expect(s.shows("n reject all"))
  }

  @Test("in the full review y and enter answer for everything") func fullReview() {
    var s = asked()
    s.answer(Key(.enter))
    s.press(Key("y"), Key(.enter))
    #expect(s.answers() == [["decision": "accept"]])
  }

  @Test("a change whose files the server did not show can be answered too") func unknownFiles() {
    var s = asked([])
    s.answer(Key("y"))
    #expect(s.answers() == [["decision": "accept"]])
  }

  @Test("where hunks can be decided, y says how and is typed") func hunkByHunk() {
    var s = Session.open()
    s.startTurn()
    s.proposeEdit(Session.severalChanges, review: Session.severalReview)
    _ = s.taken()
    s.answer(Key("y"))
    #expect(s.answers().isEmpty)
  }
}
