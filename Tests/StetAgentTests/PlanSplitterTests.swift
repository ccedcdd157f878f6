import Testing

@testable import StetAgent

/// A plan's tags, split anywhere.
struct PlanSplitterTests {
  private let text = "In <b>tro\n<proposed_plan>\n# Plan\n- öne <x\n</proposed_plan>\nOutro"

  @Test("wherever the deltas end, message and plan are the same, and nothing is sent twice")
  func everySplit() {
    let characters = Array(text)
    for cut in 0...characters.count {
      for second in cut...characters.count {
        var splitter = PlanSplitter()
        var parts: [PlanSplitter.Part] = []
        for part in [characters[..<cut], characters[cut..<second], characters[second...]] {
          parts += splitter.feed(String(part))
        }
        parts += splitter.finish()
        #expect(splitter.message == "In <b>tro\nOutro")
        #expect(splitter.plan == "# Plan\n- öne <x\n")
        let sent = parts.map { if case .message(let text) = $0 { text } else { "" } }.joined()
        #expect(sent == splitter.message)
      }
    }
  }

  @Test("half a tag is text; a plan that is not closed is a plan")
  func unfinished() {
    #expect(PlanSplitter.split("a <propos").message == "a <propos")
    #expect(PlanSplitter.split("<<proposed_plan>x").plan == "x")
    #expect(PlanSplitter.split("no plan").plan == nil)
  }
}
