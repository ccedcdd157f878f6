import FoundationEssentials
import Glibc
import StetProcess
import StetStore
import Synchronization

/// The rules that the user stored, read from `<home>/rules/*.rules`; a repository can't add any. Safe from any thread.
///
/// The files are looked at before each use, so that a rule which another stet or an editor took away no longer holds.
final class RuleBook: Sendable {
  /// More than this in one folder is no rule book; the rest is left unread and said so.
  static let ruleLimit = 5_000
  /// Bytes of one file: room for as many rules.
  static let fileLimit = 1 << 20

  /// A rule and where it stands.
  struct Entry: Hashable, Sendable {
    let rule: PrefixRule
    /// The name of its file.
    let file: String
    /// The line as it stands there.
    let line: String
  }

  /// A rule about a host and where it stands.
  struct HostEntry: Hashable, Sendable {
    let rule: HostRule
    let file: String
    let line: String
  }

  private struct State {
    var stamp: [FileStamp] = []
    var entries: [Entry] = []
    var hosts: [HostEntry] = []
    var notices: [String] = []
  }

  private struct FileStamp: Hashable {
    let name: String
    let inode: UInt64
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private let directory: String
  private let state: Mutex<State>

  /// - Parameter directory: the folder of rules files; it need not exist.
  init(directory: String) {
    self.directory = directory
    state = Mutex(Self.load(directory))
  }

  /// All rules as the files are now.
  var entries: [Entry] { current.entries }
  /// Those about hosts.
  var hosts: [HostEntry] { current.hosts }

  /// Lines that are no rules of ours, and files that could not be read: for a warning.
  var notices: [String] { current.notices }

  private var current: State {
    state.withLock { state in
      let (stamp, _) = Self.stamp(directory)
      if stamp != state.stamp { state = Self.load(directory) }
      return state
    }
  }

  // MARK: - Reading

  private static func stamp(_ directory: String) -> (stamps: [FileStamp], problem: String?) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      let isThere = FileManager.default.fileExists(atPath: directory)
      return ([], isThere ? "The rules in \(directory) could not be read: \(error)" : nil)
    }
    return (
      names.filter { $0.hasSuffix(".rules") }.sorted().map { name in
        var status = stat()
        _ = stat(directory + "/" + name, &status)
        return FileStamp(
          name: name, inode: UInt64(status.st_ino), size: Int(status.st_size),
          seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
      }, nil
    )
  }

  private static func load(_ directory: String) -> State {
    let (stamp, problem) = stamp(directory)
    var state = State(stamp: stamp, notices: [problem].compactMap { $0 })
    for file in stamp {
      switch CappedFile.read(directory + "/" + file.name, limit: fileLimit) {
      case .missing: break
      case .unreadable(let why):
        state.notices.append("\(directory)/\(file.name) could not be read; its rules do not apply: \(why)")
      case .bytes(let bytes): parse(bytes, file: file.name, into: &state)
      }
    }
    if state.hosts.count > ruleLimit {
      state.notices.append("Only the first \(ruleLimit) rules about hosts of \(directory) apply.")
      state.hosts = Array(state.hosts.prefix(ruleLimit))
    }
    if state.entries.count > ruleLimit {
      state.notices.append("Only the first \(ruleLimit) rules of \(directory) apply.")
      state.entries = Array(state.entries.prefix(ruleLimit))
    }
    return state
  }

