/// Rules that a prompt may offer to remember: one for each part of the script that no rule covers yet (S4).
struct RuleOffer: Hashable, Sendable {
  let rules: [PrefixRule]

  /// As the user reads it before it is stored.
  var text: String { rules.map(\.text).joined(separator: "  +  ") }

  /// The widest first: program and subcommand where that is no more than the command itself, then the exact words.
  /// Empty where no rule is safe to remember.
  ///
  /// - Parameters:
  ///   - parts: the parts of the script that need consent.
  ///   - outside: it would run without a sandbox; only exact words may ever do that again (S1).
  static func offers(for parts: [[String]], outside: Bool) -> [RuleOffer] {
    guard !parts.isEmpty else { return [] }
    let shapes = outside ? [] : parts.compactMap(shape)
    let exacts = parts.compactMap { exact($0, outside: outside) }
    return [shapes, exacts].filter { $0.count == parts.count }.map { RuleOffer(rules: unique($0)) }
  }

  private static func unique(_ rules: [PrefixRule]) -> [PrefixRule] {
    var seen: Set<PrefixRule> = []
    return rules.filter { seen.insert($0).inserted }
  }

  /// Programs that only look, or only print: whatever follows, it stays inside the sandbox. Not those that can be told
  /// to run another (`rg --pre`, `find -exec`, `sort --compress-program`) or to write a file (`uniq IN OUT`, `tree -o`).
  private static let looking: Set<String> = [
    "basename", "cat", "cd", "cmp", "cut", "date", "diff", "dirname", "du", "echo", "false", "grep",
    "head", "ls", "nl", "printf", "pwd", "realpath", "stat", "tail", "test", "tr", "true", "wc", "which",
  ]

  /// Programs with subcommands, and those whose repetition with other arguments means no more than the first: not the
  /// ones that run what they are given (`npm run`, `git config`, `git fetch --upload-pack=COMMAND`, `docker run`).
  private static let harmlessSubcommands: [String: Set<String>] = [
    "git": [
      "add", "branch", "checkout", "commit", "log", "merge", "restore", "show", "stash", "status", "switch",
      "tag",
    ],
    "swift": ["build", "test"], "cargo": ["build", "check", "clippy", "doc", "fmt", "test"],
    "go": ["build", "fmt", "mod", "test", "vet"], "dotnet": ["build", "restore", "test"],
    "npm": ["ci", "install", "test"], "pnpm": ["install", "test"], "yarn": ["install", "test"],
  ]

  private static func shape(_ words: [String]) -> PrefixRule? {
    guard let (name, base) = program(words) else { return nil }
    if looking.contains(base) { return PrefixRule(pattern: [name]) }
    guard words.count > 1, harmlessSubcommands[base]?.contains(words[1]) == true else { return nil }
    return PrefixRule(pattern: [name, words[1]])
  }

  private static func exact(_ words: [String], outside: Bool) -> PrefixRule? {
    program(words).map { _ in PrefixRule(pattern: words, isExact: true, leavesSandbox: outside) }
  }

  /// The program of a command that is found in the system's own folders, with its bare name.
  private static func program(_ words: [String]) -> (name: String, base: String)? {
    guard let name = words.first else { return nil }
    let base = String(name.split(separator: "/").last ?? "")
    return ["", "/usr/bin/", "/bin/"].contains { $0 + base == name } ? (name, base) : nil
  }
}
