import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

/// The page of an entry beside the transcript (tui.md §1).
@Suite struct DetailPaneTests {
  private func session(_ columns: Int) -> Session {
    var s = Samples.reading()
    s.size = .init(columns: columns, rows: 30)
    s.frame()
    s.press(Key("o"))
    s.frame()
    return s
  }

  @Test("from 160 columns on an entry opens beside the transcript, below that in its place")
  func byWidth() {
    for (columns, isBeside) in [(200, true), (160, true), (159, false), (100, false)] {
      let s = session(columns)
      #expect(s.shows("Ask stet …") == isBeside, "\(columns)")
      #expect(s.shows("f5") && s.state.showsDetail == isBeside, "\(columns)")
      let bars = s.screen().split(separator: "\n").count { $0.contains("│") }
      #expect(!isBeside || bars >= 28)
    }
    var small = Samples.paged()
    for columns in stride(from: 260, through: 20, by: -3) {
      small.size = .init(columns: columns, rows: 24)
      let frame = small.frame()
      #expect(frame.surface.size == small.size)
    }
  }

  @Test("the page has the keys, goes from entry to entry, and the wheel scrolls what is under it")
  func keys() {
    var s = session(180)
    let start = s.state.transcript.selected
    s.press(Key("j"))
    guard case .page(let page)? = s.state.dialogs.last else {
      Issue.record("no page")
      return
    }
    #expect(page.top == 1 && s.state.transcript.selected == start)
    s.press(Key("["))
    #expect(s.state.transcript.selected == start.map { $0 - 1 } && s.shows("let x = 1"))
    s.press(Key("]"), Key("]"))
    #expect(s.shows("line 3"))
    let before = s.screen().split(separator: "\n").map { String($0.prefix(90)) }
    s.send(.input(.mouse(Mouse(.wheelUp, at: Point(x: 120, y: 9)))))
    #expect(s.screen().split(separator: "\n").map { String($0.prefix(90)) } == before)
    s.send(.input(.mouse(Mouse(.wheelUp, at: Point(x: 20, y: 9)))))
    #expect(s.screen().split(separator: "\n").map { String($0.prefix(90)) } != before)
    s.press(Key(.escape))
    #expect(!s.state.showsDetail && s.state.focus == .transcript)
  }

  @Test("what streams goes on beside the page")
  func streams() {
    var s = session(180)
    s.startTurn("U2")
    s.start(.agentMessage(.init(id: "m9", text: "")), turn: "U2")
    s.stream("fresh words", id: "m9")
    s.press(Key("g"))
    #expect(s.shows("esc stops") || s.shows("working"))
    s.press(Key("]"), Key("]"))
    #expect(s.shows("fresh words"))
  }

  @Test func goldens() throws {
    for (columns, rows) in [(160, 30), (200, 40)] {
      var s = session(columns)
      s.size = .init(columns: columns, rows: rows)
      try Golden.check(s.frame().surface, "detail-\(columns)x\(rows)")
    }
  }
}