  private static func parse(_ bytes: [UInt8], file: String, into state: inout State) {
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let line = String(decoding: line, as: UTF8.self)
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      if let rule = PrefixRule(line: line) {
        state.entries.append(Entry(rule: rule, file: file, line: line))
      } else if let rule = HostRule(line: line) {
        state.hosts.append(HostEntry(rule: rule, file: file, line: line))
      } else {
        state.notices.append("\(file):\(index + 1) is no rule that stet reads; it does not apply.")
      }
    }
  }

  // MARK: - Ruling

  /// What the rules say of each command of a script; empty for one that can't be taken apart.
  ///
  /// - Parameters:
  ///   - cwd: real path of the directory it would run in.
  ///   - extra: rules beside the stored ones, those of the thread.
  func rulings(on script: ShellScript, cwd: String, extra: [PrefixRule] = []) -> [Ruling?] {
    let rules = entries.map(\.rule) + extra
    let today = CalendarDay.today()
    return zip(script.commands, ScriptPlaces.of(script, cwd: cwd)).map { words, places in
      let matching = rules.filter { $0.speaks(of: words, in: places, today: today) }
      if matching.contains(where: { $0.decision == .forbidden }) { return .forbidden }
      if matching.contains(where: { $0.decision == .prompt }) { return .prompt }
      guard !matching.isEmpty else { return nil }
      // With a pattern in it the words are not yet what runs.
      let leaves = matching.contains { $0.leavesSandbox && $0.isExact } && !script.hasPatterns
      return .allow(outsideSandbox: leaves)
    }
  }

  /// What the rules say of a whole script: allowed only when each of its commands is; the strictest rule wins. Nil when
  /// no rule speaks.
  func ruling(on script: ShellScript, cwd: String, extra: [PrefixRule] = []) -> Ruling? {
    Ruling.whole(rulings(on: script, cwd: cwd, extra: extra))
  }

  /// Whether commands in `cwd` (a real path) may reach a host; nil when no rule speaks. One that denies wins.
  func allows(_ target: NetworkTarget, cwd: String, extra: [HostRule]) -> Bool? {
    let today = CalendarDay.today()
    let matching = (hosts.map(\.rule) + extra).filter { $0.speaks(of: target, cwd: cwd, today: today) }
    return matching.isEmpty ? nil : matching.allSatisfy(\.isAllowed)
  }

  // MARK: - Writing

  /// Stores rules for good, in `default.rules`; throws when the file can't be written, and then they do not hold.
  func remember(_ rules: [PrefixRule]) throws {
    let known = Set(entries.filter { $0.file == Self.ownFile }.map(\.rule))
    try append(rules.filter { !known.contains($0) }.map(\.line))
  }

  /// The same for a rule about a host.
  func remember(_ rule: HostRule) throws {
    guard !hosts.contains(where: { $0.file == Self.ownFile && $0.rule == rule }) else { return }
    try append([rule.line])
  }

  private static let ownFile = "default.rules"

  private func append(_ lines: [String]) throws {
    guard !lines.isEmpty else { return }
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = directory + "/" + Self.ownFile
    let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw RuleBookError(path: path, reason: Self.reason()) }
    defer { close(file) }
    // Whoever wrote by hand may have left the last line open.
    var last: UInt8 = 0x0A
    let end = lseek(file, 0, SEEK_END)
    if end > 0 { _ = pread(file, &last, 1, end - 1) }
    let bytes = Array(((last == 0x0A ? "" : "\n") + lines.map { $0 + "\n" }.joined()).utf8)
    guard write(file, bytes, bytes.count) == bytes.count else {
      throw RuleBookError(path: path, reason: Self.reason())
    }
  }

  /// Takes a rule away: every line that says just this, and nothing else of its file.
  func revoke(_ entry: Entry) throws { try remove(entry.line, from: entry.file) }

  func revoke(_ entry: HostEntry) throws { try remove(entry.line, from: entry.file) }

  private func remove(_ line: String, from file: String) throws {
    let path = RealPath.of(directory + "/" + file)
    guard case .bytes(let bytes) = CappedFile.read(path, limit: Self.fileLimit) else {
      throw RuleBookError(path: path, reason: "it can't be read")
    }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let kept = lines.filter { !$0.elementsEqual(line.utf8) }
    guard kept.count < lines.count else { throw RuleBookError(path: path, reason: "the rule is not there") }
    try AtomicFile.write(Array(kept.joined(separator: [0x0A])), to: path)
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// What the stored rules say of one command or one script.
enum Ruling: Hashable, Sendable {
  /// - Parameter outsideSandbox: it also may run without walls: exactly these words were allowed that.
  case allow(outsideSandbox: Bool)
  case prompt
  case forbidden

  /// The whole of the parts: the strictest, and no more than each allows.
  static func whole(_ parts: [Ruling?]) -> Ruling? {
    if parts.contains(.forbidden) { return .forbidden }
    if parts.contains(.prompt) { return .prompt }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    return .allow(outsideSandbox: parts.allSatisfy { $0 == .allow(outsideSandbox: true) })
  }
}

struct RuleBookError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason)" }
}
