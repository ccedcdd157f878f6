import CPlatform
import Glibc

/// Tells the `hooks` and `config` that every `git init` and `git clone` writes from ones that make git run something,
/// so that making a repository is no question to the user. What it does not know is not harmless.
enum HarmlessGit {
  /// Larger than any configuration that `git clone` writes.
  private static let configLimit = 16 << 10

  static func isHarmless(_ path: String) -> Bool {
    if path.hasSuffix("/hooks") { return hasOnlySamples(path) }
    if path.hasSuffix("/config") { return read(path).map(isHarmlessConfig) ?? false }
    return false
  }

  /// git runs no hook that ends in `.sample`.
  private static func hasOnlySamples(_ path: String) -> Bool {
    var status = stet_file_status()
    guard stet_status(AT_FDCWD, path, &status) == 0, mode_t(status.mode) & S_IFMT == S_IFDIR else {
      return false
    }
    return Directory.names(path).allSatisfy { $0.hasSuffix(".sample") }
  }

  private static func read(_ path: String) -> String? {
    let fd = stet_open_nofollow(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0)
    guard fd >= 0 else { return nil }
    let file = Descriptor(fd)
    var buffer = [UInt8](repeating: 0, count: configLimit + 1)
    let count = file.withNumber { Glibc.read($0, &buffer, buffer.count) }
    guard count >= 0, count <= configLimit else { return nil }
    return String(validating: buffer[..<count], as: UTF8.self)
  }

  private static let keys: [String: Set<String>] = [
    "core": [
      "repositoryformatversion", "filemode", "bare", "logallrefupdates", "ignorecase", "precomposeunicode",
      "symlinks",
    ],
    "remote": ["url", "fetch", "mirror", "tagopt"],
    "branch": ["remote", "merge", "rebase"],
    "user": ["name", "email"],
    "extensions": ["objectformat"],
    "submodule": ["url", "active"],
  ]

  /// Only plain lines `[section "name"]` and `key = value` with known keys; no quotes, escapes or comments in values.
  static func isHarmlessConfig(_ text: String) -> Bool {
    // Only then is a Swift character what git sees as one, and a line ends where git ends it.
    guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 9 || $0 == 10 }) else { return false }
    var known: Set<String> = []
    for raw in text.split(separator: "\n") {
      let line = raw.drop { $0 == " " || $0 == "\t" }
      if line.isEmpty { continue }
      if line.hasPrefix("[") {
        guard let section = section(line), let sectionKeys = keys[section] else { return false }
        known = sectionKeys
      } else {
        guard let equals = line.firstIndex(of: "=") else { return false }
        let key = line[..<equals].filter { $0 != " " && $0 != "\t" }.lowercased()
        guard known.contains(key), isPlain(line[line.index(after: equals)...], isURL: key == "url") else {
          return false
        }
      }
    }
    return true
  }

  /// `[core]` or `[remote "origin"]`, nothing after it.
  private static func section(_ line: Substring) -> String? {
    guard line.hasSuffix("]") else { return nil }
    let parts = line.dropFirst().dropLast().split(separator: " ", maxSplits: 1)
    guard let name = parts.first, name.utf8.allSatisfy({ isLetter($0) }) else { return nil }
    if parts.count == 2 {
      let quoted = parts[1]
      guard quoted.count >= 2, quoted.hasPrefix("\""), quoted.hasSuffix("\""),
        isPlain(quoted.dropFirst().dropLast(), isURL: false)
      else { return nil }
    }
    return name.lowercased()
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// `ext::` and its like run programs, and `-` at the start would be an option.
  private static func isPlain(_ value: Substring, isURL: Bool) -> Bool {
    let special: Set<Character> = ["\"", "\\", "#", ";", "[", "]"]
    guard value.allSatisfy({ !special.contains($0) }) else { return false }
    let trimmed = value.drop { $0 == " " || $0 == "\t" }
    return !isURL || !trimmed.hasPrefix("-") && !trimmed.contains("::")
  }
}
