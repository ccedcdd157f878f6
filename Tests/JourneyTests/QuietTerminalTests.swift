import StetTestSupport
import Testing

/// What the program itself sends to a terminal while a user types (U12, issue 7).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct QuietTerminalTests {
  @Test("U12: a key in the composer costs 40 bytes at most, on the wire")
  func u12_key() async throws {
    let home = TempDirectory("journey-home")
    let work = TempDirectory("journey-work")
    let console = try Console(
      directory: work.path, environment: Program.environment(home: home, ["COLORTERM": "truecolor"]))
    console.run("clear; stet; echo left=$?")
    // All that is found at the start is on the screen.
    try await console.expect("OPENAI_API_KEY")
    // The first letter changes the keys that are told of, too.
    console.send("x")
    try await console.expect("enter send")
    var text = "x"
    for character in "yes, a draft of äöü 漢" {
      let before = console.seen.value.bytes
      console.send(String(character))
      text.append(character)
      let shown = text
      try await console.expect("\(shown.debugDescription) and the caret behind it") { screen in
        guard let row = screen.rows.firstIndex(where: { $0.contains("┃ x") }) else { return false }
        let column = screen.grid[row].prefix(screen.cursor.x).map(\.text).joined()
        return screen.cursor.y == row && column.hasSuffix(shown)
      }
      #expect(console.seen.value.bytes - before <= 40, "\(shown)")
    }
    console.send("\u{3}")
    try await console.expect("Ask stet …")
    console.send("/quit\r")
    try await console.expect("left=0")
    await console.end()
  }
}
