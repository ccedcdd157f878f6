import StetText
import Testing

@testable import StetUI

@Suite struct ComposerTests {
  @Test(
    "U7: shift-enter, alt-enter and ctrl-j insert a new line",
    arguments: [
      Key(.enter, .shift), Key(.enter, .alt), Key.ctrl("j"),
    ])
  func u7_newline(_ key: Key) {
    var s = Session.open()
    s.type("a")
    s.press(key)
    s.type("b")
    #expect(s.state.composer.text == "a\nb")
    #expect(s.requests().isEmpty)
  }

  @Test("U9: ! runs a shell command of the user's own, also beside a turn; alone it runs nothing")
  func u9_ownCommand() {
    for session in [Session.open(), Samples.working()] {
      var s = session
      _ = s.taken()
      s.type("!  ls -l | wc")
      s.press(Key(.enter))
      guard case .threadShellCommand(let params)? = s.requests().last else {
        Issue.record("nothing ran")
        return
      }
      #expect(params.command == "ls -l | wc" && params.threadId == Session.threadId)
      #expect(s.state.composer.isEmpty && s.state.composer.history.last == "!  ls -l | wc")
      s.fail(.shellCommand, "no shell")
      #expect(s.shows("no shell"))
      s.type("! ")
      s.press(Key(.enter))
      #expect(s.requests().isEmpty && s.state.composer.text == "! ")
    }
    var early = Session()
    early.type("!ls")
    early.press(Key(.enter))
    #expect(early.requests().isEmpty && early.state.composer.text == "!ls")
  }

  @Test("U7: emacs keys")
  func u7_emacs() {
    var s = Session.open()
    s.type("one two three")
    s.press(.ctrl("a"))
    s.type("0 ")
    s.press(.ctrl("e"), .ctrl("w"))
    #expect(s.state.composer.text == "0 one two ")
    s.press(.ctrl("y"))
    #expect(s.state.composer.text == "0 one two three")
    s.press(.alt("b"), .alt("b"), .ctrl("k"))
    #expect(s.state.composer.text == "0 one ")
    s.press(.ctrl("u"))
    #expect(s.state.composer.isEmpty)
  }

  @Test("U7: undo and redo")
  func u7_undo() {
    var s = Session.open()
    s.type("hello world")
    s.press(.ctrl("w"), .ctrl("_"))
    #expect(s.state.composer.text == "hello world")
    s.press(.alt("_"))
    #expect(s.state.composer.text == "hello ")
  }

  @Test("U7: every command keeps the caret inside the text", arguments: EditCommand.allCases)
  func u7_caretStays(_ command: EditCommand) {
    for text in ["", "a", "word", "two words", "a\nb\n", "日本語 テキスト", "e\u{301}👍🏽"] {
      for position in 0...Array(text).count {
        var buffer = TextBuffer(text)
        buffer.move(to: position)
        buffer.apply(command)
        buffer.apply(command)
        #expect(buffer.caret >= 0 && buffer.caret <= buffer.count)
      }
    }
  }

  @Test(
    "U10: marks, joiners and halves of flags that come key by key are one character with what they follow")
  func u10_joinedKeys() {
    var s = Session.open()
    for scalar in "e\u{301}👩‍💻👍🏽🇩🇪🇫🇷क्षि".unicodeScalars { s.press(Key(Character(scalar))) }
    #expect(s.state.composer.buffer.characters == Array("e\u{301}👩‍💻👍🏽🇩🇪🇫🇷क्षि"))
    s.press(Key(.backspace), Key(.backspace))
    #expect(s.state.composer.text == "e\u{301}👩‍💻👍🏽🇩🇪")
    // A pasted block is no letter.
    s.send(.input(.paste(String(repeating: "line\n", count: 20))))
    s.press(Key("\u{301}"))
    #expect(s.state.composer.text.hasSuffix("line\n\u{301}") && s.shows("[pasted "))
    s.press(Key("\n"), Key("\u{301}"))
    #expect(s.state.composer.buffer.count == 8)
  }

