import Glibc
import StetProtocol
import StetWorkspace

/// Searches without ripgrep: a walk of our own and POSIX extended regular expressions. Blocks; for WorkspaceThread.
enum WalkSearch {
  /// Files that are looked into; a larger tree wants ripgrep or a path.
  static let fileLimit = 20_000
  /// A file beyond this is data, not source.
  static let sizeLimit = 4 << 20

  static func search(_ query: SearchQuery, in target: String, _ settings: TurnSettings) throws -> ToolOutput {
    let expression: PosixExpression
    do {
      expression = try PosixExpression(query.pattern, ignoresCase: query.ignoresCase)
    } catch {
      return .failure(
        "The search failed: \(error)", "Mend the pattern; it is a POSIX extended regular expression.")
    }
    let workspace = try Workspace(root: settings.cwd)
    var lines: [Substring] = []
    var complete = true
    for path in try files(below: target, workspace, &complete) {
      if let glob = query.glob, !matches(path, glob) { continue }
      let state = try workspace.read(path, limit: Workspace.readLimit)
      guard state.kind == .regular, !state.isBinary else { continue }
      let shown = path.hasPrefix(settings.cwd + "/") ? String(path.dropFirst(settings.cwd.count + 1)) : path
      for (index, line) in state.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        // The expression must not see megabytes at once: its running time is its own affair.
        let text = String(decoding: line.prefix(4_000), as: UTF8.self)
        if expression.matches(text) { lines.append("\(shown):\(index + 1):\(text)"[...]) }
        if lines.count > SearchTool.mostMatches { return SearchReport.text(lines, query, complete: false) }
      }
    }
    return SearchReport.text(lines, query, complete: complete)
  }

  private static func files(
    below target: String, _ workspace: Workspace, _ complete: inout Bool
  ) throws -> [String] {
    guard try workspace.read(target).kind == .directory else { return [target] }
    var found: [String] = []
    var folders = [target]
    while let folder = folders.popLast() {
      for entry in try workspace.listDirectory(folder).entries where entry.name != ".git" {
        let path = folder + "/" + entry.name
        if entry.kind == .directory { folders.append(path) }
        if entry.kind == .regular, entry.size <= sizeLimit { found.append(path) }
        if found.count >= fileLimit {
          complete = false
          return found.sorted()
        }
      }
    }
    return found.sorted()
  }

  /// The glob against the name, or against the path when it holds a slash.
  private static func matches(_ path: String, _ glob: String) -> Bool {
    let hasFolder = glob.utf8.contains(UInt8(ascii: "/"))
    let subject = hasFolder ? path : String(path.split(separator: "/").last ?? "")
    return fnmatch(hasFolder ? "*/" + glob : glob, subject, 0) == 0
  }
}

/// A compiled POSIX extended regular expression.
final class PosixExpression {
  private var compiled = regex_t()

  init(_ pattern: String, ignoresCase: Bool) throws(PosixExpressionError) {
    let flags = REG_EXTENDED | REG_NOSUB | REG_NEWLINE | (ignoresCase ? REG_ICASE : 0)
    let result = regcomp(&compiled, pattern, flags)
    guard result == 0 else {
      var text = [CChar](repeating: 0, count: 200)
      regerror(result, &compiled, &text, text.count)
      throw PosixExpressionError(
        description: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  }

  deinit { regfree(&compiled) }

  func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }
}

struct PosixExpressionError: Error, CustomStringConvertible {
  let description: String
}
