import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// Ordinary work of a programmer, in the sandbox and without a question.
@Suite(.timeLimit(.minutes(10))) struct EverydayWorkTests {
  private static func has(_ program: String) -> Bool { access("/usr/bin/\(program)", X_OK) == 0 }

  private func run(_ script: String, files: [String: String] = [:]) async throws -> (Workbench, String) {
    let bench = try await Workbench(
      [.call("exec_command", ["cmd": .string(script), "yield_time_ms": 30_000]), .text("done")], files: files)
    try await bench.turn()
    #expect(bench.requests.isEmpty)
    #expect(bench.harness.warnings.isEmpty, "\(bench.harness.warnings)")
    return (bench, bench.output())
  }

  @Test("a compiler compiles and its program runs", .enabled(if: has("cc"), "there is no cc here"))
  func compiler() async throws {
    let (bench, output) = try await run(
      "cc -O1 -o hello hello.c && ./hello",
      files: ["hello.c": "#include <stdio.h>\nint main(void) { puts(\"compiled\"); return 0; }\n"])
    #expect(output.contains("exited with code 0") && output.hasSuffix("compiled\n"), "\(output)")
    #expect(bench.work.exists("hello"))
  }

  @Test("a test runner finds and runs tests", .enabled(if: has("python3"), "there is no python3 here"))
  func testRunner() async throws {
    let (_, output) = try await run(
      "python3 -m unittest -v 2>&1",
      files: [
        "test_it.py": """
        import os, tempfile, subprocess, multiprocessing, unittest
        class T(unittest.TestCase):
          def test_files(self):
            with tempfile.TemporaryDirectory() as d: open(os.path.join(d, "x"), "w").write("y")
          def test_child(self): self.assertEqual(subprocess.check_output(["echo", "hi"]), b"hi\\n")
          def test_lock(self):
            with multiprocessing.Lock(): pass
        """
      ])
    #expect(output.contains("Ran 3 tests") && output.contains("\nOK"), "\(output)")
  }

  @Test(
    "git makes a repository, commits, branches, stashes and shows",
    .enabled(if: has("git"), "there is no git here"))
  func git() async throws {
    let (bench, output) = try await run(
      """
      set -e; git init -q . ; export GIT_AUTHOR_NAME=T GIT_AUTHOR_EMAIL=t@e GIT_COMMITTER_NAME=T GIT_COMMITTER_EMAIL=t@e
      git add a && git commit -qm one && git switch -qc b && echo two > a && git stash -q && git stash pop -q
      git commit -qam two && git gc -q && git worktree list | wc -l && git log --oneline | wc -l && git status -s
      """, files: ["a": "one\n"])
    #expect(output.contains("exited with code 0") && output.hasSuffix("1\n2\n"), "\(output)")
    #expect(bench.work.exists(".git/HEAD"))
  }

  @Test("a package manager installs what lies on the disk", .enabled(if: has("npm"), "there is no npm here"))
  func packageManager() async throws {
    let (bench, output) = try await run(
      "cd app && npm install --offline --no-audit --no-fund 2>&1 && node -e 'console.log(require(\"dep\"))'",
      files: [
        "dep/package.json": #"{"name":"dep","version":"1.0.0","main":"i.js"}"#,
        "dep/i.js": "module.exports = 'from the package'",
        "app/package.json": #"{"name":"app","version":"1.0.0","dependencies":{"dep":"file:../dep"}}"#,
      ])
    #expect(output.hasSuffix("from the package\n"), "\(output)")
    #expect(bench.work.exists("app/package-lock.json"))
  }

  @Test("make builds in parallel, with its jobs' pipe", .enabled(if: has("make"), "there is no make here"))
  func make() async throws {
    let (bench, output) = try await run(
      "make -j4 && cat all",
      files: ["Makefile": "all: a b c\n\tcat a b c > all\na b c:\n\techo $@ > $@\n"])
    #expect(output.hasSuffix("a\nb\nc\n"), "\(output)")
    #expect(bench.work.exists("all"))
  }

  @Test("what the sandbox may have refused is labelled for the user too")
  func denialLabelled() async throws {
    let bench = try await Workbench([
      .calls(
        ("exec_command", ["cmd": "touch /etc/x"]), ("exec_command", ["cmd": "false"]),
        ("exec_command", ["cmd": "echo Permission denied"])), .text("done"),
    ])
    try await bench.turn()
    let labels = bench.commands.map { ($0.command, $0.stet?["denied"]?.stringValue) }
    #expect(labels.first { $0.0.contains("touch") }?.1?.contains("bubblewrap") == true)
    #expect(labels.filter { !$0.0.contains("touch") }.allSatisfy { $0.1 == nil })
  }
}
