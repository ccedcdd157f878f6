import StetProtocol
import Testing

@testable import StetUI

/// What the thread picker does to a thread besides opening it.
@Suite struct PickerTests {
  private func picking() -> Session {
    let s = Samples.picking()
    _ = s.taken()
    return s
  }

  private func list(_ s: Session) -> ListDialog? {
    if case .list(let list)? = s.state.dialogs.last { list } else { nil }
  }

  @Test("U23: fork asks for one and opens it with its last turns") func u23_fork() {
    var s = picking()
    s.press(.alt("f"))
    guard case .threadFork(let params)? = s.requests().first else {
      Issue.record("not forked")
      return
    }
    #expect(params.threadId == "T5" && params.excludeTurns == true)
    s.reply(.threadFork, Session.resumeResponse(Session.thread("F1")))
    guard case .threadResume(let resumed)? = s.requests().first else {
      Issue.record("the fork was not opened")
      return
    }
    #expect(resumed.threadId == "F1")
    #expect(s.state.dialogs.isEmpty)
    var refused = picking()
    refused.press(.alt("f"))
    refused.fail(.threadFork, "no rollout found")
    #expect(refused.shows("not forked: no rollout found"))
    #expect(list(refused) != nil)
  }

  @Test("U23: rename edits the name where the filter was; esc leaves it") func u23_rename() {
    var s = picking()
    s.press(.alt("r"))
    #expect(s.shows("= date test"))
    #expect(!s.shows("this one"))
    s.press(Key(.escape))
    #expect(list(s)?.renaming == nil)
    #expect(list(s)?.filter.isEmpty == true)
    s.press(.alt("r"), .ctrl("u"), Key(.enter))
    #expect(s.requests().isEmpty, "a name is not empty")
    s.type("time zones")
    s.press(Key(.enter))
    guard case .threadNameSet(let params)? = s.requests().first else {
      Issue.record("not renamed")
      return
    }
    #expect(params.threadId == "T5" && params.name == "time zones")
    s.send(.reply(.threadChanged(words: "renamed to time zones"), .success([:])))
    #expect(s.shows("renamed to time zones"))
    #expect(s.requests().contains { if case .threadList = $0 { true } else { false } })
    s.reply(
      .threadList(generation: 2), ThreadListResponse(data: [Session.thread("T5", name: "time zones")]))
    #expect(s.shows("time zones"))
  }

  @Test("U23: delete asks; another key takes it back") func u23_delete() {
    var s = picking()
    s.press(.alt("d"))
    #expect(s.shows("alt-d again deletes “date test” for good"))
    #expect(s.requests().isEmpty)
    s.press(Key(.down), Key(.up), .alt("d"))
    #expect(s.requests().isEmpty)
    s.press(.alt("d"))
    guard case .threadDelete(let params)? = s.requests().first else {
      Issue.record("not deleted")
      return
    }
    #expect(params.threadId == "T5")
    s.fail(.threadChanged(words: "deleted"), "it is open elsewhere")
    #expect(s.shows("nothing changed: it is open elsewhere"))
  }

  @Test("U23: archive; not what is open, and not in other lists") func u23_archive() {
    var s = picking()
    s.press(.alt("x"))
    guard case .threadArchive(let params)? = s.requests().first else {
      Issue.record("not archived")
      return
    }
    #expect(params.threadId == "T5")
    s.press(Key(.down), .alt("x"))
    #expect(s.shows("this thread is open"))
    s.press(.alt("d"), .alt("d"))
    #expect(s.requests().isEmpty)
    var other = Samples.listed()
    _ = other.taken()
    other.press(.alt("d"), .alt("d"))
    #expect(other.requests().isEmpty)
  }

  @Test("U23: a list that is asked for again keeps what was chosen, wherever it stands then")
  func u23_refresh() {
    var s = picking()
    s.press(Key(.down))
    let chosen = list(s)?.chosen?.id
    let rows = list(s)?.rows.map(\.id) ?? []
    s.send(.reply(.threadChanged(words: "renamed"), .success([:])))
    let newer = (["NEW"] + rows).map { Session.thread($0, name: $0) }
    s.reply(.threadList(generation: 2), ThreadListResponse(data: newer))
    #expect(list(s)?.rows.count == rows.count + 1)
    #expect(chosen != nil && list(s)?.chosen?.id == chosen)
  }

  @Test("U23: the picker tells the turns of a thread and what they changed, where the server knows")
  func u23_tally() {
    var s = Session.open()
    s.press(.ctrl("o"))
    let tallies = [
      "T5": StetThreadTally(turns: 12, added: 340, removed: 28), "T6": StetThreadTally(turns: 1),
    ]
    s.reply(
      .threadList(generation: 1),
      ThreadListResponse(
        data: [
          Session.thread("T5", name: "first"), Session.thread("T6", name: "second"), Session.thread("T7"),
        ],
        stet: tallies))
    let rows = s.picture().surface.rows
    #expect(rows.contains { $0.contains("first") && $0.contains("12 turns · +340 −28") })
    #expect(rows.contains { $0.contains("second") && $0.hasSuffix("· 1 turn") && !$0.contains("+") })
  }
}
