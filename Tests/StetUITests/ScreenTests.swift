import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

@Suite struct ScreenTests {
  @Test("U13: below 20×4 one line says so, and it recovers by itself")
  func u13_tooSmall() {
    var s = Samples.talked()
    for (columns, rows) in [(19, 30), (80, 3), (1, 1), (0, 0)] {
      s.size = .init(columns: columns, rows: rows)
      let frame = s.frame()
      #expect(frame.surface.size == s.size)
      if columns > 14, rows > 0 { #expect(s.shows("pane too small")) }
    }
    s.size = .init(columns: 100, rows: 30)
    #expect(s.shows("done"))
  }

  @Test("U13: below 40×8 only what has the focus is shown")
  func u13_small() {
    var s = Samples.prompted()
    s.size = .init(columns: 30, rows: 7)
    #expect(s.shows("y once"))
    #expect(!s.shows("Ask stet"))
    #expect(!s.shows("sandboxed"))
    var talking = Samples.talked()
    talking.size = .init(columns: 30, rows: 6)
    #expect(talking.shows("Ask stet …"))
    #expect(talking.shows("done"))
    #expect(!talking.shows("sandboxed"))
  }

  @Test("every screen fits every width", arguments: KeyContext.allCases)
  func sweep(_ context: KeyContext) {
    for sample in Samples.sessions(for: context) {
      var s = sample
      for columns in 20...200 {
        let rows = [4, 7, 8, 11, 24][columns % 5]
        s.size = .init(columns: columns, rows: rows)
        let frame = s.frame()
        #expect(frame.surface.size == s.size)
        if let cursor = frame.cursor {
          #expect(frame.surface.bounds.contains(cursor), "\(context) \(columns)×\(rows)")
        }
      }
    }
  }

  @Test("U11: an idle screen wakes for nothing; a spinner four times a second")
  func u11_wakes() {
    var s = Samples.talked()
    s.frame()
    #expect(s.state.nextWake(now: s.now) == nil)
    s.startTurn("U2")
    var wakes = 0
    let end = s.now.advanced(by: 10_000)
    while let wake = s.state.nextWake(now: s.now), wake < end {
      s.now = wake
      s.send(.tick)
      s.frame()
      wakes += 1
    }
    #expect(wakes <= 40 && wakes >= 38)
  }

  @Test("U11: a turn that waits for the user is still")
  func u11_stillWhileAsking() {
    var s = Samples.prompted()
    s.frame()
    #expect(s.state.nextWake(now: s.now) == nil)
  }

  @Test(
    "U16: no text of a model or tool reaches a cell as a control",
    arguments: [
      "\u{1B}[31mred\u{1B}[0m", "\u{1B}]52;c;AAAA\u{7}", "a\u{202E}b\u{2066}c", "nul\u{0}nul", "\u{9B}2J",
      "\r\nover\rwritten", "tab\ttab", "e" + String(repeating: "\u{301}", count: 10_000), "\u{200B}\u{FEFF}",
      String(repeating: "x", count: 100_000),
    ])
  func u16_hostile(_ text: String) {
    var s = Session.open(60, 40)
    s.startTurn()
    s.user(text)
    s.complete(.reasoning(.init(id: "r", summary: [text])))
    s.agent(text)
    s.complete(Session.command(text, status: .failed, output: text, exit: 1))
    let change = FileUpdateChange(path: "/tmp/" + text.prefix(200), kind: .add, diff: text)
    s.complete(.fileChange(.init(id: "f", changes: [change], status: .completed)))
    s.complete(.unknown(["type": .string(text), "id": "h"]))
    s.notify(.warning(.init(message: text)))
    s.notify(.threadNameUpdated(.init(threadId: Session.threadId, threadName: text)))
    s.askForCommand(text, reason: text)
    for _ in 0..<30 {
      let frame = s.frame()
      for y in 0..<s.size.rows {
        for cell in frame.surface.row(y) {
          #expect(
            !cell.scalars.contains { $0.value < 0x20 || ($0.value >= 0x7F && $0.value < 0xA0) || isBidi($0) })
        }
      }
      #expect(frame.title?.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } != true)
      s.press(Key(.pageUp))
    }
  }