  @Test("U8: a paste over 10 lines becomes one token that is sent whole")
  func u8_token() {
    let text = (1...482).map { "line \($0)" }.joined(separator: "\n")
    var s = Session.open()
    s.type("look: ")
    s.send(.input(.paste(text)))
    #expect(s.shows("[pasted 482 lines]"))
    s.press(Key(.enter))
    guard case .turnStart(let params)? = s.requests().last else {
      Issue.record("not sent")
      return
    }
    #expect(params.input == [.text("look: " + text)])
  }

  @Test("U8: a long paste as terminals send it, with CR, is as many lines", arguments: ["\r", "\r\n", "\n"])
  func u8_lineEnds(_ end: String) {
    let lines = (1...482).map { "line \($0)" }
    var s = Session.open()
    s.send(.input(.paste(lines.joined(separator: end))))
    #expect(s.shows("[pasted 482 lines]") && s.state.composer.text == lines.joined(separator: "\n"))
  }

  @Test("U8: the token opens on enter when the caret stands on it")
  func u8_opens() {
    let text = (1...12).map { "line \($0)" }.joined(separator: "\n")
    var s = Session.open()
    s.send(.input(.paste(text)))
    s.press(Key(.left), Key(.enter))
    #expect(s.state.composer.text == text)
    #expect(s.state.composer.buffer.count == text.count)
    #expect(s.requests().isEmpty)
  }

  @Test("U8: a short paste is text; line ends are made one kind")
  func u8_short() {
    var s = Session.open()
    s.send(.input(.paste("a\r\nb\rc")))
    #expect(s.state.composer.text == "a\nb\nc")
  }

  @Test("U8: five megabytes are one token and come out unchanged")
  func u8_large() {
    var composer = Composer()
    let text = String(repeating: "x", count: 5_000_000)
    composer.paste(text)
    #expect(composer.buffer.count == 1)
    #expect(composer.text.utf8.count == 5_000_000)
    let isOpened = composer.openToken()
    #expect(!isOpened)
  }

  @Test("U8: pasted private characters are never taken for a token")
  func u8_noForgery() {
    var composer = Composer()
    composer.paste(String(repeating: "secret\n", count: 20))
    composer.paste("\u{100000}")
    #expect(composer.text.hasSuffix("\u{FFFD}"))
  }

  @Test("U9: / completes commands, tab completes, enter runs")
  func u9_commands() {
    var s = Session.open()
    s.type("/st")
    #expect(s.shows("/status"))
    s.press(Key(.tab))
    #expect(s.state.composer.text == "/status ")
    s.press(Key(.enter))
    #expect(s.shows("gpt-test"))
    #expect(s.state.dialogs.count == 1)
  }

  @Test("U9: @ asks for files and completes the chosen one")
  func u9_files() {
    var s = Session.open()
    s.type("see @Da")
    guard case .findFiles("Da")? = s.taken().last else {
      Issue.record("no files were asked for")
      return
    }
    s.send(.files(query: "D", ["wrong.txt"]))
    #expect(!s.shows("wrong.txt"))
    s.send(.files(query: "Da", ["Sources/Date.swift", "Data.txt"]))
    #expect(s.shows("@Data.txt"))
    s.press(Key(.down), Key(.tab))
    #expect(s.state.composer.text == "see @Data.txt ")
  }

  @Test("U9: up walks through the history and keeps the draft")
  func u9_history() {
    var s = Session.open()
    s.send(.history(["first", "second"]))
    s.type("draft")
    s.press(Key(.up), Key(.up))
    #expect(s.state.composer.text == "first")
    s.press(Key(.down), Key(.down))
    #expect(s.state.composer.text == "draft")
  }

  @Test("U9: ctrl-g opens the editor with the draft and takes the result")
  func u9_editor() {
    var s = Session.open()
    s.type("draft")
    s.press(.ctrl("g"))
    guard case .edit("draft", _, .draft)? = s.taken().last else {
      Issue.record("no editor")
      return
    }
    s.send(.edited(.draft, "better\n"))
    #expect(s.state.composer.text == "better")
  }

