import StetProcess
import StetTestSupport
import Testing

@testable import stet

/// Issue 8: `stet diff` as people use it: beside a thread that is at work, as git's pager and as its difftool.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct DiffViewerJourneys {
  private static let before = (0..<20).map { "line \($0)\n" }.joined()

  private static func write(_ path: String, _ old: String, _ new: String) -> FakeModel.Step {
    .call(
      "write", ["path": .string(path), "content": .string(before.replacing(old + "\n", with: new + "\n"))])
  }

  private func diff(_ house: House, _ arguments: String...) async throws -> String {
    let result = try await ProcessSession.run(
      Command(
        argv: [Program.folder + "/stet", "diff"] + arguments, cwd: house.work.path,
        environment: Program.environment(home: house.home), stdin: .null, errors: .separate))
    #expect(result.status.isSuccess, "\(arguments)")
    return String(decoding: result.output, as: UTF8.self)
  }

  @Test("issue 8: --turn, --thread and --head show what a thread does that is at work in another pane")
  func liveThread() async throws {
    let house = House([
      .text("Hello."), Self.write("a.txt", "line 2", "LINE 2"), .text("That was the first."),
      Self.write("b.txt", "line 9", "LINE 9"), .text("That was the second."),
    ])
    for name in ["a.txt", "b.txt"] { house.work.write(name, Self.before) }
    try TempRepository(in: house.work).commitAll()
    let app = house.open()
    try await app.say("hello").expect("Hello.")
    for option in ["--turn", "--thread"] {
      #expect(try await diff(house, option).isEmpty, "nothing was changed yet")
    }
    app.say("/mode review-at-end").say("first")
    try await app.expect("That was the first.").expect("a review waits")
    try await app.say("second").expect("That was the second.").expect("2 reviews wait")
    let first = "--- a/a.txt\n+++ b/a.txt\n@@ -1,6 +1,6 @@\n line 0\n line 1\n-line 2\n+LINE 2\n"
    let second = "--- a/b.txt\n+++ b/b.txt\n@@ -7,7 +7,7 @@\n line 6\n line 7\n line 8\n-line 9\n+LINE 9\n"
    let turn = try await diff(house, "--turn")
    #expect(turn.hasPrefix(second) && !turn.contains("a.txt"))
    let thread = try await diff(house, "--thread")
    #expect(thread.hasPrefix(first) && thread.contains(second))
    let head = try await diff(house, "--head")
    #expect(head.contains("-line 2\n+LINE 2\n") && head.contains("-line 9\n+LINE 9\n"))
    let tmux = try await Tmux(house.home, directory: house.work.path, columns: 100, rows: 30, [:])
    try await tmux.expect("ready>")
    for (columns, rows) in [(100, 30), (40, 20)] {
      try await tmux.resize(columns: columns, rows: rows)
      for (option, title) in [("--turn", "since the last turn"), ("--thread", "since the thread began")] {
        try await tmux.run("clear; stet diff \(option); echo left=$?")
        try await tmux.expect(title, option == "--turn" ? "+ LINE 9" : "+ LINE 2")
        try await tmux.press("q")
        try await tmux.expect("left=0")
      }
    }
    try await tmux.end()
    // The thread itself was never disturbed.
    try await app.expect("2 reviews wait").quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test(
    "issue 8: git difftool shows file after file, core.pager every kind of diff, and < a patch",
    .timeLimit(.minutes(5)))
  func realGit() async throws {
    let (home, work) = (TempDirectory("viewer-home"), TempDirectory("viewer-work"))
    for name in ["one.txt", "two.txt"] { work.write(name, Self.before) }
    let repository = try TempRepository(in: work)
    try repository.commitAll()
    for name in ["one.txt", "two.txt"] {
      work.write(name, Self.before.replacing("line 5\n", with: "changed in \(name)\n"))
    }
    work.write("kept.patch", try repository.git("diff", "--", "two.txt"))
    let tmux = try await Tmux(home, directory: work.path, columns: 100, rows: 30, [:])
    try await tmux.expect("ready>")
    try await tmux.run("clear; git difftool -y -x 'stet diff' -- one.txt two.txt; echo left=$?")
    try await tmux.expect("one.txt", "+ changed in one.txt", "q leave")
    try await tmux.press("q")
    try await tmux.expect("two.txt", "+ changed in two.txt", "q leave")
    try await tmux.press("q")
    try await tmux.expect("left=0")
    for (number, line) in ["diff", "diff --color=always", "show --format=medium HEAD", "log -p -1"]
      .enumerated()
    {
      try await tmux.run("clear; git -c core.pager='stet diff' \(line); echo left$((\(number) + 1))=$?")
      let shown = number < 2 ? "+ changed in one.txt" : "+ line 5"
      try await tmux.expect("patch", "(1 of 2)", shown, "q leave")
      try await tmux.press("}")
      try await tmux.expect("(2 of 2)", number < 2 ? "+ changed in two.txt" : "+ line 5")
      try await tmux.press("q")
      try await tmux.expect("left\(number + 1)=0")
    }
    // What is no diff goes through as any pager would let it.
    try await tmux.run("clear; git -c core.pager='stet diff' log --format=subject:%s; echo left$((7 + 2))=$?")
    try await tmux.expect("subject:", "left9=0")
    try await tmux.run("clear; stet diff < kept.patch; echo left$((8 + 2))=$?")
    try await tmux.expect("two.txt", "+ changed in two.txt", "q leave")
    try await tmux.press("q")
    try await tmux.expect("left10=0")
    try await tmux.end()
  }
}
