@testable import StetTerminal
import StetUI
import Testing

/// What the decoder decides by time and by size.
@Suite struct KeyDecoderTimeTests {
  @Test func aLoneEscapeIsAKeyAfter25Milliseconds() {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}", at: 100).isEmpty)
    #expect(decoder.deadline == Instant(milliseconds: 125))
    #expect(decoder.flush(at: 124).isEmpty)
    #expect(decoder.flush(at: 125) == ["escape"])
    #expect(decoder.deadline == nil)
    #expect(decoder.flush(at: 1000).isEmpty)
  }

  @Test func escapeTwiceIsTwoKeys() {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}\u{1B}") == ["escape"])
    #expect(decoder.flush(at: 25) == ["escape"])
    #expect(decoder.feed("\u{1B}", at: 30).isEmpty)
    #expect(decoder.feed("\u{1B}", at: 40) == ["escape"])
    #expect(decoder.deadline == Instant(milliseconds: 65))
    #expect(decoder.flush(at: 65) == ["escape"])
  }

  @Test func escapeThenAKeyInTimeIsAlt() {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}", at: 0).isEmpty)
    #expect(decoder.feed("b", at: 24) == ["alt-b"])
    #expect(decoder.feed("\u{1B}", at: 100).isEmpty)
    #expect(decoder.flush(at: 125) == ["escape"])
    #expect(decoder.feed("b", at: 126) == ["b"])
  }

  @Test func aSlowLineMayCutASequence() {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}[", at: 0).isEmpty)
    #expect(decoder.flush(at: 200).isEmpty)
    #expect(decoder.feed("1;5", at: 210).isEmpty)
    #expect(decoder.feed("C", at: 240) == ["ctrl-right"])
  }

  @Test func altAndAKeyThatBeginsSequences() {
    for (bytes, key) in [
      ("\u{1B}[", "alt-["), ("\u{1B}O", "alt-O"), ("\u{1B}]", "alt-]"), ("\u{1B}P", "alt-P"),
    ] {
      var decoder = KeyDecoder()
      #expect(decoder.feed(bytes).isEmpty)
      #expect(decoder.flush(at: 249).isEmpty)
      #expect(decoder.flush(at: 250) == [key])
    }
  }

  @Test func tornSequencesAreNobodysKeys() {
    for bytes in ["\u{1B}[1;5", "\u{1B}[<0;1", "\u{1B}]11;rgb:"] {
      var decoder = KeyDecoder()
      #expect(decoder.feed(bytes).isEmpty)
      #expect(decoder.flush(at: 1000).isEmpty)
      #expect(decoder.deadline == nil)
      #expect(decoder.feed("x", at: 1001) == ["x"])
    }
  }

  @Test func aScalarThatNeverEndsIsReplaced() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0xE6, 0xBC], now: Instant(milliseconds: 0)).isEmpty)
    #expect(decoder.flush(at: 250) == ["\u{FFFD}"])
  }

  @Test func aPasteHasNoDeadline() {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}[200~one", at: 0).isEmpty)
    #expect(decoder.deadline == nil)
    #expect(decoder.flush(at: 60_000).isEmpty)
    #expect(decoder.feed("\u{1B}", at: 60_001).isEmpty)
    #expect(decoder.deadline == nil)
    #expect(decoder.feed("[201~", at: 60_002) == [#"paste "one""#])
  }

  @Test("U8: 5 MB arrive as one paste, whole") func u8_aLargePasteIsOneEvent() {
    let line = "let value = compute(\u{1B}[31m input, 漢字) // and so on\n"
    let text = String(repeating: line, count: 5 << 20 / line.utf8.count)
    let bytes = Array("\u{1B}[200~\(text)\u{1B}[201~".utf8)
    var decoder = KeyDecoder()
    var events: [InputEvent] = []
    for start in stride(from: 0, to: bytes.count, by: 4095) {
      events += decoder.feed(
        Array(bytes[start..<min(start + 4095, bytes.count)]), now: Instant(milliseconds: 0))
    }
    guard events.count == 1, case .paste(let pasted) = events[0] else {
      Issue.record("\(events.count) events")
      return
    }
    #expect(pasted == text)
  }

  @Test func aPasteWithoutEndIsBounded() {
    let part = [UInt8](repeating: 120, count: 1 << 20)
    var decoder = KeyDecoder()
    _ = decoder.feed("\u{1B}[200~")
    var lengths: [Int] = []
    for _ in 0..<40 {
      for case .paste(let text) in decoder.feed(part, now: Instant(milliseconds: 0)) {
        lengths.append(text.utf8.count)
      }
    }
    #expect(lengths == [32 << 20])
    #expect(decoder.feed("\u{1B}[201~").count == 1)
  }

  @Test func endlessSequencesAndRepliesAreBounded() {
    var decoder = KeyDecoder()
    _ = decoder.feed("\u{1B}[" + String(repeating: "1", count: 1000))
    #expect(decoder.deadline == nil)
    _ = decoder.feed("\u{1B}]52;" + String(repeating: "A", count: 10_000))
    #expect(decoder.deadline == nil)
  }

  @Test func repliesAreReported() {
    var decoder = KeyDecoder()
    _ = decoder.feed("\u{1B}]11;rgb:ffff/8080/0000\u{1B}\\\u{1B}]11;rgb:f/f/f\u{7}\u{1B}[?62;22c")
    #expect(
      decoder.takeReplies() == [
        .background(red: 1, green: Double(0x8080) / 65535, blue: 0), .background(red: 1, green: 1, blue: 1),
        .attributes(hasSixel: false),
      ])
    #expect(decoder.takeReplies().isEmpty)
  }

  @Test(
    "issue 7: what a terminal answers about pictures is told at its last answer",
    arguments: [
      (
        "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[6;21;9t\u{1B}[?62;c",
        PictureAbility(.kitty, cellWidth: 9, cellHeight: 21)
      ),
      ("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;c", PictureAbility(.kitty, cellWidth: 10, cellHeight: 20)),
      ("\u{1B}[6;20;10t\u{1B}[?62;4;22c", PictureAbility(.sixel, cellWidth: 10, cellHeight: 20)),
      // Without the size of a cell sixels would cover what stands beside them; 4 alone is the kind of the terminal.
      ("\u{1B}[?62;4;22c", nil), ("\u{1B}[6;20;10t\u{1B}[?4;22c", nil), ("\u{1B}[6;0;10t\u{1B}[?62;4c", nil),
      ("\u{1B}_Gi=31;ENOTSUP\u{1B}\\\u{1B}[6;20;10t\u{1B}[?62;22c", nil), ("\u{1B}[?1;2c", nil),
    ])
  func picturesAreAnswered(_ bytes: String, _ ability: PictureAbility?) {
    var decoder = KeyDecoder()
    var answers = GraphicsAnswers()
    #expect(decoder.feed(bytes).isEmpty)
    #expect(decoder.takeReplies().compactMap { answers.take($0) } == [ability].compactMap { $0 })
  }

  @Test(arguments: [
    ("1e1e/1e1e/2e2e", true), ("ffff/ffff/f0f0", false), ("00/00/ff", true), ("00/ff/00", false),
  ])
  func backgroundsAreDarkOrLight(color: String, isDark: Bool) {
    var decoder = KeyDecoder()
    _ = decoder.feed("\u{1B}]11;rgb:\(color)\u{1B}\\")
    #expect(decoder.takeReplies().first?.isDark == isDark)
  }

  @Test(arguments: ["rgb:1/2", "rgb:zz/00/00", "rgb:12345/0/0", "blue", "", "#12"])
  func brokenColoursAreNoReplies(color: String) {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}]11;\(color)\u{1B}\\x") == ["x"])
    #expect(decoder.takeReplies().isEmpty)
  }
}