  @Test(
    "U10: the caret stands where the text is, for every kind of character",
    arguments: [
      ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("a👍b", 4),
    ])
  func u10_caret(_ text: String, _ columns: Int) {
    var s = Session.open()
    s.type(text)
    #expect(s.picture().cursor == Point(x: 3 + columns, y: 28))
  }

  @Test("U10: the caret is set on every frame, also while text streams")
  func u10_whileStreaming() {
    var s = Samples.working()
    s.type("hi")
    let before = s.frame().cursor
    for _ in 0..<20 {
      s.stream("words ")
      #expect(s.picture().cursor == before)
    }
  }

  @Test func theDraftIsWrappedAndTheCaretFollows() {
    for width in 1...40 {
      var composer = Composer()
      composer.paste("the quick brown fox\njumps over 日本語 the lazy dog")
      for position in 0...composer.buffer.count {
        composer.buffer.move(to: position)
        let layout = ComposerLayout(composer, width: width)
        #expect(layout.rows.map(\.range.count).reduce(0, +) == composer.buffer.count - 1)
        #expect(layout.caretColumn <= width)
        #expect(layout.position(row: layout.caretRow, column: layout.caretColumn) <= composer.buffer.count)
      }
    }
  }

  @Test("U24: a queue comes back as one in its own thread, and as text in another", arguments: [true, false])
  func u24_restoredQueue(_ isSame: Bool) {
    var s = Session(100, 30)
    s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
    s.send(
      .restored(Draft(threadId: isSame ? Session.threadId : "another", text: "half", queue: ["one", "two"])))
    #expect(s.state.composer.text == "half")
    s.send(.setup(.ready))
    s.reply(.threadStart, Session.startResponse())
    #expect(s.state.outbox.queue == (isSame ? ["one", "two"] : []))
    #expect(s.state.composer.text == (isSame ? "half" : "half\n\none\n\ntwo"))
    s.wait(1100)
    let kept = s.taken().compactMap { if case .save(.draft(let draft)) = $0 { draft } else { nil } }
    // What is kept already is what there is; else it is kept as text.
    #expect(kept.last?.queue == (isSame ? nil : []))
  }

  @Test func theDraftIsSavedAfterASecondAndComesBack() {
    var s = Session.open()
    s.type("unfinished")
    #expect(s.state.nextWake(now: s.now) != nil)
    _ = s.taken()
    s.wait(1100)
    guard case .save(.draft(let draft))? = s.taken().last else {
      Issue.record("not saved")
      return
    }
    #expect(draft.text == "unfinished")
    var later = Session.open()
    later.send(.restored(draft))
    #expect(later.state.composer.text == "unfinished")
  }

  @Test(
    "U9: a ! that was pasted is text, also put back later; one that was typed or sent before is a command")
  func u9_pastedCommand() {
    func ran(_ s: Session) -> [String] {
      s.requests().compactMap { if case .threadShellCommand(let params) = $0 { params.command } else { nil } }
    }
    var s = Session.open()
    s.send(.input(.paste("!rm -rf .")))
    #expect(s.shows("!rm -rf ."))
    s.press(Key(.enter))
    let taken = s.taken()
    #expect(
      taken.contains {
        if case .send(.turnStart(let params), _) = $0 { params.input == [.text("!rm -rf .")] } else { false }
      })
    #expect(taken.contains { if case .save(.history(" !rm -rf .")) = $0 { true } else { false } })
    // What comes back of it is text, too.
    s.fail(.turnStart(localId: 1), "no")
    #expect(s.state.composer.text == " !rm -rf .")
    s.press(.ctrl("c"))
    s.type("a")
    s.send(.input(.paste("!ls")))
    s.press(.ctrl("a"), Key(.delete), Key(.enter))
    #expect(ran(s).isEmpty)
    var typed = Session.open()
    typed.type("!")
    typed.send(.input(.paste("make test!")))
    typed.press(Key(.enter))
    #expect(ran(typed) == ["make test!"])
    typed.press(Key(.up))
    #expect(typed.state.composer.text == "!make test!")
    typed.press(Key(.enter))
    #expect(ran(typed) == ["make test!"])
  }
}
