import StetProcess
import StetProtocol
import StetWorkspace

/// `search`: lines that match a pattern, through ripgrep where it is installed, else through a walk of our own.
struct SearchTool: Tool {
  /// Matches of one answer by default, and the most.
  static let defaultMatches = 100
  static let mostMatches = 500
  /// A search that takes longer than this is too broad.
  static let timeLimit: Duration = .seconds(20)
  /// Bytes of ripgrep's output that are read.
  static let outputLimit = 1 << 20
  /// Columns of a shown line.
  static let columnLimit = 300

  let name = "search"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Search file contents by regular expression; ignored files are left out. Prefer it to grep.",
      [
        "pattern": ToolDefinition.text("The regular expression."),
        "path": ToolDefinition.text("Where; default: the thread's directory."),
        "glob": ToolDefinition.text("Only such files, like *.swift."),
        "ignore_case": ToolDefinition.flag("Default false."),
        "limit": ToolDefinition.number("Matches; default 100, at most 500."),
      ], required: ["pattern"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    await ToolItem(call: call, context: context).show {
      do {
        let query = try SearchQuery(call)
        let settings = context.settings
        let target = try await WorkspaceThread.shared.run { try EditTarget(settings).locate(query.path) }
        if let refusal = ReadPolicy.refusal(of: target.path, context) { return refusal }
        guard target.state.kind != .absent else {
          return .failure("\(query.path) does not exist.", "Check the path.")
        }
        guard query.pattern.utf8.contains(0) == false else {
          return .failure("The pattern holds a NUL.", "Leave it out.")
        }
        if let output = try await Ripgrep.search(query, in: target.path, context) { return output }
        return try await WorkspaceThread.shared.run {
          try WalkSearch.search(query, in: target.path, settings)
        }
      } catch let error as ToolArgumentError {
        return error.output
      } catch {
        return .failure("The search failed: \(error)", "Simplify the pattern or the path.")
      }
    }
  }
}

/// What is looked for.
struct SearchQuery: Sendable {
  let pattern: String
  let path: String
  let glob: String?
  let ignoresCase: Bool
  let limit: Int

  init(_ call: ToolCall) throws(ToolArgumentError) {
    let arguments = try ToolArguments(call)
    pattern = try arguments.string("pattern")
    path = try arguments.optionalString("path").flatMap { $0.isEmpty ? nil : $0 } ?? "."
    glob = try arguments.optionalString("glob").flatMap { $0.isEmpty ? nil : $0 }
    ignoresCase = try arguments.bool("ignore_case", default: false)
    limit = try arguments.int("limit", default: SearchTool.defaultMatches, in: 1...SearchTool.mostMatches)
    guard !pattern.isEmpty else { throw ToolArgumentError("The argument `pattern` is empty.") }
  }
}

/// Matches as `path:line:text`, counted and cut.
enum SearchReport {
  static func text(_ lines: [Substring], _ query: SearchQuery, complete: Bool) -> ToolOutput {
    if lines.isEmpty { return .text("No matches.") }
    var shown = lines.prefix(query.limit).map { line in
      line.count > SearchTool.columnLimit ? line.prefix(SearchTool.columnLimit) + "…" : line
    }
    let more = lines.count - shown.count
    if more > 0 || !complete {
      shown.append(
        "… \(complete ? "\(more) more" : "more") matches: narrow the pattern, the path or the glob")
    }
    return .text(shown.joined(separator: "\n"))
  }
}
