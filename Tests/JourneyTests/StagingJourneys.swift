import StetProcess
import StetTestSupport
import Testing

@testable import stet

/// Issue 8: from the review to a commit without leaving it, on a real terminal, with the real git; only on request.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct StagingJourneys {
  private static let before = (0..<30).map { "line \($0)\n" }.joined()
  private static let kept = before.replacing("line 2\n", with: "LINE 2\n")
  private static let proposed = kept.replacing("line 27\n", with: "LINE 27\n")

  @Test(
    "issue 8: + stages what is accepted and nothing else, stet diff --staged shows it, ctrl-k commits with the model's words",
    arguments: [(80, 24), (40, 20)])
  func stageAndCommit(_ columns: Int, _ rows: Int) async throws {
    let house = House([
      .call("write", ["path": "a.txt", "content": .string(Self.proposed)]), .text("Two capitals."),
      .text("Shout line two"), .text("I see."),
    ])
    house.work.write("a.txt", Self.before)
    let repository = try TempRepository(in: house.work)
    try repository.commitAll()
    try repository.git("config", "user.name", "A Name")
    try repository.git("config", "user.email", "a@example.org")
    let head = try repository.git("rev-parse", "HEAD")
    let tmux = try await Tmux(house.home, directory: house.work.path, columns: columns, rows: rows, [:])
    try await tmux.expect("ready>")
    try await tmux.run("stet; echo left=$?")
    try await tmux.expect("Ask stet …")
    try await tmux.run("/mode review-at-end")
    try await tmux.expect("review-at-end")
    try await tmux.run("capitals")
    try await tmux.expect("Two capitals.", "a review waits")
    #expect(try repository.git("diff", "--cached").isEmpty, "nothing is staged by itself")
    try await tmux.press("C-x")
    try await tmux.expect("the keys that decide") { $0.contains("0 of 2 decided") && Self.decides($0) }
    try await tmux.press("y", "n")
    try await tmux.expect("2 of 2 decided")
    try await tmux.type("+")
    try await tmux.expect("staged in 1 file")
    #expect(try repository.git("show", ":a.txt") == Self.kept)
    #expect(house.work.text("a.txt") == Self.proposed, "staging writes no file")
    let staged = try await ProcessSession.run(
      Command(
        argv: [Program.folder + "/stet", "diff", "--staged"], cwd: house.work.path,
        environment: Program.environment(home: house.home), stdin: .null))
    let text = String(decoding: staged.output, as: UTF8.self)
    #expect(text.contains("-line 2\n+LINE 2\n") && !text.contains("LINE 27"))
    #expect(try repository.git("rev-parse", "HEAD") == head, "nothing is committed by itself")
    try await tmux.press("C-k")
    try await tmux.expect("the message, and the key that sends it") {
      $0.contains("Shout line two") && $0.contains("enter done")
    }
    try await tmux.type(", gently")
    try await tmux.expect("Shout line two, gently")
    try await tmux.press("Enter")
    try await tmux.expect("committed")
    #expect(try repository.git("log", "-1", "--format=%s %an") == "Shout line two, gently A Name\n")
    #expect(try repository.git("show", "HEAD:a.txt") == Self.kept)
    // The refusal is carried out with the answer, as ever: then the file is what was committed.
    try await tmux.expect("the keys that decide") { Self.decides($0) }
    try await tmux.press("Enter")
    try await tmux.expect("rolled back in 1 file")
    #expect(house.work.text("a.txt") == Self.kept)
    #expect(try repository.git("status", "--porcelain", "--untracked-files=no").isEmpty)
    try await tmux.run("go on")
    try await tmux.expect("I see.")
    let told = try #require(house.model.requests.last).text
    #expect(told.contains("1 accepted, 0 edited, 1 rejected") && told.contains("LINE 27"))
    try await tmux.run("/quit")
    try await tmux.expect("left=0")
    try await tmux.end()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  /// The review is open and takes the keys that decide.
  private static func decides(_ screen: String) -> Bool {
    screen.contains("y accept") || screen.contains("y n e c")
  }
}
