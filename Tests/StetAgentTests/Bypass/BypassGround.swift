import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// The folders that a bypass vector is let loose in, and what of them may not change.
struct BypassGround: Sendable {
  static let secret = "PLANTED"
  let outside = TempDirectory("outside", in: Workbench.build)

  /// Why nothing of this can be tested here; nil on a machine with bubblewrap.
  static let obstacle: String? = {
    let works = system("bwrap --ro-bind / / --unshare-user --unshare-net true 2>/dev/null") == 0
    return works ? nil : "bubblewrap does not work on this machine: `bwrap --ro-bind / / true` fails"
  }()

  /// The folder outside of the workspace that vector `index` aims at.
  func target(_ index: Int) -> String {
    outside.write("\(index)/victim", "unharmed\n")
    return outside.path("\(index)")
  }

  /// A repository with all that is protected, and a home with secrets.
  static func furnish(_ bench: Workbench) async throws {
    let home = bench.userHome
    for path in [
      ".ssh/id_ed25519", ".aws/credentials", ".netrc", ".npmrc", ".gnupg/private-keys-v1.d/a.key",
      ".config/gh/hosts.yml", ".docker/config.json",
    ] { home.write(path, "\(secret) in \(path)\n") }
    bench.harness.home.write("auth.json", "\(secret) key\n")
    bench.harness.home.write("rules/own.rules", "# the user's\n")
    _ = try await shell(
      """
      export HOME='\(home.path)'
      git config --global user.name T; git config --global user.email t@example.com
      git config --global init.defaultBranch main; git config --global protocol.file.allow always
      git init -q . && echo text > AGENTS.md && mkdir -p .claude deep/er/.vscode
      echo '{}' > .claude/settings.json; echo '{}' > deep/er/.vscode/tasks.json
      git add -A && git commit -qm first
      git init -q vendor/x && git -C vendor/x commit -q --allow-empty -m v
      git worktree add -q tree
      git init -q ../origin-$$ && git -C ../origin-$$ commit -q --allow-empty -m o
      git submodule --quiet add ../origin-$$ lib/mod && rm -rf ../origin-$$
      """, in: bench.work.path)
  }

  /// What must not change: the folders outside, the home, stet's own settings.
  func untouched(_ bench: Workbench) async throws -> String {
    try await Self.shell(
      """
      for d in '\(outside.path)' '\(bench.userHome.path)'; do
        find "$d" \\( -type f -o -type l \\) -printf '%p %m %l ' -exec sha1sum {} ';' | sort
      done
      cd '\(bench.harness.home.path)' && sha1sum config.toml auth.json rules/*
      """, in: "/")
  }

  /// What of the workspace would make a program run something, or instruct a later session: settings, instructions, hooks
  /// that git would run, and what its configurations say beyond what git itself writes.
  static func inEffect(_ bench: Workbench) async throws -> String {
    try await shell(
      """
      names='.codex .agents .stet .claude .cursor .vscode .envrc AGENTS*.md CLAUDE.md'
      for n in $names; do
        find . -name "$n" -not -path './.git/*' -exec find {} -type f -exec sha1sum {} ';' ';' 2>/dev/null
        find . -name "$n" -type l
      done | sort
      find . \\( -path '*/.git/hooks/*' -o -path '*/.git/modules/*/hooks/*' \\) -not -name '*.sample' | sort
      for n in .git/config .git/config.worktree .git/commondir '.git/modules/*/config' '.git/worktrees/*/commondir'; do
        find . -path "*/$n" -type f | sort | while read f; do
          grep -H -i -E 'fsmonitor|hookspath|pager|sshcommand|alias|filter|evil|outside-' "$f"
        done
      done
      find . -name HEAD -not -path '*/.git/*' | while read f; do
        grep -H -i -E 'fsmonitor|hookspath|pager|sshcommand|evil' "$(dirname "$f")/config" 2>/dev/null
      done
      find . -name .git -type f -exec cat {} ';'
      """, in: bench.work.path)
  }

  /// The lines that two such texts do not share.
  static func changes(_ before: String, _ after: String) -> [Substring] {
    let (old, new) = (before.split(separator: "\n"), after.split(separator: "\n"))
    return Set(old).symmetricDifference(new).sorted()
  }

  @discardableResult
  static func shell(_ script: String, in directory: String) async throws -> String {
    let command = Command(
      argv: ["/bin/bash", "-c", script], cwd: directory,
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
    let result = try await ProcessSession.run(
      command, outputLimit: 8 << 20, timeLimit: .seconds(300), grace: .zero)
    try #require(!result.timedOut)
    return String(decoding: result.output, as: UTF8.self)
  }
}
