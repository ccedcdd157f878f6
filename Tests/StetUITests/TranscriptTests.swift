import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

@Suite struct TranscriptTests {
  @Test func aRunningCommandShowsItsLastLinesAndTime() {
    var s = Samples.working()
    s.start(Session.command("make", process: "1"))
    s.output((0..<20).map { "step \($0)\n" }.joined())
    s.wait(12_000)
    #expect(s.shows("step 19"))
    #expect(!s.shows("step 14\n"))
    #expect(s.shows("running 12s"))
    s.complete(Session.command("make", status: .failed, output: "boom", exit: 2, ms: 12_300))
    #expect(s.shows("exit 2   12s"))
    #expect(s.shows("boom"))
  }

  @Test func outputThatTheEndDoesNotRepeatStays() {
    var s = Samples.working()
    s.start(Session.command("make", process: "1"))
    s.output("kept\n")
    s.complete(Session.command("make", status: .completed, exit: 0, ms: 5))
    #expect(s.shows("kept"))
  }

  @Test func looksAtFilesAreOneQuietLine() {
    var s = Samples.working()
    let read = CommandAction.read(
      .init(command: "cat a.swift", name: "a.swift", path: "/home/user/project/a.swift"))
    s.complete(Session.command("cat a.swift", status: .completed, output: "x\ny", exit: 0, actions: [read]))
    #expect(s.shows("◦ Read a.swift"))
    #expect(!s.shows("│"))
  }

  @Test func everyKindOfItemIsShown() {
    var s = Session.open(100, 60)
    s.startTurn()
    s.complete(.reasoning(.init(id: "r", summary: ["**Looking** at dates"])))
    s.complete(.plan(.init(id: "p", text: "1. one\n2. two")))
    s.complete(
      .mcpToolCall(
        .init(
          id: "t", server: "docs", tool: "find", status: .completed, arguments: ["q": "date"],
          result: .init(content: [["type": "text", "text": "found it"]]), durationMs: 30)))
    s.complete(.webSearch(.init(id: "w", query: "swift dates", action: .search(.init(query: "swift dates")))))
    s.complete(.imageView(.init(id: "i", path: "/home/user/project/shot.png")))
    s.complete(.enteredReviewMode(.init(id: "e", review: "uncommitted changes")))
    s.complete(.exitedReviewMode(.init(id: "x", review: "All good.")))
    s.complete(.contextCompaction(.init(id: "k")))
    s.complete(
      .dynamicToolCall(.init(id: "d", tool: "mine", arguments: .null, status: .failed, success: false)))
    s.complete(.functionCallOutput(.init(id: "o", name: "given", output: .text("by the client"))))
    s.complete(.unknown(["type": "hologram", "id": "h"]))
    s.notify(
      .turnPlanUpdated(
        .init(
          threadId: Session.threadId, turnId: "U1",
          plan: [
            .init(step: "find", status: .completed), .init(step: "fix", status: .inProgress),
            .init(step: "test", status: .pending),
          ])))
    for words in [
      "Thought: Looking at dates", "1. one", "docs.find", "found it", "Searched the web for swift dates",
      "Image shot.png", "Review uncommitted changes", "All good.", "context compacted", "mine", "given",
      "hologram", "☑ find  ◐ fix  ☐ test",
    ] {
      #expect(s.shows(words), "\(words)")
    }
  }

  @Test("U14: a streamed message ends as if it had come at once")
  func u14_streamedEqualsWhole() {
    let text =
      "# Title\n\nSome *words* and `code`.\n\n```swift\nlet x = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two"
    for size in [1, 3, 7, 50] {
      var s = Samples.working()
      s.start(.agentMessage(.init(id: "m1", text: "")))
      var rest = text[...]
      while !rest.isEmpty {
        s.stream(String(rest.prefix(size)))
        rest = rest.dropFirst(size)
        s.frame()
      }
      s.complete(.agentMessage(.init(id: "m1", text: text)))
      var whole = Samples.working()
      whole.complete(.agentMessage(.init(id: "m1", text: text)))
      #expect(s.screen() == whole.screen(), "pieces of \(size)")
    }
  }

  @Test func anInterruptedTurnClosesWhatWasOpen() {
    var s = Samples.working()
    s.start(Session.command("sleep 100", process: "1"))
    s.start(.agentMessage(.init(id: "m1", text: "")))
    s.stream("half a sent")
    s.endTurn("U1", .interrupted)
    #expect(s.shows("stopped"))
    #expect(s.shows("half a sent"))
    #expect(s.state.transcript.items.allSatisfy { $0.isFinal })
    #expect(s.state.nextWake(now: s.now) == nil)
  }

