import StetTestSupport
import StetText
import Testing

/// The program in a terminal emulator that others wrote (issue 7).
@Suite(.fewAtOnce, .timeLimit(.minutes(10)), .enabled(if: Emulator.package != nil, Emulator.skipReason))
struct EmulatorJourneys {
  private static let old = (0..<24).map { "line \($0)\n" }.joined()
  private static let new = old.replacing("line 2\n", with: "LINE 2 漢字\n").replacing(
    "line 20\n", with: "LINE 20\n")
  private static let markdown = "# Steps\n\n- the **bold** one\n- with `code`\n\n漢字 e\u{301} end."

  /// Opens the program in the emulator's shell and waits for its thread.
  private func open(_ emulator: Emulator, _ line: String = "stet") async throws {
    try await emulator.expect("ready>")
    try await emulator.run("clear; \(line); echo left=$?")
    try await emulator.expect("an open thread") {
      $0.text.contains("Ask stet …") && $0.text.contains("sandbox")
    }
  }

  @Test(
    "issue 7: a prompt, streamed Markdown, a command, a review, undo and quit",
    arguments: [(120, 40), (60, 20), (40, 12)])
  func wholeSession(_ columns: Int, _ rows: Int) async throws {
    let gate = Gate()
    let house = House([
      .respond([
        .text(Self.markdown, chunk: 3), .gate(gate), .call("exec_command", ["cmd": "echo $((40 + 2))-made"]),
      ]),
      .call("write", ["path": "a.txt", "content": .string(Self.new)]),
      .text("Both lines are done."),
    ])
    house.work.write("a.txt", Self.old)
    let emulator = try Emulator(house, columns: columns, rows: rows)
    try await open(emulator)
    try await emulator.type("capitals, please")
    try await emulator.expect("capitals, please")
    try await emulator.type("\r")
    let streamed = try await emulator.expect("the bold one", "with code", "漢字 é end.")
    #expect(!streamed.text.contains("**") && !streamed.text.contains("`"))
    gate.open()
    try await emulator.expect("y once", "echo $((40 + 2))-made")
    try await emulator.type("y")
    try await emulator.expect("enter review")
    try await emulator.type("\r")
    try await emulator.expect("LINE 2 漢字")
    try await emulator.type("yn\r")
    try await emulator.expect("a finished turn") {
      $0.text.contains("Both lines are done.") && !$0.text.contains("esc stops")
    }
    #expect(house.work.text("a.txt") == Self.old.replacing("line 2\n", with: "LINE 2 漢字\n"))
    try await emulator.type("/undo\r")
    try await emulator.expect("a.txt", "Nothing was touched yet.")
    try await emulator.type("y")
    try await emulator.expect("Undone: 1 file put back")
    #expect(house.work.text("a.txt") == Self.old)
    try await emulator.type("/quit\r")
    try await emulator.expect("left=0")
    await emulator.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("U13: 1,000 random resizes while an answer streams: every message is there exactly once")
  func u13_resizes() async throws {
    let (rounds, words) = (20, 200)
    let text = (0..<words).map { "word\($0)w" }.joined(separator: " ")
    let chunk = text.count / rounds + 1
    let gates = (0..<rounds).map { _ in Gate() }
    let house = House([
      .text("The first answer."),
      .respond([
        .text(
          text, chunk: chunk, gates: Dictionary(uniqueKeysWithValues: gates.enumerated().map { ($0, $1) }))
      ]),
    ])
    let emulator = try Emulator(house, columns: 100, rows: 30)
    try await open(emulator)
    try await emulator.run("question-one")
    try await emulator.expect("a finished turn") {
      $0.text.contains("The first answer.") && !$0.text.contains("esc stops")
    }
    try await emulator.run("question-two")
    try await emulator.expect("question-two", "esc stops")
    for (round, gate) in gates.enumerated() {
      gate.open()
      try await emulator.storm(1_000 / rounds, seed: round)
    }
    try await emulator.resize(columns: 110, rows: 60)
    // Until the program has painted that size, the emulator shows what is left of the one before.
    try await emulator.expect("every message once, and the composer") { seen in
      let shown = seen.rows.joined(separator: " ").split(separator: " ").map(String.init)
      let counts = Dictionary(shown.map { ($0, 1) }, uniquingKeysWith: +)
      // A header may name the thread by its first message.
      let messages = ["question-one", "question-two", "first"].allSatisfy { once in
        seen.rows.dropFirst(2).count { $0.contains(once) } == 1
      }
      return messages && (0..<words).allSatisfy { counts["word\($0)w"] == 1 }
        && seen.text.contains("Ask stet …")
        && !seen.text.contains("esc stops")
    }
    try await emulator.type("/quit\r")
    try await emulator.expect("left=0")
    await emulator.end()
  }

  @Test(
    "U10: wide, joined and combining characters: the cursor is where the text ends, and columns stand in line"
  )
  func u10_wide() async throws {
    let table = "| a | b |\n|---|---|\n| 漢字 | one |\n| e\u{301}👩‍💻 | two |\n| plain | 🇩🇪 |\n\nThe table's end."
    let house = House([.text(table, chunk: 2)])
    let emulator = try Emulator(house, columns: 80, rows: 24)
    try await open(emulator)
    var text = ""
    for part in ["日本 ", "e\u{301}o", " 👩‍💻", " 👍🏽", " ไทย", " x"] {
      text += part
      try await emulator.type(part)
      let shown = emulated(text)
      let seen = try await emulator.expect("the cursor behind \(text.debugDescription)") {
        $0.before.hasSuffix("┃ " + shown)
      }
      #expect(seen.cursor.x == 3 + Width.of(text), "\(text)")
    }
    // Back over each character, as the user counts them.
    for _ in text {
      text.removeLast()
      try await emulator.type("\u{1B}[D")
      let shown = emulated(text)
      try await emulator.expect("the cursor behind \(text.debugDescription)") {
        $0.before.hasSuffix("┃ " + shown)
      }
    }
    try await emulator.type("\r")
    try await emulator.expect("a finished turn") {
      $0.text.contains("The table's end.") && !$0.text.contains("esc stops")
    }
    let cells = try await emulator.cells().cells
    let bars = cells.compactMap { row in row.firstIndex(of: "│") }
    #expect(bars.count == 4 && Set(bars).count == 1, "\(bars)")
    #expect(cells.contains { $0.joined().contains("日本 éo") })
    try await emulator.type("/quit\r")
    try await emulator.expect("left=0")
    await emulator.end()
  }

  /// A text as pyte holds what stet sends of it: marks joined to their letters where there is one such letter.
  private func emulated(_ text: String) -> String {
    Sanitizer.display(text).replacing("e\u{301}", with: "\u{E9}")
  }

  @Test(
    "U18: with ambiguous_width = 2 the cursor and the columns are right, whatever the terminal makes of them",
    arguments: [true, false])
  func u18_ambiguous(_ isWide: Bool) async throws {
    let house = House(
      [.text("| α→β | b |\n|---|---|\n| Ж… | one |\n| plain | ±two |\n\n● The table's end.")],
      settings: House.askingSettings + "\n[tui]\nambiguous_width = 2")
    let emulator = try Emulator(house, columns: 70, rows: 24, ambiguousIsWide: isWide)
    try await open(emulator)
    // The signs of the interface itself are then narrow ones.
    try await emulator.expect("narrow signs") { $0.text.contains("| Ask stet") && !$0.text.contains("─") }
    var width = 0
    for (part, columns) in [("αβ", 4), ("x", 1), ("→", 2), ("漢", 2), ("…y", 3), ("Ж\u{301}", 2)] {
      width += columns
      let expected = 3 + width
      try await emulator.type(part)
      try await emulator.expect("the cursor behind \(part)") { $0.cursor.x == expected }
    }
    let seen = try await emulator.cells()
    let row = seen.cells[seen.cursor.y]
    #expect([3, 5, 7, 8, 10, 12, 14].map { row[$0] } == ["α", "β", "x", "→", "漢", "…", "y"])
    // What is behind them goes and comes without leaving anything.
    for _ in 0..<3 { try await emulator.type("\u{7F}") }
    try await emulator.expect("the cursor behind 漢") { $0.cursor.x == 12 }
    let shorter = try await emulator.cells()
    #expect(shorter.cells[shorter.cursor.y][12...].allSatisfy { $0 == " " })
    try await emulator.type("\r")
    try await emulator.expect("a finished turn") {
      $0.text.contains("The table's end.") && !$0.text.contains("esc stops")
    }
    let cells = try await emulator.cells().cells
    let bars = cells.compactMap { row in row.dropFirst(4).firstIndex(of: "|") }
    #expect(bars.count == 3 && Set(bars).count == 1, "\(bars) \(cells.map { $0.joined() })")
    try await emulator.type("/quit\r")
    try await emulator.expect("left=0")
    await emulator.end()
  }
}
