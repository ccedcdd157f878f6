/// A rule that the user stored: commands that begin with these words may run without asking.
///
/// A rule approves and keeps the sandbox; leaving it is a bit of its own (S3), set only when the user answered a prompt
/// that said so. It is written as Codex writes it, one a line, with our bit behind:
/// `prefix_rule(pattern=["git", "push"], decision="allow", sandbox="off")`.
public struct PrefixRule: Hashable, Sendable {
  public enum Decision: String, Sendable { case allow, prompt, forbidden }

  public let pattern: [String]
  public let decision: Decision
  /// Whether the command may also run outside the sandbox when the model asks for that.
  public let leavesSandbox: Bool

  public init(pattern: [String], decision: Decision = .allow, leavesSandbox: Bool = false) {
    self.pattern = pattern
    self.decision = decision
    self.leavesSandbox = leavesSandbox
  }

  /// Whole words are compared, so a rule for `git` says nothing about `gitk`.
  func matches(_ words: [String]) -> Bool {
    !pattern.isEmpty && words.starts(with: pattern)
  }

  /// Programs that run whatever they are given: a rule of their name alone would allow everything (S4).
  static let tooBroadAlone: Set<String> = [
    "awk", "bash", "bun", "bunx", "bwrap", "cmake", "curl", "dash", "deno", "docker", "doas", "env", "eval",
    "exec",
    "find", "fish", "git", "kubectl", "lua", "make", "nice", "node", "nohup", "npm", "npx", "perl", "php",
    "pip", "pnpm",
    "podman", "python", "python3", "rm", "rsync", "ruby", "sed", "setsid", "sh", "source", "ssh", "stdbuf",
    "sudo", "tee",
    "timeout", "tclsh", "uv", "uvx", "wget", "xargs", "yarn", "zsh",
  ]

  /// Programs with subcommands, and those whose repetition with other arguments means no more than the first: not the
  /// ones that run what they are given (`npm run`, `git config`, `docker run`).
  private static let harmlessSubcommands: [String: Set<String>] = [
    "git": [
      "add", "branch", "checkout", "commit", "fetch", "log", "merge", "pull", "push", "restore", "show",
      "stash", "status", "switch", "tag",
    ],
    "swift": ["build", "test"], "cargo": ["build", "check", "clippy", "doc", "fmt", "test"],
    "go": ["build", "fmt", "mod", "test", "vet"], "dotnet": ["build", "restore", "test"],
    "npm": ["ci", "install", "test"], "pnpm": ["install", "test"], "yarn": ["install", "test"],
  ]

  /// The rules that a prompt may offer for these words, the narrowest last: program and subcommand, then the exact
  /// words (S4). Empty when no rule is safe to remember.
  static func offers(for words: [String]) -> [[String]] {
    guard let name = words.first else { return [] }
    let base = String(name.split(separator: "/").last ?? "")
    guard ["", "/usr/bin/", "/bin/"].contains(where: { $0 + base == name }) else { return [] }
    var offers: [[String]] = []
    if words.count > 2, harmlessSubcommands[base]?.contains(words[1]) == true {
      offers.append([name, words[1]])
    }
    if words.count > 1 || !tooBroadAlone.contains(base) { offers.append(words) }
    return offers
  }
}

extension PrefixRule {
  /// The line of a rules file.
  var line: String {
    let words = pattern.map { "\"" + Self.escape($0) + "\"" }.joined(separator: ", ")
    let sandbox = leavesSandbox ? ", sandbox=\"off\"" : ""
    return "prefix_rule(pattern=[\(words)], decision=\"\(decision.rawValue)\"\(sandbox))"
  }

  private static func escape(_ word: String) -> String {
    var text = ""
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// Reads a line of a rules file; nil for blanks, comments, and what is no rule of this simple form.
  init?(line: String) {
    var rest = Substring(line).drop { $0 == " " || $0 == "\t" }
    guard Self.take("prefix_rule(", from: &rest), Self.take("pattern=[", from: &rest) else { return nil }
    var words: [String] = []
    while let word = Self.takeString(from: &rest) {
      words.append(word)
      _ = Self.take(",", from: &rest)
    }
    guard Self.take("]", from: &rest) else { return nil }
    var decision = Decision.allow
    var leavesSandbox = false
    while Self.take(",", from: &rest) {
      if Self.take("decision=", from: &rest) {
        guard let named = Self.takeString(from: &rest).flatMap(Decision.init(rawValue:)) else { return nil }
        decision = named
      } else if Self.take("sandbox=", from: &rest) {
        leavesSandbox = Self.takeString(from: &rest) == "off"
      } else {
        return nil
      }
    }
    guard Self.take(")", from: &rest), !words.isEmpty else { return nil }
    self.init(pattern: words, decision: decision, leavesSandbox: leavesSandbox)
  }

  private static func take(_ text: String, from rest: inout Substring) -> Bool {
    rest = rest.drop { $0 == " " }
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  private static func takeString(from rest: inout Substring) -> String? {
    guard take("\"", from: &rest) else { return nil }
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "\\":
        guard let escaped = rest.popFirst() else { return nil }
        text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
      default: text.append(character)
      }
    }
    return nil
  }
}
