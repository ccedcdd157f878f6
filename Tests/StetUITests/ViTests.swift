import StetProtocol
import StetText
import Testing

@testable import StetUI

/// vi's keys in the composer (U7).
@Suite struct ViTests {
  /// A draft with the caret at `|`, in the normal mode.
  private func session(_ draft: String) -> Session {
    var s = Session.open()
    s.send(.settings(InterfaceSettings(hasViKeys: true)))
    s.send(.input(.paste(draft.filter { $0 != "|" })))
    s.state.composer.buffer.move(to: Array(draft).firstIndex(of: "|") ?? 0)
    s.state.composer.vi?.mode = .normal
    return s
  }

  private func shown(_ s: Session) -> String {
    var characters = s.state.composer.buffer.characters
    characters.insert("|", at: s.state.composer.buffer.caret)
    return String(characters)
  }

  @Test(
    "U7: motions, counts, operators and objects of vi",
    arguments: [
      ("a|bc def", "l", "ab|c def"), ("a|bc def", "w", "abc |def"), ("abc |def", "b", "|abc def"),
      ("|abc def", "e", "ab|c def"), ("|a-b c", "w", "a|-b c"), ("|a-b c", "W", "a-b |c"),
      ("ab|c def", "0", "|abc def"), ("  ab|c", "^", "  |abc"), ("|abc", "$", "ab|c"),
      ("|abc abc", "2w", "abc ab|c"), ("|a\nb\nc", "G", "a\nb\n|c"), ("a\nb\n|c", "gg", "|a\nb\nc"),
      ("|a(b)c", "f)", "a(b|)c"), ("a(b|)c", "F(", "a|(b)c"), ("|a(b)c", "t)", "a(|b)c"),
      ("|x.x.x.", "f.;", "x.x|.x."), ("|x.x.x.", "f.;,", "x|.x.x."), ("|abc", "fz", "|abc"),
      ("|abc def", "dw", "|def"), ("abc |def", "db", "|def"), ("|abc def", "de", "| def"),
      ("|a b c d", "d2w", "|c d"), ("|a b c d", "2dw", "|c d"), ("|a b c d e f g", "2d3w", "|g"),
      ("abc |def\nx", "dw", "abc| \nx"), ("a\n|b\nc", "dd", "a\n|c"), ("a\nb\n|c", "dd", "a\n|b"),
      ("|a\nb\nc", "2dd", "|c"), ("|a\nb\nc", "dj", "|c"), ("a\nb\n|c", "dk", "|a"), ("|abc", "dd", "|"),
      ("a|bc d", "D", "|a"), ("a|bc", "x", "a|c"), ("a|bcd", "2x", "a|d"), ("ab|c", "X", "a|c"),
      ("|abc", "xp", "b|ac"), ("|a\nb", "yyp", "a\n|a\nb"), ("|a\nb", "yyjp", "a\nb\n|a"),
      ("|ab cd", "ywP", "ab| ab cd"), ("a\n|b", "ddP", "|b\na"), ("|abc", "rx", "|xbc"),
      ("|abc", "2rx", "x|xc"),
      ("|abc", "~", "A|bc"), ("|abc", "3~", "AB|C"), ("|a\n  b\nc", "J", "a| b\nc"),
      ("|abc", "xu", "|abc"), ("|abc", "xxuu", "|abc"), ("a (b| c) d", "di(", "a (|) d"),
      ("a (b| c) d", "da(", "a | d"), ("a \"b| c\" d", "di\"", "a \"|\" d"), ("a b|b c", "diw", "a | c"),
      ("a b|b c", "daw", "a |c"), ("|a \"b\"", "di\"", "a \"|\""), ("|漢字 b", "x", "|字 b"),
      ("|abc", "dfz", "|abc"), ("|abc", "dgx", "|abc"), ("|abc", "9999999x", "|"),
      ("|abc def", "dy", "|abc def"),
      ("|a b c d", "dw.", "|c d"), ("|a b c d e", "dw2.", "|d e"), ("|a b c d e", "2dw.", "|e"),
      ("|abcd", "x..", "|d"), ("|a\nb\nc", "dd.", "|c"), ("|abcd", "rxl.", "x|xcd"), ("|abc", ".", "|abc"),
      ("|a(b)c(d)e", "f(di(f(.", "a()c(|)e"), ("|abcd", "xu.", "|bcd"), ("|a b c", "dwyw.", "|c"),
      ("|abcd", "~.", "AB|cd"), ("|xabxcd", "dfb.", "|xcd"),
      ("|abc def", "vld", "|c def"), ("abc |def", "vbd", "|ef"), ("a b|b c", "viwd", "a | c"),
      ("a|bc", "vly", "a|bc"), ("|abc", "vlyP", "a|babc"), ("|abc", "vl~", "|ABc"),
      ("ab|cd", "vhlohd", "a|d"),
      ("|a\nb\nc", "Vjd", "|c"), ("a\n|b\nc", "Vyp", "a\nb\n|b\nc"), ("a|b\ncd", "vVd", "|cd"),
      ("|abc def", "vwv", "abc |def"), ("|abcd", "vlrx", "|xxcd"), ("|a\nb", "VjJ", "a| b"),
      ("|one two", "wyiw0viwp", "tw|o two"), ("|abcdef", "vld.", "|ef"), ("|a\nb\nc\nd\ne", "Vjd.", "|e"),
      ("a (b| c) d", "vi(d", "a (|) d"), ("|a b c d", "v2wd", "| d"), ("|abc.d", "vf.d", "|d"),
      ("|", "vd", "|"), ("|", "Vd.", "|"),
      ("|ab cd", "\"aywwyw\"aP", "ab ab| cd"), ("|a\nb", "\"ayyj\"Ayy\"ap", "a\nb\n|a\nb"),
      ("|ab cd", "\"_dwP", "|cd"), ("|ab cd", "ywdw\"0P", "ab| cd"), ("|ab cd", "\"ayw\"!\"zp", "|ab cd"),
      ("|abc", "\"axx\"ap", "c|a"), ("|a b c d", "\"a2dw\"aP", "a b| c d"), ("|abc", "vl\"byx\"bP", "a|bbc"),
    ])
  func u7_commands(_ before: String, _ keys: String, _ after: String) {
    var s = session(before)
    s.type(keys)
    #expect(shown(s) == after, "\(before) \(keys)")
    #expect(s.state.composer.vi?.mode == .normal && s.state.composer.vi?.isPending == false)
  }

