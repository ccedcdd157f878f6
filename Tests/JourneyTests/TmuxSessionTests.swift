import StetTestSupport
import Testing

/// A whole session in a real tmux, in panes as people have them (issue 7). Where there is no tmux these tests fail with
/// its name: it is one of the programs that the set-up installs.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct TmuxSessionTests {
  private static let old = (0..<24).map { "line \($0)\n" }.joined()
  private static let new = old.replacing("line 2\n", with: "LINE 2 漢字\n").replacing(
    "line 20\n", with: "LINE 20\n")

  @Test(
    "issue 7: stream, command, review, stop, resize, quit and resume in tmux",
    arguments: [(120, 40), (60, 20), (40, 12)])
  func wholeSession(_ columns: Int, _ rows: Int) async throws {
    let gate = Gate()
    let house = House([
      .respond([
        .text("Wide 漢字 and e\u{301} first.", chunk: 3),
        .call("exec_command", ["cmd": "echo $((40 + 2))-made"]),
      ]),
      .call("write", ["path": "a.txt", "content": .string(Self.new)]),
      .text("Both lines are done."),
      .respond([.text("Going on and on and on.", chunk: 6, gates: [2: gate])]),
    ])
    house.work.write("a.txt", Self.old)
    let tmux = try await Tmux(house.home, directory: house.work.path, columns: columns, rows: rows, [:])
    try await tmux.expect("ready>")
    try await tmux.run("stet; echo left=$?")
    try await tmux.expect("an open thread") { $0.contains("Ask stet …") && $0.contains("sandbox") }
    try await tmux.type("capitals 漢字, please")
    try await tmux.expect("capitals 漢字, please")
    try await tmux.press("Enter")
    try await tmux.expect("y once")
    try await tmux.press("y")
    try await tmux.expect("enter review")
    // The pane changes its size under the question and back: nothing of it is lost.
    try await tmux.resize(columns: columns - 7, rows: rows - 1)
    try await tmux.expect("enter review")
    try await tmux.resize(columns: columns, rows: rows)
    try await tmux.expect("enter review")
    try await tmux.press("Enter")
    try await tmux.expect("LINE 2 漢字")
    try await tmux.press("y", "n", "Enter")
    try await tmux.expect("Both lines are done.")
    #expect(house.work.text("a.txt") == Self.old.replacing("line 2\n", with: "LINE 2 漢字\n"))
    try await tmux.expect("a finished turn") { !$0.contains("esc stops") }
    try await tmux.type("on")
    try await tmux.press("Enter")
    try await tmux.expect("Going on", "working")
    try await tmux.press("Escape")
    try await tmux.expect("a stopped turn") { $0.contains("stopped") && !$0.contains("working") }
    gate.open()
    try await tmux.type("half a draft")
    try await tmux.expect("half a draft")
    try await tmux.press("C-c", "C-c", "C-c")
    try await tmux.expect("left=0")
    try await tmux.run("clear; stet resume --last; echo left=$?")
    let again = try await tmux.expect("the thread again") {
      $0.contains("stopped") && $0.contains("Ask stet …")
    }
    #expect(again.split(separator: "\n").count { $0.contains("stopped") } == 1)
    try await tmux.type("/quit")
    try await tmux.press("Enter")
    try await tmux.expect("left=0")
    try await tmux.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }
}
