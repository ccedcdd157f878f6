import StetText
import Testing

@Suite struct WrapperTests {
  private func wrap(_ text: String, _ width: Int, hanging: Int = 0) -> [String] {
    Wrapper(width: width, hanging: hanging).wrap(Line(text)).map(\.text)
  }

  @Test func breaksAtBlanks() {
    #expect(wrap("the quick brown fox", 10) == ["the quick", "brown fox"])
    #expect(wrap("the quick", 10) == ["the quick"])
    #expect(wrap("", 10) == [""])
    #expect(wrap("one  two   three", 8) == ["one  two", "three"])
    #expect(wrap("exactly ten", 7) == ["exactly", "ten"])
  }

  @Test func aLongWordIsBrokenByCells() {
    #expect(wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(wrap("a verylongword b", 5) == ["a", "veryl", "ongwo", "rd b"])
  }

  @Test func anIndentStaysWithItsText() {
    #expect(wrap("    abcdefgh", 6) == ["    ab", "cdefgh"])
    #expect(wrap("  if a then", 7) == ["  if a", "then"])
    #expect(wrap("         deep", 6) == ["      ", "deep"])
    #expect(wrap("         ", 6) == ["      "])
    #expect(wrap("abc         ", 6) == ["abc"])
  }

  @Test func hangingIndentsTheRest() {
    #expect(wrap("alpha beta gamma", 9, hanging: 2) == ["alpha", "  beta", "  gamma"])
    #expect(wrap("alpha beta", 6, hanging: 40) == ["alpha", "beta"])
  }

  @Test func prefixesAreDecoration() {
    let lines = Wrapper(width: 8, first: [Span("• ", gutter: true)], rest: [.blank(2)]).wrap(
      Line("alpha beta"))
    #expect(lines.map(\.text) == ["• alpha", "  beta"])
    #expect(Line.logicalText(lines) == "alpha beta")
  }

  @Test("U18: wide glyphs are never split, and CJK breaks between characters")
  func u18_wideGlyphs() {
    #expect(wrap("日本語テキスト", 5) == ["日本", "語テ", "キス", "ト"])
    #expect(wrap("日本語。", 6) == ["日本", "語。"])
    #expect(wrap("（日本", 4) == ["（日", "本"])
    #expect(wrap("a日b", 2) == ["a", "日", "b"])
    #expect(wrap("👩‍💻👩‍💻", 3) == ["👩‍💻", "👩‍💻"])
    #expect(wrap("🇩🇪🇫🇷", 3) == ["🇩🇪", "🇫🇷"])
    #expect(wrap("日", 1) == ["日"])
  }

  @Test func stylesAndLinksSurvive() {
    let line = Line([Span("alpha be", Style("a")), Span("ta gamma", Style("b"), link: "x")])
    let lines = Wrapper(width: 7).wrap(line)
    #expect(lines.map(\.text) == ["alpha", "beta", "gamma"])
    #expect(lines[1].spans.map(\.style) == [Style("a"), Style("b")])
    #expect(lines[2].spans.map(\.link) == ["x"])
  }

  @Test("U19: logical text comes back from wrapped lines")
  func u19_logicalText() {
    for text in hardTexts + randomTexts(seed: 11, count: 300) + ["a  b   c", "one two three four five six"] {
      let line = text.replacingNewlines
      for width in [1, 2, 3, 5, 8, 20] {
        let lines = Wrapper(width: width).wrap(Line(line))
        let joined = Line.logicalText(lines)
        #expect(joined.trimmedEnd == line.trimmedEnd)
        #expect(lines.dropLast().allSatisfy(\.continues) && lines.last?.continues == false)
        #expect(lines.allSatisfy { $0.width <= max(width, 2) })
      }
    }
  }

  @Test("U13: no width loses or repeats text")
  func u13_everyWidth() {
    let words = (0..<60).map { "word\($0)" }
    let line = Line(words.joined(separator: " "))
    for width in 1...300 {
      let lines = Wrapper(width: width).wrap(line)
      #expect(Line.logicalText(lines) == line.text)
      #expect(lines.allSatisfy { $0.width <= width })
    }
  }

  @Test("U19: copying leaves gutters and soft breaks out")
  func u19_copyText() {
    let first = Wrapper(width: 12, first: [Span("12 ", gutter: true)], rest: [.blank(3)]).wrap(
      Line("let value = 1"))
    let second = [Line([Span("13 ", gutter: true), Span("next")])]
    #expect(first.count == 2)
    #expect(Line.logicalText(first + second) == "let value = 1\nnext")
  }

  @Test func restyledRangesCountTextOnly() {
    let line = Line([Span("1 ", gutter: true), Span("alpha ", Style("a")), Span("béta", Style("b"))])
    let result = line.restyled([0..<2, 4..<8, 9..<99]) { $0.adding(.bold) }
    #expect(result.text == line.text)
    #expect(
      result.spans.map { "\($0.text)\($0.style.attributes.contains(.bold) ? "!" : "")" } == [
        "1 ", "al!", "ph", "a !", "bé!", "t", "a!",
      ])
    #expect(result.width == line.width)
  }
}

extension String {
  fileprivate var replacingNewlines: String { String(map { $0.isNewline ? "n" : $0 }) }
}