  @Test func aCommandThatOutlivesItsTurnCompletesLater() {
    var s = Samples.working()
    s.start(Session.command("server", process: "1"))
    s.endTurn()
    s.output("listening\n")
    #expect(s.shows("running"))
    #expect(s.shows("listening"))
    s.complete(Session.command("server", status: .completed, exit: 0, ms: 90_000))
    #expect(s.shows("ok   1m 30s"))
  }

  @Test("U28: an error says what happened, what was kept, and the next key")
  func u28_error() {
    var s = Samples.working()
    let error = TurnError(
      message: "401 Unauthorized", codexErrorInfo: .httpConnectionFailed(httpStatusCode: 401))
    s.notify(.error(.init(error: error, willRetry: false, threadId: Session.threadId, turnId: "U1")))
    s.endTurn("U1", .failed, error: error)
    let screen = s.screen()
    #expect(screen.contains("Everything is kept"))
    #expect(screen.components(of: "401 Unauthorized") == 1)
  }

  @Test func aRetryIsOneEntryAndEndsWhenItWorks() {
    var s = Samples.working()
    for attempt in 1...3 {
      let error = TurnError(message: "Reconnecting... \(attempt)/5")
      s.notify(.error(.init(error: error, willRetry: true, threadId: Session.threadId, turnId: "U1")))
    }
    s.wait(3000)
    #expect(s.shows("Reconnecting... 3/5"))
    #expect(!s.shows("Reconnecting... 2/5"))
    #expect(s.shows("esc stops"))
    s.start(.agentMessage(.init(id: "m1", text: "")))
    #expect(!s.shows("trying again"))
  }

  @Test func aRetryCountsDown() {
    var s = Samples.working()
    let error = TurnError(message: "Reconnecting... 1/5")
    s.notify(
      .error(
        .init(
          error: error, willRetry: true, threadId: Session.threadId, turnId: "U1",
          stet: .init(retryInMs: 8000))))
    #expect(s.shows("next try in 8s · esc stops"))
    s.wait(3000)
    #expect(s.shows("next try in 5s"))
  }

  @Test("U15: with 10,000 items only what is visible is laid out")
  func u15_manyItems() {
    var s = Session.open()
    let items = (0..<10_000).map {
      ThreadItem.agentMessage(.init(id: "m\($0)", text: "answer \($0)\n\nmore"))
    }
    let turns = [Session.turn("U1", .completed, items)]
    s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
    s.state.launch = .resume("T1")
    s.reply(.threadResume, Session.resumeResponse(Session.thread(turns: turns)))
    #expect(s.state.transcript.items.count == 10_000)
    s.frame()
    #expect(s.shows("answer 9999"))
    #expect(s.state.transcript.layout.laidOut < 20)
    for _ in 0..<300 { s.press(Key(.pageUp)) }
    #expect(s.state.transcript.layout.laidOut <= TranscriptLayout.maxSlotsWithLines)
    s.press(Key(.escape), Key("g"))
    #expect(s.shows("answer 0"))
  }

  @Test func scrollingUpAndDownComesBackToTheSamePlace() {
    var s = Samples.scrolled()
    let before = s.screen()
    s.press(Key(.pageUp), Key(.pageDown))
    #expect(s.screen() == before)
    for _ in 0..<20 { s.press(Key(.pageDown)) }
    #expect(s.state.transcript.layout.isAtTail)
    #expect(s.shows("line 199"))
    for _ in 0..<50 { s.press(Key(.pageUp)) }
    #expect(s.shows("do it"))
  }

  @Test func newTextDoesNotMoveWhatIsBeingRead() {
    var s = Samples.scrolled()
    s.startTurn("U2")
    let before = s.state.transcript.layout.position
    s.agent("more and more", id: "m9")
    s.frame()
    #expect(s.state.transcript.layout.position == before)
    #expect(s.shows("↓ more below"))
  }