  private func isBidi(_ scalar: Unicode.Scalar) -> Bool {
    (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }

  @Test func theStatusShowsContextAndCache() {
    var s = Samples.working()
    let usage = ThreadTokenUsage(
      total: Session.usage(1000, cached: 0), last: Session.usage(38_000, cached: 35_000),
      modelContextWindow: 100_000)
    s.notify(.threadTokenUsageUpdated(.init(threadId: Session.threadId, turnId: "U1", tokenUsage: usage)))
    #expect(s.shows("▰▰▰▱▱▱▱▱ 38%"))
    #expect(s.shows("⚡92% cached"))
    s.size.columns = 40
    #expect(s.shows("esc stops"))
    #expect(s.shows("38%"))
  }

  @Test("/status shows what the turn and the thread used and cost, and no cost where no price is known")
  func statusCost() {
    var s = Samples.working()
    var usage = ThreadTokenUsage(
      total: Session.usage(50_000, cached: 0), last: Session.usage(38_000, cached: 35_000),
      stet: StetTokenUsage(
        turn: Session.usage(20_000, cached: 15_000), turnCost: 0.0421, threadCost: 1.239,
        unpricedTokens: 1_200))
    s.notify(.threadTokenUsageUpdated(.init(threadId: Session.threadId, turnId: "U1", tokenUsage: usage)))
    s.type("/status")
    s.press(Key(.enter))
    #expect(s.shows("this turn") && s.shows("$0.0421"))
    #expect(s.shows("$1.24 for the thread · and 1.2k tokens without a price"))
    usage.stet?.turnCost = nil
    usage.stet?.threadCost = nil
    s.notify(.threadTokenUsageUpdated(.init(threadId: Session.threadId, turnId: "U1", tokenUsage: usage)))
    #expect(!s.shows("$") && s.shows("this turn"))
  }

  @Test(
    "sums of money are never rounded to nothing",
    arguments: [
      (0, "$0.0000"), (0.00001, "under $0.0001"), (0.00996, "$0.0100"), (0.1, "$0.10"), (12.345, "$12.35"),
      (-1, "$?"), (.infinity, "$?"), (.nan, "$?"), (1e300, "$?"),
    ])
  func dollars(amount: Double, text: String) {
    #expect(CostView.dollars(amount) == text)
  }

  @Test("numbers of any size do not trap")
  func hostileNumbers() {
    var s = Samples.working()
    for value in [Int.max, .min, 0, -1] {
      let breakdown = TokenUsageBreakdown(
        totalTokens: value, inputTokens: value, cachedInputTokens: value, outputTokens: value,
        reasoningOutputTokens: value)
      let usage = ThreadTokenUsage(total: breakdown, last: breakdown, modelContextWindow: value)
      s.notify(.threadTokenUsageUpdated(.init(threadId: Session.threadId, turnId: "U1", tokenUsage: usage)))
      s.complete(Session.command("x", id: "c\(value)", status: .failed, exit: value, ms: value))
      s.frame()
    }
    s.type("/status")
    s.press(Key(.enter))
    #expect(s.shows("tokens"))
  }

  @Test("U21: the user is called only while the pane is not focused")
  func u21_attention() {
    var s = Samples.working()
    _ = s.taken()
    s.endTurn()
    #expect(!s.taken().contains { if case .attention = $0 { true } else { false } })
    s.send(.input(.focus(false)))
    s.startTurn("U2")
    s.endTurn("U2")
    #expect(s.taken().contains { if case .attention = $0 { true } else { false } })
  }

  @Test func theModeAndModelGoOutWithTheNextMessage() {
    // A server of stet learns the mode at once.
    var s = Session.open(hunkReview: false)
    s.type("/mode read-only")
    s.press(Key(.enter))
    s.type("/model other")
    s.press(Key(.enter))
    #expect(s.shows("→ read-only"))
    s.type("hi")
    s.press(Key(.enter))
    guard case .turnStart(let params)? = s.requests().last else {
      Issue.record("not sent")
      return
    }
    #expect(params.model == "other")
    #expect(params.sandboxPolicy == .readOnly(networkAccess: false))
  }

  @Test("U27: every command does something", arguments: SlashCommand.allCases)
  func u27_commands(_ command: SlashCommand) {
    var s = Samples.queued()
    _ = s.taken()
    let before = Samples.fingerprint(&s)
    s.type("/" + command.rawValue)
    s.press(Key(.enter))
    // Renaming offers the old name to change.
    #expect(s.state.composer.isEmpty || command == .rename)
    #expect(Samples.fingerprint(&s) != before)
  }
}
