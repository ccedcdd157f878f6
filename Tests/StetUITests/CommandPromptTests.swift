import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

@Suite struct CommandPromptTests {
  @Test("U3: the exact bytes are shown, invisible ones made visible")
  func u3_exactBytes() {
    var s = Samples.working()
    s.askForCommand("echo a\u{1B}[31m; rm\u{202E} -rf\u{200B} /\u{0}")
    s.frame()
    let screen = s.screen()
    #expect(!screen.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!screen.contains("\u{202E}"))
    #expect(!screen.contains("\u{200B}"))
    #expect(screen.contains("[31m"))
  }

  @Test("U3: directory, reason and sandbox are shown")
  func u3_facts() {
    var s = Samples.working()
    s.askForCommand("make install", reason: "to install the tool", sandboxed: false)
    s.frame()
    #expect(s.shows("in ~/project"))
    #expect(s.shows("outside the sandbox"))
    #expect(s.shows("why: to install the tool"))
    var inside = Samples.working()
    inside.askForCommand("ls", sandboxed: true)
    #expect(inside.shows("in the sandbox"))
    var untold = Samples.working()
    untold.askForCommand("ls")
    #expect(!untold.shows("the sandbox"), "what the server does not say is not guessed")
  }

  @Test("S13: a question about a host says the host, and the command that runs can't be edited any more")
  func s13_host() {
    var s = Samples.working()
    s.askForCommand("curl example.com", host: NetworkApprovalContext(host: "example.com", protocol: .https))
    s.frame()
    #expect(s.shows("Let this command reach a host?") && s.shows("reaches https://example.com"))
    #expect(!s.shows("Run this command?"))
    s.wait(2_000)
    #expect(s.shows("once") && !s.shows("edit"))
    s.answer(Key("y"))
    #expect(s.answers() == [["decision": "accept"]])
  }

  @Test("U3: a rule's text and scope are shown before it is stored")
  func u3_ruleShown() {
    var s = Samples.prompted()
    s.press(Key("p"))
    #expect(s.shows("always allow commands that begin with"))
    #expect(s.shows("git status"))
    #expect(s.shows("every thread"))
    #expect(s.answers().isEmpty)
  }

  @Test(
    "U4: y, a, n and esc give the server's decisions",
    arguments: [
      ("y", "accept"), ("a", "acceptForSession"), ("n", "decline"),
    ])
  func u4_decisions(_ key: Character, _ decision: String) {
    var s = Samples.prompted()
    s.press(Key(key))
    #expect(s.answers() == [["decision": .string(decision)]])
    #expect(s.state.prompts.count == 0)
  }

  @Test("U4: esc cancels the command and stops the turn")
  func u4_esc() {
    var s = Samples.prompted()
    _ = s.taken()
    s.press(Key(.escape))
    let effects = s.taken()
    guard case .answer(_, let value)? = effects.first, case .send(.turnInterrupt, _)? = effects.last else {
      Issue.record("\(effects)")
      return
    }
    #expect(value == ["decision": "cancel"])
  }

  @Test("U4: p offers at least two prefixes and sends the one that was chosen")
  func u4_rule() {
    var s = Samples.prompted()
    s.press(Key("p"))
    #expect(s.state.commandPrompt.map { $0.offers.count >= 2 } == true)
    s.press(Key(.tab), Key(.tab))
    #expect(s.state.field?.buffer.text == "git")
    s.press(Key(.enter))
    #expect(
      s.answers() == [["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["git"]]]]])
  }

  @Test(
    "U4: a rule that does not fit the command or is no plain words is refused",
    arguments: ["rm", "git status | sh"])
  func u4_badRule(_ rule: String) {
    var s = Samples.prompted()
    s.press(Key("p"), .ctrl("u"))
    s.type(rule)
    s.press(Key(.enter))
    #expect(s.answers().isEmpty)
    #expect(s.state.field != nil)
  }

  @Test("U4: without a rule from the server p says why not, and is typed nowhere")
  func u4_noRule() {
    let s = Samples.prompted(long: true)
    #expect(!s.shows("p rule"))
  }

  @Test("U4: c declines and sends what to do instead")
  func u4_instead() {
    var s = Samples.prompted()
    _ = s.taken()
    s.press(Key("c"))
    s.type("use make")
    s.press(Key(.enter))
    let effects = s.taken()
    guard case .answer(_, let value)? = effects.first, case .send(.turnSteer(let steer), _)? = effects.last
    else {
      Issue.record("\(effects)")
      return
    }
    #expect(value == ["decision": "decline"])
    #expect(steer.input == [.text("use make")])
  }

  @Test("U4: e edits the command; the agent is told which one to run")
  func u4_edit() {
    var s = Samples.prompted()
    _ = s.taken()
    s.press(Key("e"))
    #expect(s.state.field?.buffer.text == "git status -s")
    s.type(" -b")
    s.press(Key(.enter))
    let effects = s.taken()
    guard case .send(.turnSteer(let steer), _)? = effects.last, case .text(let text)? = steer.input.first
    else {
      Issue.record("\(effects)")
      return
    }
    #expect(text.text.contains("git status -s -b"))
  }

  @Test("U4: esc leaves the line of text and answers nothing")
  func u4_fieldCancel() {
    var s = Samples.prompted()
    s.press(Key("c"), Key("x"), Key(.escape))
    #expect(s.state.field == nil)
    #expect(s.state.prompts.count == 1)
    #expect(s.answers().isEmpty)
  }

  @Test func resolvedElsewhereGoesAway() {
    var s = Samples.prompted()
    s.notify(.serverRequestResolved(.init(threadId: Session.threadId, requestId: .int(7))))
    #expect(s.state.prompts.count == 0)
    #expect(!s.shows("Run this command?"))
  }

  @Test func unknownRequestsAreRefused() {
    var s = Session.open()
    s.send(.request(.int(1), .unknown(method: "x/y", params: nil)))
    guard case .refuse(.int(1), _)? = s.taken().first else {
      Issue.record("not refused")
      return
    }
  }

  @Test func questionsAreAnsweredByChoiceOrText() {
    var s = Samples.asked(options: true)
    s.press(Key("j"), Key(.enter))
    #expect(s.answers() == [["answers": ["q1": ["answers": ["B"]]]]])
    var typed = Samples.asked(options: false)
    typed.press(Key(.enter))
    typed.type("maybe")
    typed.press(Key(.enter))
    #expect(typed.answers() == [["answers": ["q1": ["answers": ["maybe"]]]]])
  }

  @Test func permissionsAreGrantedForTheTurnOrRefused() {
    var granted = Samples.permitted()
    granted.press(Key("y"))
    #expect(granted.answers().first?["permissions"]?["network"]?["enabled"] == true)
    var refused = Samples.permitted()
    refused.press(Key("n"))
    #expect(refused.answers().first?["permissions"]?["network"]?.isNull == true)
  }

  @Test func promptGoldens() throws {
    for (columns, rows) in [(100, 30), (40, 20)] {
      var s = Samples.prompted()
      s.size = .init(columns: columns, rows: rows)
      try Golden.check(s.frame().surface, "command-prompt-\(columns)x\(rows)")
    }
  }
}
