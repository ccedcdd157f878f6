import FoundationEssentials
import Glibc
import Synchronization

/// The rules that the user stored, read from `<home>/rules/*.rules`; a repository can't add any. Safe from any thread.
final class RuleBook: Sendable {
  /// More than this in one folder is no rule book; the rest is left unread and said so.
  static let ruleLimit = 5_000

  private let directory: String
  private let rules: Mutex<[PrefixRule]>
  /// Lines that are no rules of ours, and files that could not be read: for a warning.
  let notices: [String]

  /// - Parameter directory: the folder of rules files; it need not exist.
  init(directory: String) {
    self.directory = directory
    var rules: [PrefixRule] = []
    var notices: [String] = []
    let names: [String]
    if FileManager.default.fileExists(atPath: directory) {
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: directory)
      } catch {
        names = []
        notices.append("The rules in \(directory) could not be read: \(error)")
      }
    } else {
      names = []
    }
    for name in names.sorted() where name.hasSuffix(".rules") {
      do {
        let text = try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
        rules += Self.parse(text, file: name, notices: &notices)
      } catch {
        notices.append("\(directory)/\(name) could not be read; its rules do not apply: \(error)")
      }
    }
    if rules.count > Self.ruleLimit {
      notices.append("Only the first \(Self.ruleLimit) rules of \(directory) apply.")
      rules = Array(rules.prefix(Self.ruleLimit))
    }
    self.rules = Mutex(rules)
    self.notices = notices
  }

  private static func parse(_ text: String, file: String, notices: inout [String]) -> [PrefixRule] {
    var rules: [PrefixRule] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      if let rule = PrefixRule(line: String(line)) {
        rules.append(rule)
      } else {
        notices.append("\(file):\(index + 1) is no rule that stet reads; it does not apply.")
      }
    }
    return rules
  }

  /// What the rules say of a whole script: allowed only when each of its commands is; the strictest rule wins. Nil when
  /// no rule speaks.
  func ruling(on script: ShellScript) -> Ruling? {
    guard script.opaqueReason == nil, !script.commands.isEmpty else { return nil }
    let rules = rules.withLock { $0 }
    let matching = script.commands.map { words in rules.filter { $0.matches(words) } }
    let all = matching.flatMap { $0 }
    if all.contains(where: { $0.decision == .forbidden }) { return .forbidden }
    if all.contains(where: { $0.decision == .prompt }) { return .prompt }
    guard matching.allSatisfy({ !$0.isEmpty }) else { return nil }
    return .allow(outsideSandbox: matching.allSatisfy { $0.contains { $0.leavesSandbox } })
  }

  /// Stores a rule, for this process at once and in `default.rules` for the next; throws when the file can't be
  /// written.
  func remember(_ rule: PrefixRule) throws {
    rules.withLock { $0.append(rule) }
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = directory + "/default.rules"
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw RuleBookError(path: path, errorNumber: errno) }
    defer { close(file) }
    let bytes = Array((rule.line + "\n").utf8)
    guard write(file, bytes, bytes.count) == bytes.count else {
      throw RuleBookError(path: path, errorNumber: errno)
    }
  }
}

/// What the stored rules say of one script.
enum Ruling: Hashable, Sendable {
  case allow(outsideSandbox: Bool)
  case prompt
  case forbidden
}

struct RuleBookError: Error, CustomStringConvertible {
  let path: String
  let errorNumber: Int32
  var description: String { "\(path): \(String(cString: strerror(errorNumber)))" }
}
