import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

/// `/status` and `/compact`: what the window holds, what was cached, what a compaction would do.
@Suite struct ContextTests {
  private func usage(_ input: Int, cached: Int, stet: StetContextUse? = nil) -> ServerNotification {
    let last = TokenUsageBreakdown(
      totalTokens: input + 10, inputTokens: input, cachedInputTokens: cached, outputTokens: 10,
      reasoningOutputTokens: 0)
    return .threadTokenUsageUpdated(
      ThreadTokenUsageUpdatedNotification(
        threadId: Session.threadId, turnId: "U1",
        tokenUsage: ThreadTokenUsage(total: last, last: last, modelContextWindow: 100_000), stet: stet))
  }

  private func status(_ s: inout Session) {
    s.type("/status")
    s.press(Key(.enter))
  }

  @Test("the bar at every width", arguments: [20, 40, 60, 80, 120])
  func bar(width: Int) throws {
    let lines = ContextBar.lines(Samples.contextUse, width: width)
    #expect(lines.allSatisfy { $0.width <= width })
    try Golden.check(lines, "context-bar-\(width)")
  }

  @Test("the bar stays whole whatever the numbers say")
  func hostileNumbers() {
    let odd = [Int.min, -1, 0, 1, 99_999, Int.max]
    for window in odd {
      for tokens in odd {
        let use = StetContextUse(
          tokens: tokens == Int.min ? 0 : tokens, window: window == Int.min ? 0 : window, limit: tokens,
          prompt: tokens, documents: 1, toolOutput: tokens, conversation: 0)
        for width in 1...70 {
          #expect(
            ContextBar.lines(use, width: width).allSatisfy { $0.width <= width },
            "\(window) \(tokens) \(width)")
        }
      }
    }
  }

  @Test(
    "P11: /status shows cached and all input per request, and the first difference when the cache is lost")
  func p11_status() throws {
    var s = Samples.talked()
    s.notify(usage(10_000, cached: 0))
    s.notify(usage(12_000, cached: 9_900))
    var use = Samples.contextUse
    (use.cacheable, use.cached) = (11_900, 1_000)
    use.cacheMiss = "input[3]: message (user) in place of function_call (look)"
    s.notify(usage(14_000, cached: 1_000, stet: use))
    status(&s)
    #expect(s.shows("7% of the last request · 1.0k of 14k"))
    #expect(s.shows("9.9k/12k · 0/10k"))
    #expect(s.shows("11k could have been cached; first difference: input[3]: message (user)"))
    try Golden.check(s.frame().surface, "status-100x30")
    s.size = .init(columns: 40, rows: 40)
    try Golden.check(s.frame().surface, "status-40x40")
  }

  @Test("/status asks a stet server what the window holds, and keeps what the last request's cache was")
  func statusOfResumedThread() {
    var s = Samples.talked()
    _ = s.taken()
    status(&s)
    guard case .stetContextRead? = s.requests().last else {
      Issue.record("not asked")
      return
    }
    #expect(!s.shows("tool output"))
    s.reply(.contextRead, Samples.contextUse)
    #expect(s.shows("62% · about 62k of 100k"))
    #expect(s.shows("▒ tool output 41k"))
    var lost = Samples.contextUse
    (lost.cacheable, lost.cached, lost.cacheMiss) = (11_900, 1_000, "the list of tools")
    s.notify(usage(14_000, cached: 1_000, stet: lost))
    s.reply(.contextRead, Samples.contextUse)
    #expect(s.shows("first difference: the list of tools"))
    var plain = Session.open(hunkReview: false, snapshots: false)
    plain.send(.connected(ServerFacts(hunkReview: false, snapshots: false)))
    _ = plain.taken()
    plain.type("/status")
    plain.press(Key(.enter))
    #expect(plain.requests().isEmpty)
  }

  @Test("without a preview a compaction can be had all the same")
  func noPreview() {
    var s = Samples.talked()
    s.type("/compact")
    s.press(Key(.enter))
    s.fail(.contextRead, "unknown variant")
    #expect(s.shows("y compacts all the same"))
    _ = s.taken()
    s.press(Key("y"))
    guard case .threadCompactStart(let params)? = s.requests().last else {
      Issue.record("not started")
      return
    }
    #expect(params.stetInstructions == nil)
  }

  @Test("a compaction shows what it keeps before anything happens")
  func previewFirst() throws {
    var s = Samples.compacting()
    let requests = s.requests()
    guard case .stetContextRead? = requests.first, requests.count == 1 else {
      Issue.record("\(requests)")
      return
    }
    #expect(s.shows("summarised 42k"))
    #expect(s.shows("Nothing was touched yet"))
    try Golden.check(s.frame().surface, "compact-100x30")
    s.press(Key("y"))
    guard case .threadCompactStart(let params)? = s.requests().last else {
      Issue.record("not started")
      return
    }
    #expect(params.stetInstructions == "the parser")
    #expect(s.state.dialogs.isEmpty)
  }

  @Test("with nothing to summarise y does nothing")
  func nothingToDo() {
    var s = Samples.compacting(nothing: true)
    _ = s.taken()
    s.press(Key("y"), Key("u"))
    #expect(s.requests().isEmpty)
    #expect(s.shows("nothing that a summary could replace"))
  }

  @Test("u takes the last compaction back, and the conversation says so")
  func undo() {
    var s = Samples.compacting()
    _ = s.taken()
    s.press(Key("u"))
    guard case .stetCompactUndo? = s.requests().last else {
      Issue.record("not asked")
      return
    }
    s.reply(.compactUndo, Samples.contextUse)
    #expect(s.state.dialogs.isEmpty)
    #expect(s.shows("The last compaction was undone"))
  }

  @Test("a refused undo says why and changes nothing")
  func refused() {
    var s = Samples.compacting()
    s.press(Key("u"))
    s.fail(.compactUndo, "A turn is running; interrupt it first.")
    #expect(s.shows("A turn is running"))
    #expect(s.shows("Nothing was changed by it"))
  }
}
