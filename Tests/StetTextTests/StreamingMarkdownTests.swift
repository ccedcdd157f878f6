import StetText
import Testing

@Suite struct StreamingMarkdownTests {
  private func streamed(_ parts: [String], width: Int, peek: Bool = true) -> [Line] {
    var stream = StreamingMarkdown()
    for part in parts {
      stream.append(part)
      if peek { _ = stream.lines(width: width) }
    }
    stream.finish()
    return stream.lines(width: width)
  }

  @Test(
    "U14: streamed and rendered at once are the same, at every split", arguments: markdownSamples.map(\.name))
  func u14_everySplit(name: String) throws {
    let source = try #require(markdownSamples.first { $0.name == name }).source
    let whole = MarkdownDocument(source).lines(width: 60)
    let scalars = Array(source.unicodeScalars)
    for cut in 0...scalars.count {
      let parts = [scalars[..<cut], scalars[cut...]].map { String(String.UnicodeScalarView($0)) }
      #expect(streamed(parts, width: 60) == whole, "split at \(cut)")
    }
  }

  @Test("U14: streamed by scalar, by word and by random pieces is the same", arguments: [20, 60, 120])
  func u14_pieces(width: Int) {
    var random = Random(seed: UInt64(width))
    for sample in markdownSamples {
      let whole = MarkdownDocument(sample.source).lines(width: width)
      let scalars = Array(sample.source.unicodeScalars)
      #expect(streamed(scalars.map { String($0) }, width: width) == whole, "\(sample.name)")
      #expect(streamed(scalars.map { String($0) }, width: width, peek: false) == whole, "\(sample.name)")
      for _ in 0..<20 {
        var parts: [String] = []
        var at = 0
        while at < scalars.count {
          let end = min(scalars.count, at + Int.random(in: 1...40, using: &random))
          parts.append(String(String.UnicodeScalarView(scalars[at..<end])))
          at = end
        }
        #expect(streamed(parts, width: width) == whole, "\(sample.name): \(parts.map(\.count))")
      }
    }
  }

  @Test("U14: what is shown depends on the text so far, not on the deltas")
  func u14_stateIsTheText() {
    for sample in markdownSamples {
      var stream = StreamingMarkdown()
      for character in sample.source {
        stream.append(String(character))
        var other = StreamingMarkdown()
        other.append(stream.source)
        #expect(stream.lines(width: 50) == other.lines(width: 50))
      }
    }
  }

  /// Without the table that has no outer bars: its header can't be told from prose until the next line comes.
  @Test(
    "U14: text already shown does not jump",
    arguments: markdownSamples.map(\.name).filter { $0 != "bare table" },
    [24, 60, 100])
  func u14_stablePrefix(name: String, width: Int) throws {
    let source = try #require(markdownSamples.first { $0.name == name }).source
    var stream = StreamingMarkdown()
    var before: [String] = []
    for character in source {
      stream.append(String(character))
      let now = stream.lines(width: width).map(\.text.trimmedEnd)
      // The last line grows, and its last word may move to the next one.
      let kept = Array(before.dropLast())
      #expect(Array(now.prefix(kept.count)) == kept, "at \(stream.source.suffix(30).debugDescription)")
      if let last = before.last, !last.hasPrefix("table"), kept.count < now.count {
        let grown = now[kept.count...].joined(separator: " ")
        #expect(letters(grown).hasPrefix(letters(last)), "\(last) became \(grown)")
      }
      before = now
    }
  }

  private func letters(_ text: String) -> String { text.filter { $0.isLetter || $0.isNumber } }

  @Test("U14: stable lines never change")
  func u14_stableCount() {
    for sample in markdownSamples {
      var stream = StreamingMarkdown()
      var stable: [Line] = []
      for character in sample.source {
        stream.append(String(character))
        let lines = stream.lines(width: 40)
        #expect(Array(lines.prefix(stable.count)) == stable)
        #expect(stream.stableCount >= stable.count)
        stable = Array(lines.prefix(stream.stableCount))
      }
      #expect(!stable.isEmpty)
    }
  }

