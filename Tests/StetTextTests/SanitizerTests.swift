import StetText
import Testing

@Suite struct SanitizerTests {
  @Test(
    "U16: what could steer the terminal is shown as text",
    arguments: [
      ("\u{1B}[31mred", "^[[31mred"), ("\u{1B}]0;x\u{7}", "^[]0;x^G"), ("a\u{0}b", "a^@b"), ("\u{7F}", "^?"),
      ("\u{9B}31m", "<U+009B>31m"), ("a\u{202E}b", "a<U+202E>b"), ("zero\u{200B}width", "zero<U+200B>width"),
      ("\u{FEFF}x", "<U+FEFF>x"), ("tag\u{E0041}", "tag<U+E0041>"), ("a\r\nb", "a\nb"), ("a\rb", "a^Mb"),
      ("plain\ntwo", "plain\ntwo"), ("héllo 日本", "héllo 日本"), ("\u{2028}", "<U+2028>"),
      ("x\u{AD}y", "x<U+00AD>y"),
    ])
  func u16_display(text: String, shown: String) {
    #expect(Sanitizer.display(text) == shown)
  }

  @Test func displayDropsWhatTheTerminalCountsOtherwise() {
    #expect(Sanitizer.display("👩‍💻 👍🏽 ❤️") == "👩 👍 ❤")
    #expect(Sanitizer.display("🇩🇪") == "🇩🇪")
    #expect(Sanitizer.display("a\u{301}\u{302}\u{303}\u{304}\u{305}") == "a\u{301}\u{302}\u{303}\u{304}")
    #expect(Sanitizer.display("\u{1FAE8}") == "\u{FFFD}")
    #expect(Sanitizer.display("می‌خواهم") == "می‌خواهم")
  }

  @Test func displayExpandsTabsToStops() {
    #expect(Sanitizer.display("\tx") == "    x")
    #expect(Sanitizer.display("ab\tx") == "ab  x")
    #expect(Sanitizer.display("日\tx", tabWidth: 8) == "日      x")
    #expect(Sanitizer.display("abcd\tx\n\ty") == "abcd    x\n    y")
    #expect(Sanitizer.display("\tx", tabWidth: -3) == " x")
  }

  @Test("U16: display changes nothing a second time, and nothing unsafe is left")
  func u16_displayIsStable() {
    for text in hardTexts + randomTexts(seed: 1, count: 500) {
      let shown = Sanitizer.display(text)
      #expect(Sanitizer.display(shown) == shown)
      for scalar in shown.unicodeScalars where scalar != "\n" {
        #expect(scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80..<0xA0).contains(scalar.value))
        #expect(!(0x202A...0x202E).contains(scalar.value) && !(0xE0000...0xE007F).contains(scalar.value))
      }
    }
  }

  @Test("U3: for a decision, every byte is shown")
  func u3_exact() {
    #expect(Sanitizer.exact("rm\u{A0}-rf\t/") == "rm<U+00A0>-rf^I/")
    #expect(Sanitizer.exact("a\u{FE0F}b\u{200D}c\u{200C}d") == "a<U+FE0F>b<U+200D>c<U+200C>d")
    #expect(Sanitizer.exact("👍🏽") == "👍<U+1F3FD>")
    #expect(Sanitizer.exact("a\r\nb") == "a^M\nb")
    #expect(Sanitizer.exact("ls\u{1FAE8}") == "ls<U+1FAE8>")
    #expect(Sanitizer.exact("e\u{301}") == "e\u{301}")
    #expect(Sanitizer.exact("日本 ok\nx") == "日本 ok\nx")
    // Two texts that differ are never shown alike by dropping something.
    #expect(Sanitizer.exact("rm x") != Sanitizer.exact("rm x\u{2060}"))
  }

