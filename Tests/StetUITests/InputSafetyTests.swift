import StetProtocol
import Testing

@testable import StetUI

@Suite struct InputSafetyTests {
  private func waiting() -> Session {
    var s = Samples.working()
    s.wait(5000)
    s.askForCommand("rm -rf build")
    return s
  }

  @Test("U2: a key that was read before the prompt was painted never answers it")
  func u2_notBeforePaint() {
    var s = waiting()
    s.wait(5000)
    s.press(Key("y"))
    #expect(s.answers().isEmpty)
    #expect(s.state.composer.text == "y")
  }

  @Test("U2: a key within 500 ms after the prompt was painted never answers it")
  func u2_notTooSoonAfter() {
    var s = waiting()
    s.frame()
    s.wait(480)
    s.press(Key("y"))
    #expect(s.answers().isEmpty)
    #expect(s.state.composer.text == "y")
  }

  @Test("U2: a key in the 500 ms before the painting puts the prompt off")
  func u2_notAfterTyping() {
    var s = waiting()
    s.press(Key(.left))
    s.wait(300)
    s.frame()
    s.wait(550)
    s.frame()
    #expect(s.shows("ctrl-x answers this"))
    s.press(Key("y"))
    #expect(s.answers().isEmpty)
  }

  @Test("U2: after enough silence the prompt takes the key")
  func u2_afterSilence() {
    var s = waiting()
    s.frame()
    s.wait(510)
    s.frame()
    #expect(s.shows("y once"))
    #expect(!s.shows("ctrl-x answers this"))
    s.press(Key("y"))
    #expect(s.answers() == [["decision": "accept"]])
  }

  @Test("U2: what the user is typing is never taken", arguments: ["y", "n", "yes please"])
  func u2_typingWins(_ text: String) {
    var s = waiting()
    s.type("x")
    s.frame()
    s.wait(3000)
    s.frame()
    s.type(text)
    #expect(s.answers().isEmpty)
    #expect(s.state.composer.text == "x" + text)
    #expect(s.shows("ctrl-x answers this"))
  }

  @Test("U2: while the transcript or a dialog has the keys the prompt waits")
  func u2_otherFocusWaits() {
    var s = Samples.talked()
    s.press(Key(.escape))
    #expect(s.state.focus == .transcript)
    s.startTurn("U2")
    s.askForCommand("ls")
    s.frame()
    s.wait(5000)
    s.press(Key("y"))
    #expect(s.answers().isEmpty)
    s.press(Key("i"), Key("?"))
    s.wait(5000)
    s.press(Key("y"), Key("n"))
    #expect(s.answers().isEmpty)
  }

  @Test("U2: ctrl-x gives the keys to the prompt at once, and back")
  func u2_ctrlX() {
    var s = waiting()
    s.type("half a sentence")
    s.frame()
    s.press(.ctrl("x"))
    #expect(s.shows("y once"))
    s.press(.ctrl("x"))
    #expect(s.shows("ctrl-x answers this"))
    s.press(.ctrl("x"), Key("n"))
    #expect(s.answers() == [["decision": "decline"]])
    #expect(s.state.composer.text == "half a sentence")
  }

  @Test("U2: a pressed or repeated y answers one prompt, not the next")
  func u2_secondPromptWaits() {
    var s = waiting()
    s.askForCommand("rm -rf /", id: 8, item: "c2")
    s.answer(Key("y"))
    s.frame()
    s.press(Key("y"), Key("y"))
    #expect(s.answers().count == 1)
    #expect(s.state.prompts.count == 1)
  }

  @Test("U2: the review screen closes with its question; the next one waits like any other")
  func u2_reviewClosesWithItsPrompt() {
    var s = Samples.reviewed(decided: true)
    s.proposeEdit(id: 10)
    s.press(Key("y"), Key(.enter), Key("y"), Key(.enter))
    #expect(s.answers().count == 1)
    #expect(s.state.dialogs.isEmpty)
    #expect(s.state.prompts.count == 1)
  }

  @Test("U2: scrolling a prompt that has the keys does not put it off")
  func u2_scrollingKeepsKeys() {
    var s = Samples.prompted(long: true)
    s.press(Key(.down), Key("y"))
    #expect(s.answers().count == 1)
  }

  @Test("U2: a paste never answers")
  func u2_paste() {
    var s = waiting()
    s.frame()
    s.wait(3000)
    s.frame()
    s.send(.input(.paste("y")))
    #expect(s.answers().isEmpty)
    #expect(s.state.composer.text == "y")
  }

  @Test("U2: the loop is woken when the prompt begins to take keys, and not after")
  func u2_wake() {
    var s = waiting()
    s.frame()
    let wake = s.state.nextWake(now: s.now)
    #expect(wake?.since(s.now) == 500)
    s.wait(500)
    s.frame()
    #expect(s.state.nextWake(now: s.now) == nil)
  }

  @Test("U2: a loop that looks late, when that moment is over, is woken at once") func lateLook() throws {
    var s = waiting()
    s.frame()
    let armedAt = try #require(s.state.nextWake(now: s.now))
    let late = armedAt.advanced(by: 3)
    #expect(s.state.nextWake(now: late) == late.advanced(by: 1))
    s.wait(late.since(s.now))
    #expect(s.state.promptHasKeys && s.state.nextWake(now: s.now) == nil)
  }

  @Test("U2: the prompt never covers the composer")
  func u2_composerVisible() {
    var s = Samples.prompted(long: true)
    s.frame()
    for rows in [8, 12, 20, 30] {
      s.size.rows = rows
      s.size.columns = 80
      let lines = s.screen().split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.contains { $0.contains("Ask stet …") }, "\(rows) rows")
      #expect(lines.contains { $0.contains("y once") }, "\(rows) rows")
    }
  }
}
