import StetTestSupport
import StetText
import Testing

@Suite struct MarkdownTests {
  @Test("U14: samples look as recorded", arguments: markdownSamples.map(\.name), [28, 60, 100])
  func u14_golden(name: String, width: Int) throws {
    let sample = try #require(markdownSamples.first { $0.name == name })
    try Golden.check(
      MarkdownDocument(sample.source).lines(width: width),
      "markdown-\(name.map { $0 == " " ? "-" : String($0) }.joined())-\(width)")
  }

  @Test("U14: every line fits at every width")
  func u14_everyLineFits() {
    for sample in markdownSamples {
      let document = MarkdownDocument(sample.source)
      for width in Array(5...40) + [60, 79, 80, 120, 160, 200] {
        for line in document.lines(width: width) {
          #expect(line.width <= width, "\(sample.name) at \(width): \(line.text)")
        }
      }
    }
  }

  @Test("U13: every word is there at every width")
  func u13_everyWordIsThere() {
    let letters = { (lines: [Line]) in
      lines.map(\.copyText).joined().filter { $0.isLetter || $0.isNumber }.count
    }
    for sample in markdownSamples where sample.name != "tables" {
      let document = MarkdownDocument(sample.source)
      let expected = letters(document.lines(width: 200))
      for width in 20...120 {
        #expect(letters(document.lines(width: width)) == expected, "\(sample.name) \(width)")
      }
    }
  }

  @Test("U14: a table that does not fit becomes records")
  func u14_tableFolds() {
    let document = MarkdownDocument(
      "| Name | Value | Note |\n|--|--|--|\n| alpha | 1 | first |\n| beta | | second |")
    #expect(
      document.lines(width: 40).map(\.text) == [
        "Name  │ Value │ Note", "──────┼───────┼───────", "alpha │ 1     │ first",
        "beta  │       │ second",
      ])
    #expect(
      document.lines(width: 14).map(\.text) == [
        "Name: alpha", "Value: 1", "Note: first", "┈┈┈┈┈┈┈┈┈┈┈┈┈┈", "Name: beta", "Note: second",
      ])
  }

  @Test("U14: links show their target and carry it")
  func u14_links() {
    let lines = MarkdownDocument("[docs](https://a.example/x) <https://b.example> [c](c.swift:3)").lines(
      width: 100)
    #expect(lines.map(\.text) == ["docs (https://a.example/x) https://b.example c (c.swift:3)"])
    #expect(
      lines.first?.spans.filter { $0.style.foreground == "text.link" }.map(\.link) == [
        "https://a.example/x", "https://b.example", "c.swift:3",
      ])
  }

  @Test("U19: code blocks are given as they stand in the source")
  func u19_codeBlocks() {
    let source =
      "```swift\nlet a = 1\n\n\tindented\n```\n- item\n  ```\n  in item\n  ```\n> ~~~\n> quoted\n> ~~~\n\n    four\n"
    #expect(
      MarkdownDocument(source).codeBlocks == ["let a = 1\n\n\tindented\n", "in item\n", "quoted\n", "four\n"])
  }

  @Test("U19: copied paragraphs have no wrap breaks and no quote bars")
  func u19_copy() {
    let source = "> one two three four five six seven"
    let lines = MarkdownDocument(source).lines(width: 12)
    #expect(lines.count > 2)
    #expect(Line.logicalText(lines) == "one two three four five six seven")
    let code = MarkdownDocument("```\nlet value = compute(first, second)\n```").lines(width: 30)
    #expect(Line.logicalText(code) == "let value = compute(first, second)")
  }

  @Test func numbersCountThroughAList() {
    #expect(MarkdownDocument("1. a\n1. b\n1. c").lines(width: 20).map(\.text) == ["1. a", "2. b", "3. c"])
    #expect(MarkdownDocument("7) a\n\n9) b").lines(width: 20).map(\.text) == ["7) a", "8) b"])
    #expect(
      MarkdownDocument("1. a\n\ntext\n\n4. b").lines(width: 20).map(\.text) == [
        "1. a", "", "text", "", "4. b",
      ])
    #expect(
      MarkdownDocument("The year\n2015. was good").lines(width: 40).map(\.text) == ["The year 2015. was good"]
    )
    #expect(MarkdownDocument("999999999. a\n999999999. b").lines(width: 40).last?.text == "1000000000. b")
  }

  @Test("U16: Markdown can't steer the terminal")
  func u16_untrusted() {
    let hostile = hardTexts + randomTexts(seed: 13, count: 100)
    for text in hostile {
      let source =
        "# \(text)\n\n- \(text)\n\n`\(text)` [\(text)](http://x/\(text))\n\n```\n\(text)\n```\n|\(text)|\n|-|\n|\(text)|"
      for line in MarkdownDocument(source).lines(width: 30) {
        #expect(Sanitizer.display(line.text) == line.text)
        for span in line.spans {
          #expect(span.link?.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } != true)
        }
      }
    }
  }

  @Test func hostileNestingIsBounded() {
    let deep = [
      String(repeating: "> ", count: 5000) + "x", String(repeating: "- ", count: 5000) + "x",
      (0..<300).map { String(repeating: "  ", count: $0) + "- x" }.joined(separator: "\n"),
      String(repeating: "[", count: 20_000), String(repeating: "*a **b ", count: 3000),
      String(repeating: "`", count: 20_000),
      "|" + String(repeating: "a|", count: 5000) + "\n|" + String(repeating: "-|", count: 5000) + "\n"
        + String(repeating: "x\n", count: 5000),
      String(repeating: "x", count: 200_000), String(repeating: "word ", count: 40_000),
    ]
    for source in deep {
      let lines = MarkdownDocument(source).lines(width: 40)
      #expect(!lines.isEmpty)
      let wide = lines.first { $0.width > 40 }
      #expect(wide == nil, "\(source.prefix(20)): \(wide?.text ?? "")")
    }
  }

  @Test func emptyTexts() {
    for source in ["", "\n", "   \n\n", "\r\n"] { #expect(MarkdownDocument(source).lines(width: 20).isEmpty) }
    #expect(MarkdownDocument("x").lines(width: 0).map(\.text) == ["x"])
    #expect(MarkdownDocument("```\n```").lines(width: 10).count == 1)
    #expect(MarkdownDocument("-").lines(width: 10).map(\.text.trimmedEnd) == ["•"])
  }
}

extension String {
  var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
