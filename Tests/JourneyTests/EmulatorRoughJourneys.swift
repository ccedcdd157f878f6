import Glibc
import StetTestSupport
import Testing

/// Rough treatment in a terminal emulator that others wrote (issue 7): huge pastes, the mouse, the shell's keys, a kill.
@Suite(.fewAtOnce, .timeLimit(.minutes(10)), .enabled(if: Emulator.package != nil, Emulator.skipReason))
struct EmulatorRoughJourneys {
  private func open(_ emulator: Emulator, _ line: String = "stet") async throws {
    try await emulator.expect("ready>")
    try await emulator.run("clear; \(line); echo left=$?")
    try await emulator.expect("an open thread") {
      $0.text.contains("Ask stet …") && $0.text.contains("sandbox")
    }
  }

  @Test("U8: 5 MB pasted into the terminal are one token")
  func u8_paste() async throws {
    let line = String(repeating: "0123456789", count: 5)
    let count = 5 * 1_048_576 / (line.count + 1) + 1
    let house = House()
    let emulator = try Emulator(house, columns: 100, rows: 30)
    try await open(emulator)
    try await emulator.paste(line, count: count)
    let seen = try await emulator.expect("the token") { $0.waiting == 0 && $0.text.contains("[pasted ") }
    #expect(
      seen.text.contains("[pasted \(count) lines]") || seen.text.contains("[pasted \(count + 1) lines]"))
    #expect(!seen.text.contains("0123456789"))
    try await emulator.type("\u{3}")
    try await emulator.expect("Ask stet …")
    try await emulator.type("/quit\r")
    try await emulator.expect("left=0")
    await emulator.end()
  }

  @Test("U20: the wheel scrolls what is under it, a click unfolds, and ctrl-z and fg bring everything back")
  func u20_mouseAndShell() async throws {
    let house = House([
      .call("exec_command", ["cmd": "seq -f 'row %g.' 1 40"]),
      .text((1...40).map { "paragraph \($0).\n\n" }.joined()),
    ])
    let emulator = try Emulator(house, columns: 80, rows: 24)
    try await open(emulator)
    try await emulator.run("show me")
    try await emulator.expect("y once")
    try await emulator.type("y")
    try await emulator.expect("a finished turn") {
      $0.text.contains("paragraph 40.") && !$0.text.contains("esc stops")
    }
    var wheeled = try await emulator.expect("the end") { !$0.text.contains("more below") }
    for _ in 0..<60 where wheeled.rows.prefix(20).firstIndex(where: { $0.contains("seq -f") }) == nil {
      try await emulator.type("\u{1B}[<64;10;8M")
      let last = wheeled.rows
      wheeled = try await emulator.expect("another picture") { $0.rows != last }
    }
    let head = try #require(wheeled.rows.firstIndex { $0.contains("seq -f") })
    try await emulator.type("\u{1B}[<0;10;\(head + 1)M\u{1B}[<0;10;\(head + 1)m")
    try await emulator.expect("the whole output") { seen in
      (head + 1..<min(head + 5, 20)).allSatisfy { seen.rows[$0].contains("row ") }
        && !seen.text.contains("more lines · enter")
    }
    let before = try await emulator.expect("row 1.")
    try await emulator.type("\u{1A}")
    try await emulator.expect("Stopped")
    try await emulator.run("clear; fg; echo left=$?")
    try await emulator.expect("what was there") { $0.rows.dropLast() == before.rows.dropLast() }
    try await emulator.type("i/quit\r")
    try await emulator.expect("left=0")
    await emulator.end()
  }

  @Test("U6: after kill -9 the draft, the queue and what was said are there again")
  func u6_killed() async throws {
    let gate = Gate()
    let house = House([.text("An answer."), .hang(gate), .text("Back.")])
    let emulator = try Emulator(house, columns: 80, rows: 24)
    try await open(emulator)
    try await emulator.run("the first question")
    try await emulator.expect("a finished turn") {
      $0.text.contains("An answer.") && !$0.text.contains("esc stops")
    }
    try await emulator.run("the second question")
    try await emulator.expect("esc stops")
    try await emulator.type("for later\t")
    try await emulator.expect("1 queued")
    try await emulator.type("half a dra 漢字")
    try await emulator.expect("half a dra 漢字")
    _ = try await eventually("the draft and the queue are kept") {
      let files = house.home.names("drafts").filter { $0.hasSuffix(".json") }
      let kept = files.compactMap { house.home.text("drafts/" + $0) }
      return kept.contains { $0.contains("half a dra") } ? true : nil
    }
    try await emulator.killForeground(SIGKILL)
    try await emulator.expect("the shell again") {
      $0.text.contains("Killed") || $0.text.contains("left=137")
    }
    gate.open()
    // The emulator has no second screen: what was there before must not be taken for what comes.
    try await emulator.run("stty sane; clear")
    try await emulator.expect("an empty screen") {
      !$0.text.contains("An answer.") && $0.text.contains("ready>")
    }
    try await emulator.run("stet resume --last; echo left=$?")
    let seen = try await emulator.expect("An answer.", "half a dra 漢字", "queued", "for later")
    for once in ["An answer.", "the second question", "half a dra", "1 queued"] {
      #expect(seen.rows.count { $0.contains(once) } == 1, "\(once) in\n\(seen.text)")
    }
    #expect(seen.before.hasSuffix("half a dra 漢字"))
    await emulator.end()
  }
}
