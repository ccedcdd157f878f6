import Glibc
import StetProcess
import StetTestSupport
import Testing

/// `stet diff` as git's pager and difftool: a screen on a terminal, plain text in a pipe.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct DiffCommandTests {
  private let home = TempDirectory("diff-home")
  private let work = TempDirectory("diff-work")
  private static let patch = """
    diff --git a/x.txt b/x.txt
    --- a/x.txt
    +++ b/x.txt
    @@ -1,2 +1,2 @@
     same
    -old
    +new

    """

  private func run(_ arguments: [String], input: String? = nil) async throws -> ProcessResult {
    let command = Command(
      argv: [Program.folder + "/stet", "diff"] + arguments, cwd: work.path,
      environment: Program.environment(home: home), stdin: input == nil ? .null : .pipe,
      errors: .separate)
    return try await ProcessSession.run(command, input: Array((input ?? "").utf8))
  }

  @Test("issue 8: in a pipe a patch goes through byte for byte, in colours or no diff at all")
  func passesThrough() async throws {
    for text in [Self.patch, "\u{1B}[31m-old\u{1B}[m\n", "no diff\r\n", ""] {
      let result = try await run([], input: text)
      #expect(String(decoding: result.output, as: UTF8.self) == text)
      #expect(result.status.isSuccess)
    }
  }

  @Test("issue 8: in a pipe two files are a unified diff; a missing one is an error with its name")
  func twoFiles() async throws {
    work.write("a.txt", "same\nold\n")
    work.write("b.txt", "same\nnew\n")
    let text = String(decoding: try await run(["a.txt", "b.txt"]).output, as: UTF8.self)
    #expect(text.hasPrefix("--- a.txt\n+++ b.txt\n@@"))
    #expect(text.hasSuffix(" same\n-old\n+new\n"))
    let missing = try await run(["a.txt", "nope.txt"])
    #expect(missing.status.code == 1)
    #expect(String(decoding: missing.errorOutput, as: UTF8.self).contains("nope.txt"))
  }

  @Test("issue 8: on a terminal two files open the review screen, and q gives the terminal back")
  func screen() async throws {
    work.write("a.txt", "same\nold words\n")
    work.write("b.txt", "same\nnew words\n")
    let tmux = try await Tmux(home, directory: work.path, columns: 100, rows: 20, [:])
    try await tmux.expect("ready>")
    try await tmux.run("stet diff a.txt b.txt")
    try await tmux.expect("a.txt and b.txt", "- old words", "+ new words", "q leave")
    try await tmux.press("q")
    try await shellIsBack(tmux)
    try await tmux.run("clear; cat a.txt b.txt | git diff --no-index a.txt b.txt | stet diff")
    try await tmux.expect("patch +1", "+ new words")
    try await tmux.press("q")
    try await shellIsBack(tmux)
    try await tmux.run("clear; echo left-$((40 + 2))")
    try await tmux.expect("left-42")
    try await tmux.end()
  }

  /// What is typed while the program still leaves would be its own, or nobody's.
  private func shellIsBack(_ tmux: Tmux) async throws {
    try await tmux.expect("the shell's next line") { screen in
      screen.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }?.filter { $0 != " " } == "ready>"
    }
  }

  @Test("S12: nothing that the repository configures is run")
  func s12_harmlessGit() async throws {
    let repository = try TempRepository(in: work)
    for (key, value) in [
      ("core.fsmonitor", "touch ran-fsmonitor"), ("diff.external", "touch ran-external"),
      ("diff.evil.textconv", "touch ran-textconv"), ("filter.evil.clean", "touch ran-filter; cat"),
      ("core.pager", "touch ran-pager"), ("pager.diff", "touch ran-pager"),
    ] { try repository.git("config", key, value) }
    work.write("x.txt", "one\n")
    try repository.commitAll()
    work.write(".gitattributes", "*.txt diff=evil filter=evil\n")
    work.write("x.txt", "two\n")
    for name in ["fsmonitor", "external", "textconv", "filter", "pager"] { unlink(work.path("ran-\(name)")) }
    let result = try await run(["--staged"])
    #expect(result.status.isSuccess)
    let text = String(decoding: try await run(["--head"]).output, as: UTF8.self)
    #expect(text.contains("-one\n+two\n"), "\(text)")
    for name in ["fsmonitor", "external", "textconv", "filter", "pager"] {
      #expect(!work.exists("ran-\(name)"), "\(name)")
    }
  }

  @Test(
    "S12: a filter in an included file, in the work tree's own configuration or with = in its name does not run",
    arguments: ["include", "worktree", "name"])
  func s12_hiddenFilters(_ place: String) async throws {
    let repository = try TempRepository(in: work)
    work.write("x.txt", "one\n")
    try repository.commitAll()
    let command = "touch ran-filter; cat"
    var name = "evil"
    switch place {
    case "include":
      work.write(".gitconfig", "[filter \"evil\"]\n\tclean = \"\(command)\"\n")
      try repository.git("config", "include.path", "../.gitconfig")
    case "worktree":
      try repository.git("config", "extensions.worktreeConfig", "true")
      try repository.git("config", "--worktree", "filter.evil.clean", command)
    default:
      name = "a=b"
      work.write(
        ".git/config", (work.text(".git/config") ?? "") + "[filter \"a=b\"]\n\tclean = \"\(command)\"\n")
    }
    work.write(".gitattributes", "*.txt filter=\(name)\n")
    work.write("x.txt", "two\n")
    #expect(try repository.git("diff", "--stat").isEmpty == false)
    #expect(unlink(work.path("ran-filter")) == 0, "git by itself runs it")
    let text = String(decoding: try await run(["--head"]).output, as: UTF8.self)
    #expect(text.contains("-one\n+two\n"), "\(text)")
    #expect(!work.exists("ran-filter"))
  }
}
