import StetProtocol
import Testing

@testable import StetUI

/// tab in the picker searches what was said in all threads (U23).
@Suite struct PickerSearchTests {
  private func searching(_ text: String) -> Session {
    var s = Samples.picking()
    s.press(Key(.tab))
    _ = s.taken()
    s.type(text)
    return s
  }

  private func terms(_ s: Session) -> [String] {
    s.requests().compactMap { if case .threadSearch(let params) = $0 { params.searchTerm } else { nil } }
  }

  private func hit(_ id: String, _ name: String, _ snippet: String) -> ThreadSearchResult {
    ThreadSearchResult(snippet: snippet, thread: Session.thread(id, name: name))
  }

  @Test("U23: hits stand below their threads in the server's order; enter resumes the chosen one")
  func u23_hits() {
    var s = searching("zone")
    s.reply(.threadSearch(term: "z"), ThreadSearchResponse(data: []))
    s.reply(
      .threadSearch(term: "zone"),
      ThreadSearchResponse(data: [
        hit("T7", "second", "… the time \u{1B}[31mzone …"), hit("T5", "date test", "pin the zone"),
      ]))
    let screen = s.screen()
    #expect(screen.contains("/ zone") && screen.contains("pin the zone") && !screen.contains("this one"))
    #expect(!screen.contains("\u{1B}"), "what was said is shown, not obeyed")
    let order = ["second", "the time", "date test", "pin the zone"].compactMap {
      screen.firstRange(of: $0)?.lowerBound
    }
    #expect(order.count == 4 && order == order.sorted())
    s.press(Key(.down), Key(.enter))
    guard case .threadResume(let params)? = s.requests().last else {
      Issue.record("not resumed")
      return
    }
    #expect(params.threadId == "T5")
  }

  @Test("U23: one question at a time; what was typed meanwhile is asked next, blanks never")
  func u23_oneAtATime() {
    var s = searching("zo")
    #expect(terms(s) == ["z"])
    s.type("n")
    #expect(terms(s).isEmpty)
    s.reply(.threadSearch(term: "z"), ThreadSearchResponse(data: [hit("T7", "second", "z")]))
    #expect(terms(s) == ["zon"])
    s.press(.ctrl("u"))
    s.reply(.threadSearch(term: "zon"), ThreadSearchResponse(data: []))
    #expect(terms(s).isEmpty && s.shows("type what was said"))
  }

  @Test("U23: a search that fails says why; tab goes back to the names, which are listed anew")
  func u23_back() {
    var s = searching("x")
    s.fail(.threadSearch(term: "x"), "no index")
    #expect(s.shows("could not be searched: no index"))
    _ = s.taken()
    s.press(Key(.tab))
    let isListed = s.requests().contains { if case .threadList = $0 { true } else { false } }
    #expect(isListed && s.shows("› x"))
  }
}

/// Pictures of what turns used (issue 7: pictures instead of prose).
@Suite struct SparklineTests {
  @Test(
    "issue 7: a bar a turn, as high as its share; what is above nothing stands above the lowest only by rounding"
  )
  func bars() {
    #expect(Sparkline.text([0, 50, 100]) == "▁▅█")
    #expect(Sparkline.text([0, 0]) == "▁▁")
    #expect(Sparkline.text([.nan, .infinity, -3, 1]).count == 4)
    #expect(Sparkline.rows([TurnUse(turnId: "a", tokens: 5)], columns: 80).isEmpty, "one turn is no course")
  }

  @Test("issue 7: /status shows the tokens and the cost of the turns, each turn once")
  func status() throws {
    var s = Session.open()
    func use(_ turn: String, _ tokens: Int, _ cost: Double) throws {
      let breakdown: JSONValue = [
        "totalTokens": .int(Int64(tokens)), "inputTokens": .int(Int64(tokens)), "cachedInputTokens": 0,
        "outputTokens": 0, "reasoningOutputTokens": 0,
      ]
      let note: JSONValue = [
        "threadId": .string(Session.threadId), "turnId": .string(turn),
        "tokenUsage": [
          "total": breakdown, "last": breakdown,
          "stet": ["turn": breakdown, "turnCost": .double(cost), "threadCost": 1.0, "unpricedTokens": 0],
        ],
      ]
      s.notify(.threadTokenUsageUpdated(try note.decode(ThreadTokenUsageUpdatedNotification.self)))
    }
    try use("U1", 1_000, 0.01)
    try use("U1", 4_000, 0.04)
    try use("U2", 8_000, 0.16)
    s.type("/status")
    s.press(Key(.enter))
    #expect(s.shows("▅█ 8.0k tokens in the last") && s.shows("▃█ $0.16 for the last"))
  }
}