  @Test("U13: 1,000 random resizes while messages, output and words stream: each is there exactly once")
  func u13_everythingOnce() {
    var s = Session.open()
    s.startTurn()
    var random = SystemRandomNumberGenerator()
    for number in 0..<1000 {
      s.size = .init(
        columns: Int.random(in: 20...300, using: &random), rows: Int.random(in: 4...60, using: &random))
      let part = number / 40
      switch number % 40 {
      case 0: s.user("question\(part)q", id: "u\(part)")
      case 5: s.start(.agentMessage(.init(id: "m\(part)", text: "")))
      case 6..<16: s.stream("word\(part)-\(number % 40)w ", id: "m\(part)")
      case 16: s.start(Session.command("run\(part)r", id: "c\(part)", process: "1"))
      case 17..<20: s.output("line\(part)-\(number % 40)l\n", id: "c\(part)")
      case 30:
        let words = (6..<16).map { "word\(part)-\($0)w" }.joined(separator: " ")
        s.complete(.agentMessage(.init(id: "m\(part)", text: words)))
      case 21: s.press(Key(.pageUp))
      case 35: s.press(Key(.pageDown))
      default: break
      }
      s.frame()
      guard number % 100 == 99 else { continue }
      s.press(Key(.pageDown), Key(.pageDown), Key(.pageDown), Key(.pageDown))
      s.size = .init(columns: 120, rows: 1_000)
      s.frame()
      let text = s.screen().split(separator: "\n").joined(separator: " ")
      for done in 0...part {
        #expect(text.components(of: "question\(done)q") == 1)
        for word in 6..<16 { #expect(text.components(of: "word\(done)-\(word)w") == 1, "\(number) \(done)") }
        #expect(text.components(of: "run\(done)r") == 1)
        for line in 17..<20 { #expect(text.components(of: "line\(done)-\(line)l") == 1) }
      }
    }
  }

  @Test("U13: after many resizes every message is there exactly once")
  func u13_resizes() {
    var s = Session.open()
    s.startTurn()
    s.start(.agentMessage(.init(id: "m1", text: "")))
    var seed: UInt64 = 7
    for number in 0..<1000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      s.size = .init(columns: 20 + Int(seed >> 33) % 280, rows: 8 + Int(seed >> 40) % 40)
      if number % 10 == 0 { s.stream("word\(number / 10)x ") }
      s.frame()
    }
    s.size = .init(columns: 100, rows: 60)
    let text = s.screen().split(separator: "\n").joined(separator: " ")
    for number in 0..<100 { #expect(text.components(of: "word\(number)x") == 1) }
  }

  @Test("U19: copying gives the logical text and says truly what happened")
  func u19_copy() {
    var s = Samples.reading()
    s.press(Key("G"), Key("k"), Key("k"))
    s.press(Key("Y"))
    guard case .copy(let text)? = s.taken().last else {
      Issue.record("nothing copied")
      return
    }
    #expect(text == "let x = 1" || text == "let x = 1\n")
    s.send(.copied("copied 1 line (OSC 52)"))
    #expect(s.shows("copied 1 line (OSC 52)"))
  }

  @Test("U20: a click selects an entry and unfolds it")
  func u20_click() {
    var s = Samples.working()
    s.complete(
      Session.command(
        "ls", status: .completed, output: (0..<40).map { "f\($0)" }.joined(separator: "\n"), exit: 0))
    s.frame()
    let lines = s.screen().split(separator: "\n", omittingEmptySubsequences: false)
    let row = lines.firstIndex { $0.contains("▸ ls") } ?? 0
    s.send(.input(.mouse(Mouse(.press, at: .init(x: 5, y: row)))))
    #expect(s.state.focus == .transcript)
    #expect(s.shows("▾ ls"))
    #expect(s.shows("f0"))
  }

  @Test func conversationGoldens() throws {
    for (columns, rows) in [(100, 30), (40, 20)] {
      var s = Session.open(columns, rows)
      s.type("fix the failing date test")
      s.press(Key(.enter))
      s.startTurn()
      s.user("fix the failing date test", clientId: "ui-1")
      s.complete(.reasoning(.init(id: "r", summary: ["where the time zone comes from"])))
      s.complete(
        Session.command(
          "swift test --filter DateTests", status: .failed,
          output: "error: XCTAssertEqual failed\n1 test failed\n",
          exit: 1, ms: 4200))
      s.agent(
        "The formatter uses the **local** time zone, so the test depends on where it runs.\n\nI'll pin it to `gmt`."
      )
      s.complete(.fileChange(.init(id: "f1", changes: Session.singleChange, status: .completed)))
      s.notify(
        .threadTokenUsageUpdated(
          .init(
            threadId: Session.threadId, turnId: "U1",
            tokenUsage: .init(
              total: Session.usage(38_000, cached: 30_000), last: Session.usage(38_000, cached: 35_000),
              modelContextWindow: 100_000))))
      s.type("then")
      s.press(Key(.tab))
      s.wait(12_000)
      try Golden.check(s.frame().surface, "conversation-\(columns)x\(rows)")
    }
  }
}

extension String {
  func components(of needle: String) -> Int {
    split(separator: needle, omittingEmptySubsequences: false).count - 1
  }
}

extension Session {
  static func usage(_ input: Int, cached: Int) -> TokenUsageBreakdown {
    TokenUsageBreakdown(
      totalTokens: input, inputTokens: input, cachedInputTokens: cached, outputTokens: 500,
      reasoningOutputTokens: 100)
  }
}
