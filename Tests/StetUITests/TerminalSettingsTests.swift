import StetProtocol
import StetText
import Testing

@testable import StetUI

/// What the interface asks of the terminal beyond its picture.
@Suite struct TerminalSettingsTests {
  private func dumps(_ s: Session) -> [[String]] {
    s.taken().compactMap { if case .dump(let lines) = $0 { lines } else { nil } }
  }

  private func mice(_ s: Session) -> [Bool] {
    s.taken().compactMap { if case .mouse(let isOn) = $0 { isOn } else { nil } }
  }

  private func say(_ s: inout Session, _ text: String) {
    s.type(text)
    s.press(Key(.enter))
  }

  @Test("U22: /dump writes the whole transcript as plain lines, more than the screen shows")
  func u22_onDemand() throws {
    var s = Samples.working()
    s.agent((0..<200).map { "line \($0)" }.joined(separator: "\n\n"))
    s.complete(Session.command("ls", status: .completed, output: "a\u{1B}[2Jb\n", exit: 0, ms: 3))
    s.endTurn()
    _ = s.taken()
    say(&s, "/dump")
    let lines = try #require(dumps(s).first)
    let text = lines.joined(separator: "\n")
    for number in [0, 77, 199] { #expect(text.components(of: "line \(number)\n") == 1) }
    #expect(text.components(of: "do it") == 1)
    #expect(
      try #require(lines.firstIndex { $0.contains("do it") }) < lines.firstIndex { $0.contains("line 0") }
        ?? 0)
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }, "nothing raw reaches the terminal")
    #expect(!lines.contains { $0.hasSuffix(" ") })
    #expect(!text.contains("what is before"))
    #expect(s.shows("the terminal's scrollback has it"))
  }

  @Test("U22: an empty transcript is not dumped") func u22_empty() {
    var s = Session.open()
    say(&s, "/dump")
    #expect(dumps(s).isEmpty)
    #expect(s.shows("nothing was said yet"))
  }

  @Test("U22: on exit, where it was asked for by command or configuration", arguments: [true, false])
  func u22_onExit(_ byCommand: Bool) throws {
    var s = Samples.talked()
    if byCommand {
      say(&s, "/dump exit")
      #expect(s.shows("stays in the scrollback"))
    } else {
      s.send(.settings(InterfaceSettings(dumpsOnExit: true)))
    }
    _ = s.taken()
    say(&s, "/quit")
    let quit = s.taken().compactMap { if case .quit(let lines) = $0 { lines } else { nil } }.first
    #expect(try #require(quit).contains { $0.contains("done") })
    var plain = Samples.talked()
    say(&plain, "/quit")
    #expect(plain.taken().contains { if case .quit(dump: nil) = $0 { true } else { false } })
  }

  @Test("U22: what was not read of a long thread is said, with where it is") func u22_notAll() throws {
    var s = Session(launch: .resume(Session.threadId))
    var facts = ServerFacts(hunkReview: true, snapshots: true)
    facts.isStet = true
    s.send(.connected(facts))
    var response = Session.resumeResponse(Session.thread(preview: "long"))
    let turn = Session.turn("U9", .completed, [.agentMessage(.init(id: "m9", text: "the end"))])
    response.initialTurnsPage = TurnsPage(data: [turn], nextCursor: "before-9")
    s.reply(.threadResume, response)
    say(&s, "/dump")
    #expect(try #require(dumps(s).first).first == "… what is before: stet sessions show T1")
  }

  @Test("U20: a key leaves the mouse to the terminal and takes it back; the configuration decides first")
  func u20_key() {
    var s = Session.open()
    s.press(.alt("m"))
    #expect(mice(s) == [false])
    #expect(s.shows("select as you like"))
    s.press(Key(.f(2)))
    #expect(mice(s) == [true])
    s.send(.settings(InterfaceSettings(mouse: false)))
    #expect(mice(s) == [false])
    s.send(.settings(InterfaceSettings(mouse: false)))
    #expect(mice(s).isEmpty)
  }

  @Test("U21: calling the user can be turned off, or asked for always", arguments: [true, false])
  func u21_turnedOff(_ isFocused: Bool) {
    for (settings, calls) in [
      (InterfaceSettings(), !isFocused), (InterfaceSettings(calls: false), false),
      (InterfaceSettings(callsWhenFocused: true), true),
    ] {
      var s = Samples.working()
      s.send(.settings(settings))
      s.send(.input(.focus(isFocused)))
      _ = s.taken()
      s.endTurn()
      #expect(s.taken().contains { if case .attention = $0 { true } else { false } } == calls)
    }
  }

  @Test("U21: bell, notification and title can each be turned off, and what one is called for chosen")
  func u21_each() {
    func ways(_ settings: InterfaceSettings, asks: Bool) -> AttentionWays? {
      var s = Session.open()
      s.send(.settings(settings))
      s.startTurn()
      s.send(.input(.focus(false)))
      _ = s.taken()
      if asks { s.proposeEdit() } else { s.endTurn() }
      return s.taken().compactMap { if case .attention(_, let ways) = $0 { ways } else { nil } }.first
    }
    for asks in [false, true] {
      #expect(ways(InterfaceSettings(), asks: asks) == .all)
      #expect(ways(InterfaceSettings(ways: .bell), asks: asks) == .bell)
      #expect(ways(InterfaceSettings(ways: .notification), asks: asks) == .notification)
      #expect(ways(InterfaceSettings(ways: []), asks: asks) == nil)
      #expect(ways(InterfaceSettings(occasions: [.approval]), asks: asks) == (asks ? .all : nil))
      #expect(ways(InterfaceSettings(occasions: [.turnComplete]), asks: asks) == (asks ? nil : .all))
    }
    var s = Session.open()
    #expect(s.frame().title?.contains("stet") == true)
    s.send(.settings(InterfaceSettings(setsTitle: false)))
    #expect(s.frame().title == nil)
  }

  @Test("U11: without animations nothing turns, and the seconds count once a second")
  func u11_still() {
    var s = Session.open()
    s.send(.settings(InterfaceSettings(animates: false)))
    s.startTurn()
    s.wait(10_000)
    let next = s.state.nextWake(now: s.now)
    #expect(next.map { $0.since(s.now) > 250 } == true || s.now.milliseconds % 1000 >= 750)
    #expect(s.shows("⠿ working"))
  }
}
