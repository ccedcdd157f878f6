import Glibc
import StetProtocol
import StetWorkspace

/// Searches without ripgrep: the workspace's walk and POSIX extended regular expressions.
struct WalkSearch: Sendable {
  /// A file beyond this is data, not source.
  static let sizeLimit = 4 << 20
  /// Bytes of a line that are matched: the running time of an expression is its own affair.
  static let lineLimit = 4_000
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
      let walk = try Workspace(root: target).walk { !isOver() }
      paths = walk.paths.map { PathText.join(target, $0) }
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
      guard let file = try Self.read(path, workspace) else { continue }
      for (index, line) in file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        let text = String(decoding: line.prefix(Self.lineLimit), as: UTF8.self)
        if expression.matches(text) { report.add(settings.shown(path), String(index + 1), text) }
        if report.count > query.limit { break }
      }
    }
    return report.output
  }

  /// A text file that can be read; nil for anything else.
  private static func read(_ path: String, _ workspace: Workspace) throws(WorkspaceError) -> FileState? {
    do {
      let file = try workspace.read(path, limit: sizeLimit)
      return file.kind == .regular && !file.isBinary ? file : nil
    } catch  where [.tooLarge, .io, .notFound].contains(error.code) {
      return nil
    }
  }

  /// The glob against the name, or against the path when it holds a slash.
  private func matches(_ path: String) -> Bool {
    guard let glob = query.glob else { return true }
    guard glob.utf8.contains(UInt8(ascii: "/")) else { return fnmatch(glob, PathText.name(path), 0) == 0 }
    return fnmatch("*/" + glob.drop { $0 == "/" }, path, 0) == 0
  }
}

/// A compiled POSIX extended regular expression, with the `\d` and `\D` that models are used to.
private final class PosixExpression {
  private var compiled = regex_t()

  init(_ pattern: String, ignoresCase: Bool) throws(PosixExpressionError) {
    let flags = REG_EXTENDED | REG_NOSUB | REG_NEWLINE | (ignoresCase ? REG_ICASE : 0)
    let result = regcomp(&compiled, Self.withDigits(pattern), flags)
    guard result == 0 else {
      var text = [CChar](repeating: 0, count: 200)
      regerror(result, &compiled, &text, text.count)
      throw PosixExpressionError(
        description: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }

  deinit { regfree(&compiled) }

  func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }

  private static func withDigits(_ pattern: String) -> String {
    var result = ""
    var isEscaped = false
    for character in pattern {
      switch (isEscaped, character) {
      case (true, "d"): result += "[0-9]"
      case (true, "D"): result += "[^0-9]"
      case (true, _): result += "\\\(character)"
      case (false, "\\"): break
      case (false, _): result.append(character)
      }
      isEscaped = !isEscaped && character == "\\"
    }
    return isEscaped ? result + "\\" : result
  }
}

private struct PosixExpressionError: Error, CustomStringConvertible {
  let description: String
}
