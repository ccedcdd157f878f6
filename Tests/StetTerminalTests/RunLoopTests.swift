import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Testing

@Suite struct RunLoopTests {
  /// An interface that shows what it was told and does what keys say.
  struct Toy: Interface {
    var log: [String] = []
    var theme = PainterRig.theme
    var wake: Instant?
    var effects: [String: Effect] = [:]

    mutating func update(_ event: Event, now: Instant) -> [Effect] {
      switch event {
      case .input(let input):
        let word = words([input])[0]
        log.append(word)
        return effects[word].map { [$0] } ?? []
      case .notice(let text): log.append("notice \(text)")
      case .copied(let text): log.append("copied: \(text)")
      case .edited(_, let text): log.append("edited \(text ?? "nothing")")
      case .background(let isDark): log.append(isDark ? "dark" : "light")
      case .tick:
        log.append("tick")
        wake = nil
      case .ending: log.append("ending")
      default: log.append("other")
      }
      return []
    }

    mutating func frame(size: Size, now: Instant) -> Frame {
      var surface = Surface(size: size)
      surface.write(log.suffix(12).joined(separator: " "), "text", at: Point(x: 0, y: 0))
      return Frame(surface: surface)
    }

    func nextWake(now: Instant) -> Instant? { wake }
  }

  /// A terminal that plays a script on a clock of its own: each step is what one wait brings, after how long.
  final class Script: Terminal {
    struct Step {
      var afterMs: Int
      var events: [TerminalEvent]
    }

    var size = Size(columns: 40, rows: 4)
    var now = 1000
    var steps: [Step]
    var waits: [Int?] = []
    var frames: [Int] = []

    init(_ steps: [Step]) { self.steps = steps }

    func nextInput(timeoutMs: Int?, wakeup: Int32) -> [TerminalEvent] {
      waits.append(timeoutMs)
      guard let step = steps.first else { return [.hangup] }
      if let timeoutMs, timeoutMs < step.afterMs {
        now += timeoutMs
        steps[0].afterMs -= timeoutMs
        return []
      }
      now += step.afterMs
      steps.removeFirst()
      return step.events
    }

    func paint(_ frame: Frame, theme: Theme) { frames.append(now) }
    func lend<T>(_ body: () throws -> T) rethrows -> T { try body() }
    func suspend() {}
    func callAttention(_ text: String, by ways: AttentionWays) {}
    func copy(_ text: String) -> Bool { true }
    func leaveBehind(_ lines: [String]) {}
    func setMouse(_ isOn: Bool) {}
    func close() {}
  }

  private func key(_ character: Character) -> TerminalEvent { .input(.key(Key(character))) }

  private func play(_ steps: [Script.Step], wake: Int? = nil) -> (script: Script, log: [String]) {
    let script = Script(steps)
    var toy = Toy()
    toy.wake = wake.map { Instant(milliseconds: $0) }
    let loop = RunLoop(
      terminal: script, state: toy, mailbox: Mailbox<Event>(), clock: { Instant(milliseconds: script.now) },
      perform: { _ in })
    guard case .hangup = loop.run() else {
      Issue.record("another end")
      return (script, [])
    }
    return (script, loop.state.log)
  }

  @Test("U11: an idle screen causes no wake-ups and no frames") func u11_idleIsIdle() {
    let (script, _) = play([.init(afterMs: 3_600_000, events: [])])
    #expect(script.frames == [1000])
    #expect(script.waits.allSatisfy { $0 == nil })
  }

  @Test("U11: the first change after quiet paints at once") func u11_firstChangeIsImmediate() {
    let (script, _) = play([
      .init(afterMs: 5000, events: [key("a")]), .init(afterMs: 100, events: [key("b")]),
    ])
    #expect(script.frames == [1000, 6000, 6100])
  }

  @Test("U11: at most 60 frames a second") func u11_frameRate() {
    let (script, log) = play((0..<1000).map { _ in .init(afterMs: 1, events: [key("x")]) })
    #expect(log.count == 1001)
    let gaps = zip(script.frames, script.frames.dropFirst()).map { $1 - $0 }
    // A few come ahead of the rate: what follows a key comes in several parts.
    #expect(gaps.prefix(9).allSatisfy { $0 == 1 })
    #expect(gaps.dropFirst(10).allSatisfy { $0 == 20 })
    #expect(script.frames.count >= 50 && script.frames.count <= 60)
  }

  @Test func aChangeWithinAFrameIsPaintedWhenTheFrameIsOver() {
    let dark = TerminalEvent.background(isDark: true)
    let (script, _) = play(
      [.init(afterMs: 3, events: [dark])] + (0..<8).map { _ in .init(afterMs: 1, events: [dark]) }
        + [.init(afterMs: 10_000, events: [])])
    #expect(script.frames == [1000] + (1003...1010) + [1020])
    #expect(script.waits == Array(repeating: nil, count: 9) + [9, nil, nil])
  }

  @Test("U11: a key is shown at once between the frames of what streams, which gives up the next one for it")
  func u11_keyBetweenFrames() {
    let dark = TerminalEvent.background(isDark: true)
    let (script, _) = play(
      (0..<9).map { _ in .init(afterMs: 1, events: [dark]) } + [
        .init(afterMs: 1, events: [key("a")]), .init(afterMs: 1, events: [dark]),
        .init(afterMs: 1, events: [key("b")]), .init(afterMs: 10_000, events: []),
      ])
    #expect(script.frames == [1000] + (1001...1008) + [1010, 1020])
  }

  @Test func ticksComeWhenTheyWereAskedFor() {
    let (script, log) = play([.init(afterMs: 5000, events: [])], wake: 1250)
    #expect(log == ["tick", "ending"])
    #expect(script.waits.first == 250)
    #expect(script.frames == [1000, 1250])
  }

  @Test func terminalEventsReachTheInterfaceInOrder() {
    let size = Size(columns: 10, rows: 2)
    let (_, log) = play([
      .init(afterMs: 1, events: [key("a"), .background(isDark: false), .input(.resize(size)), key("b")])
    ])
    // A terminal that is gone is told of last: what was typed can still be kept.
    #expect(log == ["a", "light", "resize 10x2", "b", "ending"])
  }

  @Test func theEndHasItsReason() {
    func exit(_ events: [TerminalEvent], _ effects: [String: Effect] = [:]) -> RunLoop<Toy>.Exit {
      let script = Script([.init(afterMs: 1, events: events)])
      var toy = Toy()
      toy.effects = effects
      return RunLoop(
        terminal: script, state: toy, mailbox: Mailbox<Event>(), clock: { Instant(milliseconds: script.now) },
        perform: { _ in }
      ).run()
    }
    guard case .terminated(signal: 15) = exit([.terminate(signal: 15), .hangup]) else {
      Issue.record("SIGTERM")
      return
    }
    guard case .quit(dump: ["bye"]?) = exit([key("q"), .hangup], ["q": .quit(dump: ["bye"])]) else {
      Issue.record("quit")
      return
    }
  }
}
