import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

/// A long thread opens with its last turns; earlier ones are read when the user comes near them.
@Suite struct OlderTurnsTests {
  /// Turns by number, newest first, as a server pages them; each has a question and an answer of two lines.
  private func page(_ numbers: ClosedRange<Int>) -> [Turn] {
    numbers.reversed().map { number in
      Session.turn(
        "U\(number)", .completed,
        [
          .userMessage(.init(id: "u\(number)", content: [.text("question \(number).")])),
          .agentMessage(.init(id: "m\(number)", text: "answer \(number).\n\nmore of \(number).")),
        ])
    }
  }

  private func facts(isStet: Bool = true) -> ServerFacts {
    var facts = ServerFacts(serverVersion: "1.0", hunkReview: isStet, snapshots: isStet)
    facts.isStet = isStet
    return facts
  }

  /// A thread of 300 turns, opened with the last 30.
  private func opened(_ columns: Int = 100, _ rows: Int = 30) -> Session {
    var s = Session(columns, rows, launch: .resume(Session.threadId))
    s.send(.connected(facts()))
    _ = s.taken()
    var response = Session.resumeResponse(Session.thread(preview: "long"))
    response.initialTurnsPage = TurnsPage(data: page(271...300), nextCursor: "before-271")
    s.reply(.threadResume, response)
    s.frame()
    return s
  }

  private func lists(_ s: Session) -> [ThreadTurnsListParams] {
    s.requests().compactMap { if case .threadTurnsList(let params) = $0 { params } else { nil } }
  }

  private func give(_ s: inout Session, _ numbers: ClosedRange<Int>, to cursor: String, next: String?) {
    s.reply(
      .olderTurns(cursor: cursor), ThreadTurnsListResponse(data: page(numbers), nextCursor: next))
  }

  /// What is between the rules: the transcript without the words above it.
  private func transcript(_ s: Session) -> [String] { Array(s.picture().surface.rows.dropFirst(2)) }

  @Test("U15: a thread is asked for with its last turns only, whole and newest first")
  func u15_asksForTheTail() throws {
    var s = Session(launch: .resume(Session.threadId))
    s.send(.connected(facts()))
    guard case .threadResume(let params)? = s.requests().first else {
      Issue.record("not resumed")
      return
    }
    #expect(params.excludeTurns == true)
    let wanted = try #require(params.initialTurnsPage)
    #expect(wanted.itemsView == .full && wanted.sortDirection == .desc && wanted.limit == 30)
    s = opened()
    #expect(s.shows("answer 300."))
    #expect(s.state.transcript.items.count == 60)
    #expect(lists(s).isEmpty, "nothing is asked for before anybody scrolls")
  }

  @Test("a server without the extensions is asked for the whole thread, and shows it")
  func plainServer() {
    var s = Session(launch: .resume(Session.threadId))
    s.send(.connected(facts(isStet: false)))
    guard case .threadResume(let params)? = s.requests().first else {
      Issue.record("not resumed")
      return
    }
    #expect(params.excludeTurns == nil && params.initialTurnsPage == nil)
    s.reply(.threadResume, Session.resumeResponse(Session.thread(turns: page(1...50).reversed())))
    #expect(s.state.transcript.items.count == 100)
    s.press(Key(.escape), Key("g"))
    #expect(s.shows("question 1."))
    #expect(lists(s).isEmpty)
  }

  @Test("U15: what comes in above does not move what is on the screen", arguments: [0, 1, 2, 3, 4, 5])
  func u15_anchorStays(_ lines: Int) {
    var s = opened()
    s.press(Key(.escape), Key("g"))
    s.send(.input(.mouse(Mouse(.wheelUp, at: Point(x: 1, y: 5)))))
    s.state.scrollTranscript(by: lines)
    s.frame()
    let before = transcript(s)
    let chosen = s.state.selectedItem?.id
    give(&s, 241...270, to: "before-271", next: "before-241")
    #expect(transcript(s) == before)
    #expect(s.state.selectedItem?.id == chosen)
    #expect(s.state.transcript.items.count == 120)
    #expect(s.state.transcript.position(of: "m271") == 61)
    // The next line up is the last of what came in.
    for _ in 0..<4 { s.send(.input(.mouse(Mouse(.wheelUp, at: Point(x: 1, y: 5))))) }
    #expect(s.shows("more of 270."))
  }

  @Test("U15: a picture of a page that came in above", arguments: [[100, 30], [40, 20]])
  func u15_golden(_ size: [Int]) throws {
    var s = opened(size[0], size[1])
    for _ in 0..<40 { s.press(Key(.pageUp)) }
    let asking = s.frame()
    try Golden.check(asking.surface, "older-asking-\(size[0])x\(size[1])")
    give(&s, 241...270, to: "before-271", next: "before-241")
    s.press(Key(.pageUp))
    try Golden.check(s.frame().surface, "older-\(size[0])x\(size[1])")
  }

