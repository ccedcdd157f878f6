import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// S6: what commands may not write inside their own workspace, and what they may.
@Suite struct ProtectedPathTests {
  private func repository() async throws -> Walls {
    let walls = try await Walls(.bubblewrap)
    try await walls.outside(
      "git init -q . && echo a > a && git add a && git -c user.name=t -c user.email=t commit -qm a")
    return walls
  }

  @Test("S6: hooks and config can't be written, a commit works")
  func s6_commitWorks() async throws {
    let walls = try await repository()
    let result = try await walls.run(
      """
      echo b > b && git add b && git commit -qm second && git log --oneline | wc -l
      git checkout -q -b branch && git gc -q && git stash list
      for f in .git/hooks/pre-commit .git/config; do (echo evil >> $f) 2>/dev/null && echo "WROTE $f"; done
      git config core.fsmonitor evil 2>/dev/null && echo CONFIGURED
      mv .git .git2 2>/dev/null && echo MOVED
      mv .git/hooks .git/h2 2>/dev/null && echo MOVED
      rm -rf .git 2>/dev/null && echo REMOVED; test -e .git/config && echo kept
      """)
    #expect(result.text == "2\nkept\n")
  }

  @Test("S6: rm -rf .git leaves hooks, config and the packs, from which the history comes back")
  func s6_packsStay() async throws {
    let walls = try await repository()
    try await walls.outside("git gc -q && git rev-parse HEAD > ../head")
    let work = try await walls.run(
      "echo b > b && git add b && git commit -qm second && git gc -q --prune=now && git log --oneline | wc -l"
    )
    #expect(work.text == "2\n" && work.status.isSuccess)
    let removed = try await walls.run("rm -rf .git 2>/dev/null; ls .git .git/objects/pack | grep -v idx")
    #expect(
      removed.text.contains("config") && removed.text.contains("hooks") && removed.text.contains(".pack"))
    try await walls.outside(
      """
      git init -q . && for p in .git/objects/pack/*.pack; do git index-pack "$p" >/dev/null; done
      git reset -q --hard $(cat ../head) && grep -q a a && git fsck --strict 2>/dev/null
      """)
  }

  @Test("S6: at any depth, and nothing is left behind")
  func s6_anyDepth() async throws {
    let walls = try await repository()
    let paths = [
      ".codex/config.toml", ".agents/x", ".stet/x", ".claude/settings.json", ".cursor/x",
      "deep/er/.vscode/tasks.json",
      "sub/.envrc", "AGENTS.md", "AGENTS.override.md", "deep/CLAUDE.md",
    ]
    for path in paths { walls.place.write("work/\(path)", "old") }
    try await walls.outside("git init -q vendor/x")
    let before = try await Shell.output(Shell.command("find . | sort", cwd: walls.root))
    let targets = paths + ["vendor/x/.git/hooks/post-checkout", "vendor/x/.git/config"]
    let result = try await walls.run(
      "for f in \(targets.joined(separator: " ")); do (echo evil >> $f) 2>/dev/null && echo \"WROTE $f\"; rm -f $f 2>/dev/null && echo \"REMOVED $f\"; done; true"
    )
    // A hook that is not there can't be removed, so `rm -f` of it is content.
    #expect(result.text == "REMOVED vendor/x/.git/hooks/post-checkout\n")
    for path in paths { #expect(walls.place.text("work/\(path)") == "old") }
    #expect(try await Shell.output(Shell.command("find . | sort", cwd: walls.root)) == before)
  }

  @Test("S6: a submodule's and a work tree's directories are protected")
  func s6_gitDirectories() async throws {
    let walls = try await repository()
    try await walls.outside(
      """
      git init -q ../origin && git -C ../origin -c user.name=t -c user.email=t commit -q --allow-empty -m o
      git -c protocol.file.allow=always submodule --quiet add ../origin lib/mod
      git worktree add -q ../work/tree
      """)
    let result = try await walls.run(
      """
      for f in .git/modules/lib/mod/config .git/modules/lib/mod/hooks/x .git/worktrees/tree/commondir lib/mod/.git tree/.git; do
        (echo evil >> $f) 2>/dev/null && echo "WROTE $f"
      done
      cd lib/mod && git commit -q --allow-empty -m inside && git log --oneline | wc -l
      """)
    #expect(result.text == "2\n")
  }

  @Test("S6: what a command newly made is quarantined, and comes back when the user wants it")
  func s6_quarantine() async throws {
    let walls = try await repository()
    walls.place.write("work/.vscode/settings.json", "{}")
    let launch = try await walls.launch()
    let script = """
      mkdir -p .claude new/.cursor && echo evil > .claude/settings.json && echo evil > new/.envrc
      echo 'do this' > AGENTS.override.md; mkdir -p plain && echo x > plain/file
      echo /elsewhere > .git/commondir
      """
    #expect(try await Shell.run(walls.command(script, launch)).status.isSuccess)
    let moved = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
    let root = walls.root
    #expect(
      Set(moved.map(\.original)) == [
        "\(root)/.claude", "\(root)/new/.cursor", "\(root)/new/.envrc", "\(root)/AGENTS.override.md",
        "\(root)/.git/commondir",
      ])
    #expect(moved.allSatisfy { $0.problem == nil && $0.stored?.hasPrefix(walls.quarantine) == true })
    #expect(moved.first { $0.original.hasSuffix("AGENTS.override.md") }?.kind == .instructions)
    #expect(!walls.place.exists("work/.claude"))
    #expect(!walls.place.exists("work/.git/commondir"))
    #expect(walls.place.exists("work/plain/file"))
    #expect(walls.place.exists("work/.vscode/settings.json"))
    let claude = try #require(moved.first { $0.original.hasSuffix(".claude") })
    try await walls.sandbox.restore(claude)
    #expect(walls.place.text("work/.claude/settings.json") == "evil\n")
    #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
    // The next command finds it and may not write it.
    #expect(
      try await walls.run("echo x > .claude/settings.json 2>/dev/null || echo denied").text.contains("denied")
    )
  }

  @Test("S6: a replaced parent does not pass for the old one")
  func s6_movedParent() async throws {
    let walls = try await Walls(.bubblewrap)
    walls.place.write("work/vendor/x/.claude/settings.json", "old")
    let launch = try await walls.launch()
    let script =
      "mv vendor/x vendor/y && mkdir -p vendor/x/.claude && echo evil > vendor/x/.claude/settings.json"
    #expect(try await Shell.run(walls.command(script, launch)).status.isSuccess)
    let moved = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
    #expect(moved.map(\.original) == ["\(walls.root)/vendor/x/.claude"])
    #expect(walls.place.text("work/vendor/y/.claude/settings.json") == "old")
  }

  @Test("S6: making a plain repository is no question, one with a hook is")
  func s6_harmlessRepository() async throws {
    let walls = try await Walls(.bubblewrap)
    let launch = try await walls.launch()
    let script =
      "git init -q fresh && cd fresh && git commit -q --allow-empty -m x && git remote add origin https://example.com/x"
    #expect(try await Shell.run(walls.command(script, launch)).status.isSuccess)
    #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
    let again = try await walls.launch()
    let evil =
      "git init -q evil && echo x > evil/.git/hooks/pre-commit && git init -q two && git -C two config core.pager evil"
    #expect(try await Shell.run(walls.command(evil, again)).status.isSuccess)
    let moved = try await walls.sandbox.sweep([again], quarantine: walls.quarantine)
    #expect(Set(moved.map(\.original)) == ["\(walls.root)/evil/.git/hooks", "\(walls.root)/two/.git/config"])
  }

  @Test("S6: a bare repository is one too, however it is named")
  func s6_bareRepository() async throws {
    let walls = try await Walls(.bubblewrap)
    try await walls.outside("git init -q --bare store")
    let launch = try await walls.launch()
    let script = """
      (echo evil >> store/config) 2>/dev/null && echo WROTE; (echo evil > store/hooks/x) 2>/dev/null && echo WROTE
      git clone -q --bare store plain && git clone -q --mirror store mirror
      mkdir -p docs/objects docs/refs; echo 'ref: refs/heads/main' > docs/HEAD
      printf '[core]\n\tbare = true\n\tfsmonitor = evil\n' > docs/config; echo done
      """
    #expect(try await Shell.run(walls.command(script, launch)).text.hasSuffix("done\n"))
    #expect(walls.place.text("work/store/config")?.contains("evil") == false)
    #expect(!walls.place.exists("work/store/hooks/x"))
    let moved = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
    #expect(moved.map(\.original) == ["\(walls.root)/docs/config"])
  }

  @Test func quarantineWorksAcrossFileSystems() async throws {
    let walls = try await Walls(.bubblewrap)
    let other = TempDirectory("quarantine", in: "/dev/shm")
    let launch = try await walls.launch()
    _ = try await Shell.run(
      walls.command("mkdir -p .claude/sub && echo x > .claude/sub/f && ln -s /etc/passwd .claude/l", launch))
    let moved = try await walls.sandbox.sweep([launch], quarantine: other.path("q"))
    let stored = try #require(moved.first?.stored)
    #expect(moved.count == 1)
    #expect(!walls.place.exists("work/.claude"))
    #expect(Directory.names(stored).sorted() == ["l", "sub"])
    try await walls.sandbox.restore(try #require(moved.first))
    #expect(walls.place.text("work/.claude/sub/f") == "x\n")
  }

  @Test("S6: what is written with consent while a command runs stays, before and after it is accepted")
  func s6_written() async throws {
    for mechanism in SandboxTests.both {
      let walls = try await Walls(mechanism)
      walls.place.write("work/.claude/settings.json", "old")
      let launch = try await walls.launch()
      let places = [".claude", "AGENTS.md", "failed", ".envrc"].map { "\(walls.root)/\($0)" }
      await walls.sandbox.expect(places)
      walls.place.write("work/.claude/settings.json", "wanted")
      walls.place.write("work/AGENTS.md", "wanted")
      #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
      await walls.sandbox.accept(Array(places.dropLast(2)))
      await walls.sandbox.forget(Array(places.suffix(2)))
      #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
      walls.place.write("work/.envrc", "evil")
      // Accepted is what lay there, not what comes later.
      if mechanism == .landlock { walls.place.write("work/.claude/settings.json", "evil and longer") }
      let found = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
      let expected = mechanism == .landlock ? [".claude", ".envrc"] : [".envrc"]
      #expect(found.map(\.original) == expected.map { "\(walls.root)/\($0)" })
      #expect(walls.place.text("work/AGENTS.md") == "wanted")
    }
  }

  @Test("S6: without read-only binds a change is at least seen")
  func s6_landlockChange() async throws {
    let walls = try await Walls(.landlock)
    walls.place.write("work/.claude/settings.json", "old")
    walls.place.write("work/.envrc", "old")
    let launch = try await walls.launch()
    _ = try await Shell.run(walls.command("echo evil > .claude/settings.json; mkdir .cursor", launch))
    let found = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
    #expect(found.map(\.original) == ["\(walls.root)/.claude", "\(walls.root)/.cursor"])
    #expect(found.map { $0.stored == nil } == [true, false])
    try await walls.sandbox.restore(try #require(found.first))
    #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
  }

  @Test("S6: each change that a command makes to what was there is told once, and none is taken for agreed")
  func s6_landlockChangedTwice() async throws {
    let walls = try await Walls(.landlock)
    walls.place.write("work/.claude/settings.json", "old")
    walls.place.write("work/AGENTS.md", "old")
    for round in 1...2 {
      let launch = try await walls.launch()
      _ = try await Shell.run(walls.command("echo evil \(round) >> .claude/settings.json", launch))
      let found = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
      #expect(found.map(\.original) == ["\(walls.root)/.claude"])
      #expect(found.first?.problem == "was changed by a command; Landlock can't prevent that")
      #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
    }
    #expect(await walls.sandbox.accepted.isEmpty)
    let launch = try await walls.launch()
    _ = try await Shell.run(walls.command("rm AGENTS.md", launch))
    let gone = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
    #expect(gone.map(\.original) == ["\(walls.root)/AGENTS.md"])
    #expect(gone.first?.problem?.contains("was removed") == true)
    #expect(try await walls.sandbox.sweep([launch], quarantine: walls.quarantine).isEmpty)
  }

  @Test("S6: hooks and configuration are protected where the repository's configuration says that they lie")
  func s6_redirectedHooks() async throws {
    let walls = try await repository()
    walls.place.write("work/.husky/pre-commit", "old")
    walls.place.write("work/.husky/_/pre-commit", "old")
    walls.place.write("work/shared.gitconfig", "[core]\n\thooksPath = more-hooks # theirs\n")
    try await walls.outside(
      "git config core.hooksPath .husky/_ && git config include.path ../shared.gitconfig && git worktree add -q tree"
    )
    let result = try await walls.run(
      """
      for f in .husky/pre-commit .husky/_/pre-commit shared.gitconfig; do
        (echo evil >> $f) 2>/dev/null && echo "WROTE $f"
      done
      mv .husky elsewhere 2>/dev/null && echo MOVED; echo done
      """)
    #expect(result.text == "done\n")
    // What is not there yet is found afterwards.
    let launch = try await walls.launch()
    _ = try await Shell.run(
      walls.command("mkdir more-hooks; echo evil > more-hooks/post-commit; mkdir other-hooks", launch))
    let moved = try await walls.sandbox.sweep([launch], quarantine: walls.quarantine)
    #expect(moved.map(\.original) == ["\(walls.root)/more-hooks"])
    #expect(walls.place.exists("work/other-hooks"))
  }

  @Test func configurationsOfGitAreReadAsGitReadsThem() {
    let text = """
      [core] hooksPath = "a b" ; not this
      [Include]
      \tPATH=x\\y
      [includeIf "gitdir:~/]x/"] # comment
        path = one\\
      two
      [a "core"]
      hooksPath = no
      """
    let found = GitRedirects.settings(in: text).map { "\($0.key)=\($0.value)" }
    #expect(found == ["core.hookspath=a b", "include.path=xy", "includeif.path=onetwo", "a.hookspath=no"])
  }

  @Test func moreCanBeProtected() async throws {
    let walls = try await Walls(.bubblewrap)
    walls.place.write("work/state/file", "old")
    let launch = try await walls.launch(protectedPaths: [walls.place.path("work/state")])
    _ = try await Shell.run(walls.command("echo new > state/file", launch))
    #expect(walls.place.text("work/state/file") == "old")
  }
}
