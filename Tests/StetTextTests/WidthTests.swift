import Glibc
import StetText
import Testing

/// The rules of platform.md §11, measured in tmux.
@Suite struct WidthTests {
  @Test(
    "U10: columns follow the terminal",
    arguments: [
      ("", 0), ("plain ascii, longer than eight bytes", 36), ("日本語", 6), ("한국어", 6), ("é", 1),
      ("e\u{301}", 1),
      ("👍", 2), ("👍🏽", 2), ("❤️", 1), ("⚠️", 1), ("1️⃣", 1), ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("👩‍💻", 2), ("👨‍👩‍👧‍👦", 2),
      ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2), ("क्षि", 3), ("ไทย", 3), ("กำ", 2),
      ("ｱ", 1), ("Ａ", 2),
      ("\u{1FAE8}", 1), ("\u{0}", 1), ("\u{1B}[31m", 5), ("a\tb", 3), ("\u{202E}abc", 4), ("\u{200D}", 0),
      ("\u{FE0F}", 0), ("\u{301}", 1), ("\u{1100}\u{1161}", 2), ("葛\u{E0100}", 2), ("a\u{E0100}", 2),
      ("🇩", 1), ("─│●▸", 4),
    ])
  func u10_columns(text: String, columns: Int) {
    #expect(Width.of(text) == columns)
    #expect(Width.of(text[...]) == columns)
  }

  @Test("U18: where ambiguous characters are wide they take two columns, and nothing else changes")
  func u18_ambiguous() async {
    #expect(
      ["α", "Ж", "─", "…", "●", "\u{E0B0}", "\u{FFFD}"].map { Width.of($0) } == Array(repeating: 1, count: 7))
    // A process of its own: the width is a fact about the terminal that all of a process shares.
    await #expect(processExitsWith: .success) {
      Width.ambiguousIsWide = true
      for text in [
        "α", "Ж", "─", "…", "●", "\u{E0B0}", "\u{FFFD}", "\u{202E}", "α\u{301}", "漢", "🇩🇪", "\u{10FFFD}",
      ] {
        #expect(Width.of(text) == 2, "\(text.unicodeScalars)")
        #expect(Width.prefix(text, columns: 1).isEmpty)
        var surface = Surface(size: Size(columns: 4, rows: 1))
        surface.write(text + "x", Style(.text), at: Point(x: 0, y: 0))
        #expect(surface[2, 0].text == "x")
      }
      for text in ["a", "ä", "▸", "☑", "e\u{301}", "ｱ", "✓", "›"] { #expect(Width.of(text) == 1, "\(text)") }
      #expect(Width.of(Width.truncate("longer than it may be", columns: 9)) == 9)
      #expect(Sign.slim("─") == "-" && Sign.slim("›") == "›")
    }
  }

  @Test("U10: the width of a text is the sum over its characters")
  func u10_sumOverCharacters() {
    for text in hardTexts {
      #expect(text.reduce(0) { $0 + Width.of(String($1)) } == Width.of(text), "\(text.unicodeScalars)")
    }
  }

  @Test func aSurfaceDrawsWhatWidthCounts() {
    for text in hardTexts + randomTexts(seed: 7, count: 400) {
      let width = Width.of(text)
      var surface = Surface(size: Size(columns: width + 3, rows: 1), style: Style("empty"))
      surface.write(text, Style("drawn"), at: Point(x: 0, y: 0))
      let drawn = surface.row(0).count { $0.style == Style("drawn") }
      #expect(drawn == width, "\(Array(text.unicodeScalars))")
    }
  }

  @Test func theLettersThatAreNotAskedForAgreeWithLibc() throws {
    // In a name of its own, so that the fast path is not what is compared with itself.
    typealias Wcwidth = @convention(c) (Int32) -> Int32
    let symbol = try #require(dlsym(nil, "wcwidth"))
    let wcwidth = unsafeBitCast(symbol, to: Wcwidth.self)
    _ = Width.of("語")
    for value in UInt32(0xA0)...0x1F9FF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let columns = wcwidth(Int32(value))
      if columns > 0, value < 0x300 || (0x3041..<0xD7A4).contains(value), value != 0xAD, value != 0x3164 {
        #expect(Width.of(scalar) == Int(columns), "U+\(String(value, radix: 16))")
      }
    }
  }

  @Test func prefixNeverCutsAGlyph() {
    #expect(Width.prefix("日本語", columns: 3) == "日")
    #expect(Width.prefix("e\u{301}x", columns: 1) == "e\u{301}")
    #expect(Width.prefix("👩‍💻x", columns: 2) == "👩‍💻")
    #expect(Width.prefix("🇩🇪", columns: 1) == "")
    #expect(Width.prefix("abc", columns: 0) == "")
    #expect(Width.prefix("abc", columns: 9) == "abc")
  }

  @Test func truncateShowsThatSomethingIsMissing() {
    #expect(Width.truncate("abcdef", columns: 4) == "abc…")
    #expect(Width.truncate("日本語", columns: 4) == "日…")
    #expect(Width.truncate("abc", columns: 3) == "abc")
    #expect(Width.truncate("abc", columns: 0) == "")
  }

  @Test func aScalarAlone() {
    #expect(Width.of("a" as Unicode.Scalar) == 1)
    #expect(Width.of("語" as Unicode.Scalar) == 2)
    #expect(Width.of("\u{301}" as Unicode.Scalar) == 0)
    #expect(Width.of("\u{7}" as Unicode.Scalar) == 1)
    #expect(Width.of("\u{202E}" as Unicode.Scalar) == 1)
  }
}
