import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// Parts of the sandbox that need no kernel.
@Suite struct SandboxPartsTests {
  @Test func launcherArgumentsAreStrict() throws {
    let request = try SandboxExec.parse([
      "--foreground", "--rules", "3", "--filter", "4", "--", "ls", "--", "-x",
    ])
    #expect(
      request == SandboxExec.Request(foreground: true, rules: 3, filter: 4, command: ["ls", "--", "-x"]))
    for wrong in [[], ["--"], ["ls"], ["--rules", "--", "ls"], ["--rules", "1", "--", "ls"], ["--filter"]] {
      #expect(throws: SandboxError.self) { try SandboxExec.parse(wrong) }
    }
  }

  @Test func launcherFailsClosed() async throws {
    for wrong in [["--rules", "9", "--", "/bin/echo", "ran"], ["--filter", "0", "--", "/bin/echo", "ran"]] {
      let command = Command(
        argv: [Walls.launcher, SandboxExec.subcommand] + wrong, cwd: "/", environment: Shell.environment)
      let result = try await Shell.run(command)
      #expect(result.status.shellCode == 126)
      #expect(!result.text.contains("ran"))
    }
  }

  @Test func rulesSurviveTheWay() throws {
    var rules = LandlockRules(abi: 7, denyNetwork: true)
    rules.rules = [.init(rights: 1, path: "/a b"), .init(rights: .max, path: "/ü\n")]
    #expect(LandlockRules(rules.bytes) == rules)
    #expect(LandlockRules([]) == nil)
    #expect(LandlockRules(Array(rules.bytes.dropLast())) == nil)
    #expect(LandlockRules(Array("x\u{0}1\u{0}".utf8)) == nil)
    #expect(LandlockRules(Array("7\u{0}1\u{0}4\u{0}".utf8)) == nil)
  }

  @Test(
    "S6: what git writes itself is harmless",
    arguments: [
      "",
      "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n",
      "[remote \"origin\"]\n\turl = https://example.com/a.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
      "[branch \"main\"]\n\tremote = origin\n\tmerge = refs/heads/main\n[user]\n\tname = A B\n",
    ])
  func s6_harmless(config: String) { #expect(HarmlessGit.isHarmlessConfig(config)) }

  @Test(
    "S6: what makes git run something, or is not understood, is not harmless",
    arguments: [
      "[core]\n\tfsmonitor = evil\n", "[core] fsmonitor = evil\n", "[core]\n\thooksPath = x\n",
      "[core]\n\tbare = false \\\nfsmonitor = evil\n", "[include]\n\tpath = x\n", "[alias]\n\tst = !evil\n",
      "[filter \"x\"]\n\tclean = evil\n", "[remote \"o\"]\n\turl = ext::sh -c evil\n",
      "[remote \"o\"]\n\turl = -oevil\n",
      "[remote \"o\"]\n\turl = \"ext\"::x\n", "[remote \"o\"]\n\tuploadpack = evil\n", "bare = false\n",
      "[core]\nbare\n", "[core\n", "[remote \"o\"]\n\tproxy = x\n", "[core]\r\n\tbare = false\r\n",
      "[remote \"a\\\"b\"]\n\turl = x\n", "[core]\n\tbare = false\r\n\tfsmonitor = evil\n",
      "[remote \"o\"]\n\turl = ext::\u{301}sh\n", "[user]\n\tname = \"\u{301}x\n",
      "[core]\n\tsshCommand = evil\n",
      "[submodule \"x\"]\n\tupdate = !evil\n",
    ])
  func s6_notHarmless(config: String) { #expect(!HarmlessGit.isHarmlessConfig(config)) }

  @Test func scannerSeesChangesAndFollowsNoLinks() {
    let place = TempDirectory()
    place.makeDirectory("root/deep/er")
    place.write("elsewhere/.vscode/settings.json", "{}")
    symlink(place.path("elsewhere"), place.path("root/link"))
    var scanner = ProtectedScanner()
    func names() -> [String] {
      scanner.scan([place.path("root")]).paths.map { String($0.path.dropFirst(place.path.count + 6)) }
        .sorted()
    }
    #expect(names() == [])
    place.write("root/deep/er/.envrc", "x")
    #expect(names() == ["deep/er/.envrc"])
    place.write("root/.claude/x", "x")
    place.write("root/.claude/.vscode/x", "x")
    #expect(names() == [".claude", "deep/er/.envrc"])
    unlink(place.path("root/deep/er/.envrc"))
    symlink("/etc", place.path("root/.cursor"))
    #expect(names() == [".claude", ".cursor"])
    // One letter composed, one not: equal to Swift, two directories to the kernel.
    place.write("root/\u{E9}/.envrc", "x")
    place.write("root/e\u{301}/.envrc", "x")
    #expect(names().count == 4)
    #expect(scanner.scan([place.path("root")]).isComplete)
    let raw = Array(place.path("root/").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    mkdir(raw, 0o755)
    #expect(!scanner.scan([place.path("root")]).isComplete)
  }

  @Test("where the whole machine may be written, what the kernel makes up is not walked through")
  func scannerLeavesTheKernelAlone() {
    let place = TempDirectory()
    var scanner = ProtectedScanner()
    #expect(scanner.scan(["/proc"]).isComplete && scanner.directories == 0)
    #expect(scanner.scan(["/proc", place.path]).isComplete && scanner.directories == 1)
  }

  @Test func quarantineFollowsNoLinks() throws {
    let place = TempDirectory()
    place.write("mine/.vscode/settings.json", "precious")
    place.write("root/a/.vscode/settings.json", "new")
    var scanner = ProtectedScanner()
    let found = try #require(scanner.scan([place.path("root")]).paths.first)
    let quarantine = try Quarantine(place.path("quarantine"))
    // Between the look and the move a command puts a link in the parent's place, or another file.
    rename(place.path("root/a"), place.path("root/b"))
    symlink(place.path("mine"), place.path("root/a"))
    #expect(throws: SandboxError.self) { try quarantine.store(found) }
    unlink(place.path("root/a"))
    place.write("root/a/.vscode/settings.json", "another")
    #expect(throws: SandboxError.self) { try quarantine.store(found) }
    #expect(place.text("mine/.vscode/settings.json") == "precious")
    #expect(place.text("root/a/.vscode/settings.json") == "another")
  }

  @Test func restoreReplacesNothing() throws {
    let place = TempDirectory()
    place.write("root/.envrc", "new")
    var scanner = ProtectedScanner()
    let found = try #require(scanner.scan([place.path("root")]).paths.first)
    let stored = try Quarantine(place.path("quarantine")).store(found)
    place.write("root/.envrc", "the user's")
    #expect(throws: SandboxError.self) { try Quarantine.restore(stored, to: found.path) }
    #expect(place.text("root/.envrc") == "the user's")
    unlink(place.path("root/.envrc"))
    try Quarantine.restore(stored, to: found.path)
    #expect(place.text("root/.envrc") == "new")
  }
}