  @Test(
    "U7: what goes to the insert mode, and back",
    arguments: [
      ("a|bc", "ix", "ax|bc"), ("a|bc", "ax", "abx|c"), ("  a|bc", "Ix", "  x|abc"), ("|abc", "Ax", "abcx|"),
      ("|a\nb", "ox", "a\nx|\nb"), ("a\n|b", "Ox", "a\nx|\nb"), ("|abc def", "cwx", "x| def"),
      ("|a\nb", "ccx", "x|\nb"), ("a|bc d", "Cx", "ax|"), ("|abc", "sx", "x|bc"), ("|a\nb", "Sx", "x|\nb"),
      ("a (b| c)", "ci(x", "a (x|)"), ("one t|wo", "ciwx", "one x|"), ("|a bc", "cwx", "x| bc"),
      ("on|e two", "cwx", "onx| two"), ("|a b c d", "2cwx", "x| c d"), ("|a b c d", "c3wx", "x| d"),
      ("|a-b c", "cWx", "x| c"), ("|one two", "\"acwx", "x| two"),
    ])
  func u7_inserts(_ before: String, _ keys: String, _ after: String) {
    var s = session(before)
    s.type(keys)
    #expect(shown(s) == after, "\(before) \(keys)")
    #expect(s.state.composer.vi?.mode == .insert)
    s.press(Key(.escape))
    #expect(s.state.composer.vi?.mode == .normal)
    s.press(Key("u"))
    #expect(s.state.composer.text != after.filter { $0 != "|" })
  }

