import StetTestSupport
import StetText
import Testing

/// What the program's commands write on a terminal when model, tools and names are hostile (U16, issue 7).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct HostileProgramTests {
  private static let evil =
    "Zq9 \u{1B}]0;owned\u{7}\u{1B}]52;c;ZXZpbA==\u{7}\u{1B}[2J\u{1B}c\u{9B}31m\u{202E}drow\u{2066}\u{0}\u{8}\u{7}\u{1B}P$q\u{1B}\\"

  /// What the interface itself asks a terminal.
  private let ownQuestions: Set<String> = ["11;?", "device attributes?"]

  /// Nothing that was sent did more than write letters.
  private func isWhole(_ screen: VTScreen) -> Bool {
    let strings = screen.strings.filter { !ownQuestions.contains($0) }
    return !screen.title.contains("owned\u{7}") && screen.title != "owned" && screen.bells == 0
      && strings.isEmpty
  }

  @Test("U16: exec, the list of threads, a thread as text, and the interface show it and obey nothing")
  func u16_commands() async throws {
    let printed = Self.evil.unicodeScalars.map { $0.value < 0x80 ? "\\\(String($0.value, radix: 8))" : "" }
      .joined()
    let house = House(
      [
        .respond([
          .text("I say \(Self.evil)."), .call("exec_command", ["cmd": .string("printf 'out \(printed)'")]),
        ]),
        .text("Done \(Self.evil) fin9"),
      ], settings: "approval_policy = \"never\"\nsandbox_mode = \"danger-full-access\"")
    let console = try Console(
      directory: house.work.path,
      environment: Program.environment(home: house.home, ["EVIL": Self.evil.filter { $0 != "\u{0}" }]),
      size: Size(columns: 100, rows: 50))
    try await console.expect("ready>")
    console.run("clear; stet exec \"name $EVIL\"; echo left=$?")
    let exec = try await console.expect("left=0")
    #expect(exec.text.contains("Zq9") && exec.rows.joined().contains("fin9"))
    #expect(isWhole(exec), "\(exec.title) \(exec.strings) \(exec.bells)")
    console.run("clear; stet sessions list; echo left=$?")
    let list = try await console.expect("the list") { $0.text.contains("Zq9") && $0.text.contains("left=0") }
    #expect(isWhole(list), "\(list.title) \(list.strings) \(list.bells)")
    console.run(
      "clear; stet sessions show $(stet sessions list --json | grep -o '\"id\": *\"[^\"]*' | head -1 | cut -d'\"' -f4); echo left=$?"
    )
    let shown = try await console.expect("the thread") { $0.text.contains("left=0") }
    #expect(isWhole(shown), "\(shown.title) \(shown.strings) \(shown.bells)")
    console.run("clear; stet resume --last; echo left=$?")
    let open = try await console.expect("the interface") {
      $0.text.contains("Ask stet …") && $0.rows.joined().contains("fin9")
    }
    #expect(isWhole(open), "\(open.title) \(open.strings) \(open.bells)")
    #expect(open.unknown.isEmpty)
    console.send("/dump exit\r")
    console.send("/quit\r")
    let dumped = try await console.expect("left=0")
    #expect(isWhole(dumped), "\(dumped.title) \(dumped.strings) \(dumped.bells)")
    await console.end()
  }
}