  @Test("U16: colours of command output become scopes")
  func u16_ansiColours() {
    let base = Style("tool.output")
    let lines = Sanitizer.ansi(
      "a \u{1B}[1;31mred\u{1B}[0m \u{1B}[92;44mx\u{1B}[39;49my\n\u{1B}[4mz", base: base)
    #expect(lines.map(\.text) == ["a red xy", "z"])
    #expect(
      lines[0].spans.map(\.style) == [
        base, Style("ansi.red", .bold), base, Style("ansi.brightgreen", on: "ansi.blue"), base,
      ])
    #expect(lines[1].spans.map(\.style) == [base.adding(.underline)])
  }

  @Test func ansiMapsLargePalettesToTheSixteen() {
    func scope(_ parameters: String) -> String? {
      Sanitizer.ansi("\u{1B}[\(parameters)mx", base: .text).first?.spans.first?.style.foreground.name
    }
    #expect(scope("38;5;9") == "ansi.brightred")
    #expect(scope("38;5;196") == "ansi.brightred")
    #expect(scope("38;5;22") == "ansi.green")
    #expect(scope("38;5;240") == "ansi.brightblack")
    #expect(scope("38;2;255;255;255") == "ansi.brightwhite")
    #expect(scope("38:2::0:0:200") == "ansi.blue")
    #expect(scope("38;5;999") == "text")
    #expect(scope("38") == "text")
    #expect(scope("999999999999999999999;31") == "ansi.red")
    #expect(scope("?25;31") == "text")
  }

  @Test("U16: other sequences in command output are visible")
  func u16_ansiShowsTheRest() {
    let lines = Sanitizer.ansi("\u{1B}]0;evil\u{7}a\u{1B}[2J\u{1B}[?1049hb\u{1B}c\u{1B}", base: .text)
    #expect(lines.map(\.text) == ["^[]0;evil^Ga^[[2J^[[?1049hb^[c^["])
  }

  @Test func ansiFoldsProgress() {
    #expect(Sanitizer.ansi(" 10%\r 50%\r100%\ndone\r\n", base: .text).map(\.text) == ["100%", "done"])
    #expect(Sanitizer.ansi("working\r\u{1B}[Kok", base: .text).map(\.text) == ["ok"])
    #expect(Sanitizer.ansi("match\u{1B}[m\u{1B}[K tail", base: .text).map(\.text) == ["match tail"])
    #expect(Sanitizer.ansi("one\n\ntwo\n", base: .text).map(\.text) == ["one", "", "two"])
    #expect(Sanitizer.ansi("a\tb", base: .text).map(\.text) == ["a       b"])
  }

  @Test("T9: the model gets text without sequences and progress")
  func t9_plain() {
    #expect(Sanitizer.plain("\u{1B}[1;31mred\u{1B}[0m plain") == "red plain")
    #expect(Sanitizer.plain("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\") == "link")
    #expect(Sanitizer.plain("\u{1B}]0;title\u{7}a\u{1B}(Bb") == "ab")
    #expect(Sanitizer.plain(" 10%\r 50%\r100%\nok\r\n") == "100%\nok\n")
    #expect(Sanitizer.plain("a\u{8}b\u{7}\tc\u{0}") == "b\tc")
    #expect(Sanitizer.plain("N\u{8}NA\u{8}A") == "NA")
    #expect(Sanitizer.plain("x\u{9B}31m é") == "x31m é")
    #expect(Sanitizer.plain("plain é\n\ttab") == "plain é\n\ttab")
  }

  @Test func anUnfinishedSequenceSwallowsNothing() {
    #expect(Sanitizer.plain("\u{1B}]0;never ends\nnext line") == "]0;never ends\nnext line")
    #expect(Sanitizer.plain("tail\u{1B}[") == "tail[")
    #expect(Sanitizer.ansi("\u{1B}Pabc\nnext", base: .text).map(\.text) == ["^[Pabc", "next"])
  }

  @Test func anyBytesAreSafe() {
    for text in randomTexts(seed: 3, count: 500) {
      let output = "\u{1B}[" + text + "\u{1B}]" + text
      for line in Sanitizer.ansi(output, base: .text) {
        #expect(Sanitizer.display(line.text) == line.text)
      }
      #expect(
        !Sanitizer.plain(output).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
    }
  }
}
