import StetText
import Testing

@testable import StetUI

/// Words of the moment in panes of every width: their point is never cut off (issue 7).
@Suite("issue 7: notices") struct NoticeTests {
  private static let words = "exported to /home/user/project/stet-0123abcd.md · 214 kB"

  /// All that stands below the composer, or at the bottom of a dialog, without its breaks.
  private func bottom(_ s: Session) -> String {
    s.picture().surface.rows.suffix(StatusLine.maxRows + 1).joined().filter { !$0.isWhitespace }
  }

  private var bare: String { Self.words.filter { !$0.isWhitespace } }

  @Test("issue 7: a notice is whole at every width from 24 columns on", arguments: [24, 30, 40, 60, 80, 100])
  func whole(_ columns: Int) {
    var s = Session.open(columns, 20)
    s.send(.notice(Self.words))
    #expect(bottom(s).contains(bare))
  }

  @Test("issue 7: also while a turn runs; what goes on keeps a row of its own", arguments: [40, 60, 100])
  func working(_ columns: Int) {
    var s = Samples.working()
    s.size = Size(columns: columns, rows: 20)
    s.send(.notice(Self.words))
    #expect(bottom(s).contains(bare))
    #expect(s.shows("esc stops"))
  }

  @Test("issue 7: and over a dialog", arguments: [40, 60])
  func dialog(_ columns: Int) {
    var s = Session.open(columns, 20)
    s.type("/help")
    s.press(Key(.enter))
    s.send(.notice(Self.words))
    #expect(bottom(s).contains(bare))
  }

  @Test("issue 7: where a pane is too low for more rows the middle goes, never the end")
  func low() {
    var s = Session.open(40, 9)
    s.send(.notice(Self.words))
    let row = s.picture().surface.rows.last ?? ""
    #expect(row.contains("exported to") && row.contains("…") && row.contains("214 kB"))
  }

  @Test("issue 7: no notice is wider than its rows, and none takes more of them than it may")
  func bounds() {
    let long = String(repeating: "日本語 wörter ", count: 60)
    for columns in 20...120 {
      for rows in 1...StatusLine.maxRows {
        let lines = NoticeView.lines(
          Notice(text: long, until: Instant(milliseconds: 0)), width: columns, maxRows: rows)
        #expect(lines.count <= rows && lines.allSatisfy { $0.width <= columns })
      }
    }
  }
}
