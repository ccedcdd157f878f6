import Testing

@testable import stet

struct HumanItemsTests {
  private func lines(_ numbers: ClosedRange<Int>) -> [String] { numbers.map { "line \($0)" } }

  @Test func aLongOutputShowsItsBeginningAndItsEnd() {
    let all = lines(1...100)
    let shown = lines(1...10) + ["… 60 lines left out …"] + lines(71...100)
    #expect(HumanItems.output(all.joined(separator: "\n")) == shown)
    #expect(HumanItems.output(all.joined(separator: "\n") + "\n") == shown)
  }

  @Test func nothingIsLeftOutForOneLine() {
    #expect(HumanItems.output(lines(1...41).joined(separator: "\n")) == lines(1...41))
    #expect(HumanItems.output(lines(1...42).joined(separator: "\n")).count == 41)
  }

  @Test func emptyLinesStayAndTheLastLineFeedIsNone() {
    #expect(HumanItems.output("") == [])
    #expect(HumanItems.output("\n") == [""])
    #expect(HumanItems.output("a\n\nb\n\n") == ["a", "", "b", ""])
    #expect(HumanItems.output("\u{1B}[31mé\u{1B}[0m\r\n") == ["é"])
  }
}
