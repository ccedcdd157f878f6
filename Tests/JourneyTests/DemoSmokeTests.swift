import StetTestSupport
import Testing

/// The demo as a newcomer sees it: the built program in a real tmux, at the size of a pane beside an editor.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct DemoSmokeTests {
  @Test("the demo in tmux: command, review, submit, undo, quit, resume", arguments: [(100, 30), (40, 20)])
  func demo(_ size: (columns: Int, rows: Int)) async throws {
    let home = TempDirectory("journey-home")
    let scratch = home.makeDirectory("scratch")
    let tmux = try await Tmux(
      home, directory: home.path, columns: size.columns, rows: size.rows,
      ["STET_DEMO_SPEED": "0", "TMPDIR": scratch])
    try await tmux.expect("ready>")
    try await tmux.run("stet demo")
    try await tmux.expect("Ask stet …", "stet")
    try await tmux.expect("an open thread") { $0.split(separator: "\n").first?.contains("sandbox") == true }

    try await tmux.type("fix the tests")
    try await tmux.press("Enter")
    try await tmux.expect("Run this command?", "sh test.sh", "y once")
    try await tmux.press("y")
    try await tmux.expect("enter review")
    let project = try project(home)
    let before = try #require(home.text(project + "/tally.sh"))
    try await tmux.press("Enter")
    try await tmux.expect("undecided", "@@ line")
    try await tmux.press("y", "n", "Enter")
    try await tmux.expect("Run this command?", "y once")
    let after = try #require(home.text(project + "/tally.sh"))
    #expect(after != before)
    #expect(after.contains("wc -w < ") && !after.contains("words in"))
    try await tmux.press("y")
    try await tmux.expect("a finished turn") { !$0.contains("esc stops") && $0.contains("stet resume") }

    try await tmux.type("/undo")
    try await tmux.press("Enter")
    try await tmux.expect("tally.sh", "Nothing was touched yet.")
    try await tmux.press("y")
    try await tmux.expect("Undone: 1 file")
    #expect(home.text(project + "/tally.sh") == before)
    try await tmux.type("/quit")
    try await tmux.press("Enter")
    try await tmux.expect("the shell again") { $0.contains("ready>") && !$0.contains("Ask stet …") }

    // The demo's thread lies in the demo's own home.
    let thread = project.replacing("/tally", with: "/home")
    try await tmux.run("clear; STET_HOME=$HOME/\(thread) stet resume")
    try await tmux.expect("the list of threads") { $0.contains("fix the tests") && $0.contains("esc back") }
    try await tmux.press("Enter")
    try await tmux.expect("Ask stet …", "OPENAI_API_KEY")
    try await tmux.type("/quit")
    try await tmux.press("Enter")
    try await tmux.expect("the shell again") { $0.contains("ready>") && !$0.contains("Ask stet …") }
    try await tmux.end()
  }

  /// The demo's project below the scratch folder, seen from the home.
  private func project(_ home: TempDirectory) throws -> String {
    let stage = try #require(home.names("scratch").first { $0.hasPrefix("stet-demo-") })
    return "scratch/\(stage)/tally"
  }
}
