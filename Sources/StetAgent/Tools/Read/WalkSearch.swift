import Glibc
import StetProtocol
import StetWorkspace

/// Searches without ripgrep: the workspace's walk and POSIX extended regular expressions.
struct WalkSearch: Sendable {
  /// A file beyond this is data, not source.
  static let sizeLimit = 4 << 20
  /// Bytes of a line that are matched: the running time of an expression is its own affair. Longer lines are data.
  static let lineLimit = 64 << 10
  /// A thread of its own: edits must not wait for a search.
  private static let thread = WorkspaceThread()

  private let query: SearchQuery
  private let policy: ReadPolicy
  private let settings: TurnSettings

  init(_ query: SearchQuery, _ policy: ReadPolicy, _ settings: TurnSettings) {
    self.query = query
    self.policy = policy
    self.settings = settings
  }

  /// - Parameter target: a real path; of a directory, or of one file.
  func search(in target: String, isDirectory: Bool) async throws -> ToolOutput {
    let deadline = ContinuousClock.now + SearchTool.timeLimit
    return try await Self.thread.run { try scan(target, isDirectory, until: deadline) }
  }

  private func scan(
    _ target: String, _ isDirectory: Bool, until deadline: ContinuousClock.Instant
  ) throws -> ToolOutput {
    let locale = UTF8Locale()
    defer { locale.end() }
    let expression: PosixExpression
    do {
      expression = try PosixExpression(query.pattern, ignoresCase: query.ignoresCase)
    } catch {
      return .failure(
        "The search failed: \(error)", "Mend the pattern; it is a POSIX extended regular expression.")
    }
    var report = SearchReport(limit: query.limit)
    let isOver = { ContinuousClock.now >= deadline }
    var paths = [target]
    if isDirectory {
      // Within the thread's directory its ignore rules count, wherever the search begins.
      let root = target.hasPrefix(settings.cwd + "/") ? settings.cwd : target
      let walk = try Workspace(root: root).walk(from: target) { !isOver() }
      paths = walk.paths.map { PathText.join(root, $0) }.sorted(by: Self.comesFirst)
      report.isPartial = walk.truncated
    }
    let workspace = try Workspace(root: settings.cwd)
    for path in paths where matches(path) && !policy.denies(path) {
      // One more than is shown, so that it is known that there is more.
      if report.count > query.limit { break }
      if isOver() {
        report.isPartial = true
        break
      }
      guard let bytes = try Self.read(path, workspace) else { continue }
      // What is behind the last line feed is a line only if there is something.
      let lines = (bytes.last == 0x0A ? bytes.dropLast() : bytes)
      if bytes.isEmpty { continue }
      for (index, line) in lines.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        let whole = (line.last == 0x0D ? line.dropLast() : line).prefix(Self.lineLimit)
        if expression.matches(whole) {
          report.add(settings.shown(path), String(index + 1), String(decoding: whole, as: UTF8.self))
        }
        if report.count > query.limit { break }
      }
    }
    return report.output
  }

  /// The order of ripgrep: names of each directory, its files and directories mixed.
  private static func comesFirst(_ left: String, _ right: String) -> Bool {
    let slash = UInt8(ascii: "/")
    return left.utf8.lexicographicallyPrecedes(right.utf8) { left, right in
      left != right && (left == slash || right != slash && left < right)
    }
  }

  /// The text of a file in UTF-8 without a byte order mark; nil for anything that is no text, or can't be read.
  private static func read(_ path: String, _ workspace: Workspace) throws(WorkspaceError) -> ArraySlice<
    UInt8
  >? {
    do {
      let file = try workspace.read(path, limit: sizeLimit)
      guard file.kind == .regular else { return nil }
      if let text = UTF16Text.decode(file.bytes) { return ArraySlice(text.utf8) }
      if file.isBinary { return nil }
      return file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? file.bytes.dropFirst(3) : file.bytes[...]
    } catch  where [.tooLarge, .io, .notFound].contains(error.code) {
      return nil
    }
  }

  /// The glob against the name, or against the path in the thread's directory when it holds a slash.
  private func matches(_ path: String) -> Bool {
    guard let glob = query.glob else { return true }
    return Braces.expand(glob).contains { glob in
      guard glob.utf8.contains(UInt8(ascii: "/")) else { return fnmatch(glob, PathText.name(path), 0) == 0 }
      let shown = settings.shown(path)
      let pattern = String(glob.drop { $0 == "/" })
      // `**` crosses directories, as nothing else does; it may also stand for none.
      guard let stars = pattern.firstRange(of: "**/") else {
        return fnmatch(pattern, shown, FNM_PATHNAME) == 0
      }
      let without = String(pattern[..<stars.lowerBound] + pattern[stars.upperBound...])
      return fnmatch(pattern, shown, 0) == 0 || fnmatch(without, shown, FNM_PATHNAME) == 0
    }
  }
}
