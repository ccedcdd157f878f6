import StetProtocol
import Testing

@testable import StetUI

@Suite struct FocusTests {
  @Test("U1: esc in an empty, idle composer goes to the transcript, i comes back")
  func u1_escAndBack() {
    var s = Samples.talked()
    s.press(Key(.escape))
    #expect(s.state.focus == .transcript)
    #expect(s.state.selectedItem != nil)
    s.press(Key("i"))
    #expect(s.state.focus == .composer)
  }

  @Test("U1: typing / @ ! in the transcript goes back and types it", arguments: ["/", "@", "!"])
  func u1_typingGoesBack(_ character: Character) {
    var s = Samples.talked()
    s.press(Key(.escape), Key(character))
    #expect(s.state.focus == .composer)
    #expect(s.state.composer.text == String(character))
  }

  @Test("U1: esc esc reaches the timeline")
  func u1_timeline() {
    var s = Samples.talked()
    s.press(Key(.escape), Key(.escape))
    #expect(s.state.undoState != nil)
    let asked = s.requests().contains { if case .stetSnapshotList = $0 { true } else { false } }
    #expect(asked)
  }

  @Test("U1: esc keeps a draft where it is")
  func u1_escWithDraft() {
    var s = Samples.talked()
    s.type("draft")
    s.press(Key(.escape))
    #expect(s.state.focus == .composer)
    #expect(s.state.composer.text == "draft")
  }

  @Test("U1: ctrl-u and ctrl-d edit a draft and scroll otherwise")
  func u1_ctrlU() {
    var s = Samples.scrolled()
    let before = s.screen()
    s.press(.ctrl("u"))
    #expect(s.screen() != before)
    s.type("one two")
    s.press(.ctrl("u"))
    #expect(s.state.composer.isEmpty)
  }

  @Test("U1: page keys and the wheel scroll from either place")
  func u1_scrolling() {
    var s = Samples.scrolled()
    for focus in [AppState.Focus.composer, .transcript] {
      s.state.focus = focus
      let before = s.screen()
      s.press(Key(.pageUp))
      let paged = s.screen()
      #expect(paged != before)
      s.send(.input(.mouse(Mouse(.wheelUp, at: .init(x: 5, y: 5)))))
      #expect(s.screen() != paged)
    }
  }

  @Test("U5: esc while working stops the turn and keeps the queue")
  func u5_escStops() {
    var s = Samples.working()
    s.type("later")
    s.press(Key(.tab))
    _ = s.taken()
    s.press(Key(.escape))
    guard case .turnInterrupt(let params)? = s.requests().first else {
      Issue.record("no interrupt was sent")
      return
    }
    #expect(params.turnId == "U1")
    #expect(s.shows("stopping …"))
    s.endTurn("U1", .interrupted)
    #expect(s.state.outbox.queue == ["later"])
    #expect(s.requests().isEmpty)
    #expect(s.shows("stopped"))
  }

  @Test("U5: esc stops while a draft is there, and keeps it")
  func u5_escWithDraft() {
    var s = Samples.working()
    s.type("draft")
    _ = s.taken()
    s.press(Key(.escape))
    #expect(s.requests().count == 1)
    #expect(s.state.composer.text == "draft")
  }

  @Test("U5: ctrl-c clears a draft, else stops, else twice quits")
  func u5_ctrlC() {
    var s = Samples.working()
    s.type("draft")
    _ = s.taken()
    s.press(.ctrl("c"))
    #expect(s.state.composer.isEmpty)
    #expect(s.requests().isEmpty)
    s.press(.ctrl("c"))
    #expect(s.requests().count == 1)
    s.endTurn("U1", .interrupted)
    _ = s.taken()
    s.press(Key(.left), .ctrl("c"))
    #expect(!isQuit(s.taken()))
    s.press(.ctrl("c"))
    #expect(isQuit(s.taken()))
  }

  @Test("U5: a cleared draft comes back with ctrl-y")
  func u5_cleared() {
    var s = Session.open()
    s.type("important")
    s.press(.ctrl("c"), .ctrl("y"))
    #expect(s.state.composer.text == "important")
  }

  @Test("U5: another key between two ctrl-c keeps stet open")
  func u5_notByAccident() {
    var s = Session.open()
    s.press(.ctrl("c"), Key("a"), Key(.backspace), .ctrl("c"))
    #expect(!isQuit(s.taken()))
  }

  @Test("U5: in a full review q leaves it pending")
  func u5_reviewLeaves() {
    var s = Samples.reviewed()
    s.press(Key("y"), Key("q"))
    #expect(s.state.dialogs.isEmpty)
    #expect(s.answers().isEmpty)
    #expect(s.state.prompts.review?.decidedHunks == 1)
  }

  @Test("U5: in a one-hunk prompt n declines, enter opens the review, esc stops the turn")
  func u5_singleHunk() {
    var declined = Samples.edited()
    declined.press(Key("n"))
    #expect(declined.answers().count == 1)
    var opened = Samples.edited()
    opened.press(Key(.enter))
    #expect(opened.answers().isEmpty)
    #expect(opened.state.dialogs.count == 1)
    var stopped = Samples.edited()
    _ = stopped.taken()
    stopped.press(Key(.escape))
    let effects = stopped.taken()
    #expect(effects.count == 2)
  }

  private func isQuit(_ effects: [Effect]) -> Bool {
    effects.contains { if case .quit = $0 { true } else { false } }
  }
}