  @Test("U14: what was opened is shown as what it is about to be")
  func u14_unfinished() {
    func shown(_ text: String) -> [Line] {
      var stream = StreamingMarkdown()
      stream.append(text)
      return stream.lines(width: 60)
    }
    let bold = shown("some **bold te")
    #expect(bold.map(\.text) == ["some bold te"])
    #expect(bold.first?.spans.last?.style == Style("text.strong", .bold))
    #expect(shown("run `make te").first?.spans.last?.style == Style("code"))
    #expect(shown("a [link](https://exa").map(\.text) == ["a"])
    #expect(shown("a [link](https://x.org) b").map(\.text) == ["a link (https://x.org) b"])
    #expect(shown("array[0] is").map(\.text) == ["array[0] is"])
    #expect(shown("text\n--").map(\.text) == ["text"])
    #expect(shown("text\n- ").map(\.text) == ["text"])
    #expect(shown("- [").map(\.text).isEmpty)
    #expect(shown("| a | b |\n|--").isEmpty)
    #expect(shown("| a | b |\n|--|--|\n| 1 | 2 |\n| 3").map(\.text) == ["table, 1 row …"])
    #expect(shown("```sw").isEmpty)
    #expect(shown("```swift\nlet a\n``").map(\.text.trimmedEnd) == ["  let a"])
    #expect(shown("a &am").map(\.text) == ["a"])
    #expect(shown("2 * 3 and a*b").map(\.text) == ["2 * 3 and a*b"])
  }

  @Test("U13: a new width lays the whole text out again")
  func u13_resize() {
    for sample in markdownSamples {
      var stream = StreamingMarkdown()
      var random = Random(seed: 4)
      for character in sample.source {
        stream.append(String(character))
        _ = stream.lines(width: Int.random(in: 20...300, using: &random))
      }
      stream.finish()
      for width in [20, 45, 300] {
        #expect(stream.lines(width: width) == MarkdownDocument(sample.source).lines(width: width))
      }
    }
  }

  @Test func nothingComesAfterTheEnd() {
    var stream = StreamingMarkdown()
    stream.append("a")
    stream.finish()
    stream.append("b")
    #expect(stream.source == "a")
    #expect(stream.lines(width: 10).map(\.text) == ["a"])
  }

  @Test func codeBlocksSoFar() {
    var stream = StreamingMarkdown()
    stream.append("```\none\n```\ntext\n```\ntw")
    #expect(stream.codeBlocks == ["one\n", "tw"])
  }

  @Test("U14: hostile texts stream to the same result")
  func u14_hostile() {
    for text in hardTexts + randomTexts(seed: 17, count: 60) {
      let source =
        "> \(text)\n1. \(text)\n\(text)\n|\(text)|\n|-|\n**\(text)\n\n```\n\(text)\n~~~\n[\(text)]: \(text)"
      let whole = MarkdownDocument(source).lines(width: 25)
      #expect(
        streamed(source.unicodeScalars.map { String($0) }, width: 25) == whole, "\(source.debugDescription)")
    }
  }

  @Test("U14: random signs stream to the same result")
  func u14_randomSigns() {
    var random = Random(seed: 23)
    let signs = [
      "*", "**", "_", "`", "```", "~~~", "~~", "[", "]", "(", ")", "!", "#", "- ", "1. ", "> ", "|", "---",
      "===", "\n", "\n\n",
      "    ", "  ", "\t", "word", " x ", "<br>", "&amp;", "\\", ": ", "日本", "\r\n", "[ ] ", "+", "2) ",
    ]
    for round in 0..<600 {
      let parts = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        signs[Int.random(in: 0..<signs.count, using: &random)]
      }
      let whole = MarkdownDocument(parts.joined()).lines(width: 30)
      #expect(streamed(parts, width: 30) == whole, "\(round): \(parts.joined().debugDescription)")
    }
  }
}
