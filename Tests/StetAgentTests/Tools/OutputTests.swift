import Testing

@testable import StetAgent

@Suite struct OutputTests {
  @Test("C9: a cut keeps whole lines and whole scalars") func c9_wholeLines() {
    let text = (1...5_000).map { "line \($0) é" }.joined(separator: "\n")
    let cut = OutputCutter.cut(text, to: 10_000, file: "/out.txt")
    #expect(cut.utf8.count < 10_300)
    #expect(cut.hasPrefix("line 1 é\n"))
    #expect(cut.hasSuffix("\nline 5000 é"))
    #expect(cut.contains("/out.txt"))
    let known = Set(text.split(separator: "\n"))
    let strange = cut.split(separator: "\n").filter { !known.contains($0) }
    #expect(strange.count == 1, "only the gap is no line of the output")
  }

  @Test("C9: one line of 3 MB") func c9_longLine() {
    let text = String(repeating: "é", count: 1_500_000)
    let cut = OutputCutter.cut(text, to: 10_000, file: nil)
    #expect(cut.utf8.count < 10_200)
    #expect(!cut.contains("\u{FFFD}"))
  }

  @Test func whatFitsIsNotTouched() {
    #expect(OutputCutter.cut("short", to: 10, file: nil) == "short")
  }

  @Test func theBufferKeepsBothEndsAndCountsTheRest() {
    var buffer = OutputBuffer()
    for chunk in 0..<4_000 {
      buffer.append(
        Array(
          "\(chunk) éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\n".utf8)
          + Array(repeating: 0x61, count: 600))
    }
    #expect(buffer.omitted > 0)
    let text = buffer.text
    #expect(text.hasPrefix("0 é"))
    #expect(text.contains("\(buffer.omitted) bytes omitted"))
    #expect(!text.contains("\u{FFFD}"))
    #expect(text.utf8.count < 2 * OutputBuffer.halfLimit + 100)
  }

  @Test(
    "T9: colours, titles and progress are not for the model",
    arguments: [
      ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}x", "x"),
      ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
      ("10%\r50%\r100%\ndone", "100%\ndone"), ("a\r\nb", "a\nb"), ("abc\u{08}\u{08}X", "aX"),
      ("\u{1B}(Bx\u{1B}7y", "xy"),
      ("\u{1B}[", ""), ("plain é", "plain é"), ("é\u{08}x", "x"),
    ])
  func t9_stripped(_ raw: String, _ plain: String) {
    #expect(PlainOutput.strip(raw) == plain)
  }
}