  @Test("one page at a time, and each once; the thread's beginning ends it")
  func oneAtATime() {
    var s = opened()
    for _ in 0..<40 { s.press(Key(.pageUp)) }
    #expect(lists(s).map(\.cursor) == ["before-271"])
    s.press(Key(.pageUp), Key(.pageUp))
    #expect(lists(s).isEmpty)
    give(&s, 241...270, to: "before-271", next: "before-241")
    #expect(lists(s).isEmpty, "the next page is far enough away")
    for _ in 0..<40 { s.press(Key(.pageUp)) }
    let next = lists(s)
    #expect(next.map(\.cursor) == ["before-241"])
    #expect(next.first?.itemsView == .full && next.first?.sortDirection == .desc)
    give(&s, 211...240, to: "before-241", next: nil)
    for _ in 0..<80 { s.press(Key(.pageUp)) }
    #expect(lists(s).isEmpty)
    #expect(s.shows("question 211."))
    #expect(s.state.transcript.items.map(\.id).count == Set(s.state.transcript.items.map(\.id)).count)
  }

  @Test("g goes to the very beginning, page after page; any other key ends the journey")
  func toTheStart() {
    var s = opened()
    s.press(Key(.escape), Key("g"))
    let first = lists(s)
    #expect(first.map(\.cursor) == ["before-271"])
    #expect(s.shows("reading earlier turns"))
    give(&s, 101...270, to: "before-271", next: "before-101")
    #expect(lists(s).map(\.cursor) == ["before-101"])
    give(&s, 1...100, to: "before-101", next: nil)
    #expect(s.shows("question 1."))
    #expect(s.state.transcript.selected == 0)
    #expect(lists(s).isEmpty)
    #expect(!s.shows("reading earlier"))

    var left = opened()
    left.press(Key(.escape), Key("g"), Key("G"))
    _ = left.taken()
    give(&left, 101...270, to: "before-271", next: "before-101")
    #expect(lists(left).isEmpty)
    #expect(left.shows("answer 300."))
    #expect(left.state.transcript.layout.isAtTail)
  }

  @Test("a page that fails is said quietly; scrolling up asks again")
  func failure() {
    var s = opened()
    for _ in 0..<40 { s.press(Key(.pageUp)) }
    _ = s.taken()
    let before = transcript(s)
    s.fail(.olderTurns(cursor: "before-271"), "the log can't be read")
    #expect(s.shows("scroll up tries again: earlier turns were not read: the log can't be read"))
    #expect(transcript(s) == before)
    s.wait(1000)
    #expect(lists(s).isEmpty, "not by itself")
    s.press(Key(.pageUp))
    #expect(lists(s).map(\.cursor) == ["before-271"])
    give(&s, 241...270, to: "before-271", next: nil)
    #expect(!s.shows("tries again"))
  }

  @Test("U15: back at the end, what was read on the way up is let go, and can be read again")
  func u15_letsGo() {
    var s = opened()
    s.press(Key(.escape), Key("g"))
    var newest = 270
    var cursor = "before-271"
    // Many pages; the numbers run below zero, the server does not mind.
    while s.state.transcript.items.count < 3000 {
      let oldest = newest - 199
      let next = "before-\(oldest)"
      give(&s, oldest...newest, to: cursor, next: next)
      (cursor, newest) = (next, oldest - 1)
    }
    s.press(Key("G"))
    // The page that is on its way is still taken in.
    give(&s, newest - 9...newest, to: cursor, next: "more")
    #expect(s.state.transcript.items.count < OlderTurns.restingItems + 400, "whole pages go")
    #expect(s.shows("answer 300."))
    let kept = s.state.transcript.items.first?.id
    _ = s.taken()
    s.press(Key("g"))
    let again = lists(s).first?.cursor
    #expect(again.map { "u" + $0.dropFirst("before-".count) } == kept, "the gap is read first")
  }

  @Test("U15: scrolling up ends at a bound, and says where the rest is")
  func u15_bound() {
    var s = opened()
    s.press(Key(.escape), Key("g"))
    var newest = 270
    var cursor = "before-271"
    var pages = 0
    while s.state.older.phase == .asking, pages < 100 {
      give(&s, newest - 199...newest, to: cursor, next: "before-\(newest - 199)")
      cursor = "before-\(newest - 199)"
      newest -= 200
      pages += 1
    }
    #expect(s.state.transcript.items.count < OlderTurns.maxItems + 500)
    #expect(s.shows("stet sessions show has the rest"))
  }

  @Test("a server that leads in a circle, or to nothing, ends the thread")
  func hostile() {
    var s = opened()
    s.press(Key(.escape), Key("g"))
    give(&s, 241...270, to: "before-271", next: "before-271")
    _ = s.taken()
    s.press(Key("g"))
    #expect(lists(s).isEmpty)
    var empty = opened()
    empty.press(Key(.escape), Key("g"))
    empty.reply(.olderTurns(cursor: "before-271"), ThreadTurnsListResponse(data: [], nextCursor: "again"))
    _ = empty.taken()
    empty.press(Key("g"))
    #expect(lists(empty).isEmpty)
    // The same turns again are not shown twice.
    var twice = opened()
    twice.press(Key(.escape), Key("g"))
    give(&twice, 271...300, to: "before-271", next: nil)
    #expect(twice.state.transcript.items.count == 60)
  }

  @Test("a page for a thread that is no longer open is dropped")
  func otherThread() {
    var s = opened()
    s.press(Key(.escape), Key("g"))
    s.press(Key("i"))
    s.type("/new")
    s.press(Key(.enter))
    s.reply(.threadStart, Session.startResponse())
    give(&s, 241...270, to: "before-271", next: nil)
    #expect(s.state.transcript.isEmpty)
  }
}
