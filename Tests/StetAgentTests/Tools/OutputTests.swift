import StetTestSupport
import Testing

@testable import StetAgent

@Suite struct OutputTests {
  @Test("C9: a cut keeps whole lines and whole scalars") func c9_wholeLines() {
    let text = (1...5_000).map { "line \($0) é" }.joined(separator: "\n")
    let cut = OutputCutter.cut(text, to: 10_000, file: KeptOutput(path: "/out.txt"))
    #expect(cut.utf8.count < 10_300)
    #expect(cut.hasPrefix("line 1 é\n"))
    #expect(cut.hasSuffix("\nline 5000 é"))
    #expect(cut.contains("/out.txt"))
    let known = Set(text.split(separator: "\n"))
    let strange = cut.split(separator: "\n").filter { !known.contains($0) }
    #expect(strange.count == 1, "only the gap is no line of the output")
  }

  @Test("C9: one line of 3 MB, cut at any place in a scalar", arguments: 10_000..<10_008)
  func c9_longLine(limit: Int) {
    for text in [String(repeating: "é", count: 1_500_000), "ab" + String(repeating: "字", count: 1_000_001)] {
      let cut = OutputCutter.cut(text, to: limit, file: nil)
      #expect(cut.utf8.count < limit + 200)
      #expect(!cut.contains("\u{FFFD}"))
      let parts = cut.split(separator: "\n")
      #expect(parts.count == 3 && text.hasPrefix(parts[0]) && text.hasSuffix(parts[2]))
      // Head and tail one to one, and as much of them as there is room for.
      for part in [parts[0], parts[2]] { #expect((limit / 2 - 3...limit / 2).contains(part.utf8.count)) }
    }
  }

  @Test func whatFitsIsNotTouched() {
    #expect(OutputCutter.cut("short", to: 10, file: nil) == "short")
  }

  @Test("C9: a text of one line with its line feed keeps its end") func c9_longLineWithItsEnd() {
    let cut = OutputCutter.cut(String(repeating: "x", count: 50_000) + "END\n", to: 10_000, file: nil)
    #expect(cut.hasSuffix("xEND\n"))
  }

  @Test func theBufferKeepsBothEndsAndCountsTheRest() {
    var buffer = OutputBuffer(half: 1_000)
    for chunk in 0..<400 { buffer.append(Array("\(chunk) éééééééééééééééééééé a\n".utf8)) }
    #expect(buffer.omitted > 0)
    #expect(buffer.lineFeeds == 400)
    let text = buffer.text
    #expect(text.hasPrefix("0 é"))
    #expect(text.hasSuffix("399 éééééééééééééééééééé a\n"))
    #expect(text.contains("\(buffer.omitted) bytes omitted"))
    #expect(!text.contains("\u{FFFD}"))
    #expect(text.utf8.count < 2_100)
  }

  @Test func lineFeedsAreCountedAtAnyPlaceBesideAnyByte() {
    for other in [UInt8.min, 0x09, 0x0B, 0x4A, 0x7F, 0x80, 0x8A, .max] {
      for count in 0..<40 {
        let bytes = (0..<count).map { $0 % 3 == 1 ? 0x0A : other }
        #expect(OutputBuffer.lineFeeds(in: bytes) == bytes.filter { $0 == 0x0A }.count)
      }
    }
  }

  @Test("C8: the cut of a buffer shows its real beginning and end, and counts what is gone")
  func c8_cutOfABuffer() {
    var buffer = OutputBuffer(half: 20_000)
    for line in 1...50_000 { buffer.append(Array("\u{1B}[31mline \(line)\u{1B}[0m\n".utf8)) }
    let cut = OutputCutter.cut(buffer, to: 10_000, file: KeptOutput(path: "/f.txt"))
    #expect(cut.hasPrefix("line 1\nline 2\n"))
    #expect(cut.hasSuffix("line 50000\n"))
    #expect(cut.contains("of \(buffer.total) bytes cut (50000 lines in all); the whole output is in /f.txt"))
  }

  @Test("C8: what the file has no room for is said, in the file and to the model")
  func c8_partOfAnOutput() throws {
    let place = TempDirectory()
    let spool = OutputSpool(OutputFiles(directory: place.path("o")), name: "x", threshold: 10)
    let block = [UInt8](repeating: 97, count: 1 << 20)
    for _ in 0..<64 { spool.append(block) }
    #expect(spool.file?.bytes == nil)
    spool.append(block)
    let file = try #require(spool.file)
    #expect(file.bytes == 64 << 20)
    #expect(place.text("o/x.txt")?.hasSuffix("aa\n… the rest was not kept …\n") == true)
    let cut = OutputCutter.cut(String(repeating: "x", count: 9_000), to: 1_000, file: file)
    #expect(cut.contains("; the first 67108864 bytes of it are in \(file.path): read"))
    #expect(!cut.contains("the whole output"))
  }

  @Test("half a scalar waits for its rest", arguments: [3, 4, 5, 7])
  func halfAScalarWaits(_ half: Int) {
    let bytes = Array("aé字🙂b".utf8)
    var whole = ""
    var buffer = OutputBuffer(half: half + 20)
    for byte in bytes {
      buffer.append([byte])
      let taken = buffer.takeWholeScalars()
      #expect(!taken.text.contains("\u{FFFD}"))
      whole += taken.text
    }
    #expect(whole == "aé字🙂b")
    #expect(buffer.isEmpty)
    var split = OutputBuffer(half: half)
    split.append(bytes.dropLast(2))
    let taken = split.takeWholeScalars()
    #expect(taken.total + split.total == bytes.count - 2)
    #expect(split.total == 3, "the emoji without its last byte waits")
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