  @Test(
    "U7: . types again what was typed behind a change",
    arguments: [
      ("|one two three", "cwx\u{1B}w.w.", "x x |x"), ("|ab", "ixy\u{1B}.", "xx|yyab"),
      ("|a\nb", "A;\u{1B}j.", "a;\nb|;"),
      ("|a", "onew\u{1B}.", "a\nnew\nne|w"), ("|abc abc", "vlcxyz\u{1B}w.", "xyzc xy|zc"),
      ("|a(b) c(d)", "f(ci(x\u{1B}f(.", "a(x) c(|x)"),
    ])
  func u7_repeatedInserts(_ before: String, _ keys: String, _ after: String) {
    var s = session(before)
    for key in keys { s.press(key == "\u{1B}" ? Key(.escape) : Key(key)) }
    #expect(shown(s) == after, "\(before) \(keys)")
    #expect(s.state.composer.vi?.mode == .normal)
  }

  @Test("U7: what is selected is shown, esc ends it, and c goes to the insert mode")
  func u7_visual() {
    var s = session("one |two")
    s.press(Key("v"), Key("e"))
    #expect(s.shows(" visual ") && s.state.composer.selection == 4..<7)
    let composer = ComposerLayout(s.state.composer, width: 40)
    #expect(composer.rows[0].line.spans.map(\.text) == ["one ", "two"])
    #expect(composer.rows[0].line.spans[1].style.attributes.contains(.reverse))
    s.press(Key("V"))
    #expect(s.shows(" visual lines ") && s.state.composer.selection == 0..<7)
    s.press(Key(.escape))
    #expect(s.shows(" normal ") && s.state.composer.selection == nil && s.state.composer.text == "one two")
    s.press(Key("v"), Key("b"), Key("c"), Key("x"))
    #expect(s.state.composer.text == "one x" && s.state.composer.vi?.mode == .insert)
  }

  @Test("U7: without the setting nothing is vi's; with it the mode is told, and a message is written as ever")
  func u7_setting() {
    var plain = Session.open()
    plain.type("dd")
    plain.press(Key(.escape))
    #expect(plain.state.composer.text == "dd" && !plain.shows("normal"))
    var s = Session.open()
    s.send(.settings(InterfaceSettings(hasViKeys: true)))
    s.type("hello")
    #expect(!s.shows(" normal "))
    s.press(Key(.escape))
    #expect(s.shows(" normal "))
    s.type("2d")
    #expect(s.shows(" normal 2d "))
    s.press(Key(.escape))
    #expect(s.shows(" normal ") && s.state.composer.text == "hello")
    s.press(Key(.enter))
    #expect(s.state.composer.isEmpty && s.state.composer.vi?.mode == .insert)
    s.type("next")
    #expect(s.state.composer.text == "next")
  }

  @Test("U5: with a draft esc goes to the normal mode first, then it stops the turn")
  func u5_escape() {
    var s = Samples.working()
    s.send(.settings(InterfaceSettings(hasViKeys: true)))
    _ = s.taken()
    s.type("draft")
    s.press(Key(.escape))
    #expect(s.requests().isEmpty)
    s.press(Key(.escape))
    guard case .turnInterrupt? = s.requests().last else {
      Issue.record("not stopped")
      return
    }
    #expect(s.state.composer.text == "draft")
    var empty = Samples.talked()
    empty.send(.settings(InterfaceSettings(hasViKeys: true)))
    empty.press(Key(.escape))
    #expect(empty.state.focus == .transcript)
  }

  @Test("U7: any keys in any order leave the caret inside the draft")
  func u7_anyKeys() {
    let keys = Array("hjklwbeWBE0^$gGfFtT;,123dcyDCYxXsSpPr~JuiaIAoO.vVv.\"( ab")
    var seed: UInt64 = 7
    var s = session("one (two) \"three\"\n\n  four 漢字\nlast|")
    for step in 0..<4_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let choice = Int(seed >> 33)
      if choice % 9 == 0 { s.press(Key(.escape)) }
      if choice % 31 == 0 { s.press(.ctrl("r")) }
      s.press(Key(keys[choice % keys.count]))
      if s.state.focus == .transcript { s.press(Key("i")) }
      while !s.state.dialogs.isEmpty { s.press(Key(.escape)) }
      let buffer = s.state.composer.buffer
      #expect((0...buffer.count).contains(buffer.caret), "\(step)")
      if buffer.count > 2_000 { s = session("again|") }
    }
  }
}
