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
  /// Characters of a shown line.
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
    await ToolItem.run(call, context, SearchQuery.init) { query in
      let settings = context.settings
      let policy = ReadPolicy(context)
      do {
        let (target, kind) = try await WorkspaceThread.shared.run {
          let path = try policy.admit(query.path, settings)
          return (path, try Workspace(root: settings.cwd).read(path).kind)
        }
        guard kind == .directory || kind == .regular else {
          let what = kind == .absent ? "does not exist" : "is no file or directory"
          return .failure("\(query.path) \(what).", "Check the path.")
        }
        if let ripgrep = Ripgrep(context) { return try await ripgrep.search(query, in: target) }
        return try await WalkSearch(query, policy, settings).search(
          in: target, isDirectory: kind == .directory)
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

  init(_ arguments: ToolArguments) throws(ToolArgumentError) {
    pattern = try arguments.string("pattern")
    path = try arguments.optionalString("path").flatMap { $0.isEmpty ? nil : $0 } ?? "."
    glob = try arguments.optionalString("glob").flatMap { $0.isEmpty ? nil : $0 }
    ignoresCase = try arguments.bool("ignore_case", default: false)
    limit = try arguments.int("limit", default: SearchTool.defaultMatches, in: 1...SearchTool.mostMatches)
    guard !pattern.isEmpty else { throw ToolArgumentError("The argument `pattern` is empty.") }
    guard ![pattern, glob ?? ""].contains(where: { $0.utf8.contains(0) }) else {
      throw ToolArgumentError("The arguments `pattern` and `glob` must not hold a NUL.")
    }
  }
}

/// Matches as `path:line:text`, counted and cut.
struct SearchReport {
  private var lines: [String] = []
  private(set) var count = 0
  let limit: Int
  /// Not everything was looked at.
  var isPartial = false

  init(limit: Int) { self.limit = limit }

  mutating func add(_ path: String, _ line: some StringProtocol, _ text: some StringProtocol) {
    count += 1
    guard lines.count < limit else { return }
    let cut = text.prefix(SearchTool.columnLimit)
    lines.append("\(path):\(line):\(cut)\(cut.endIndex < text.endIndex ? "…" : "")")
  }

  var output: ToolOutput {
    if lines.isEmpty {
      return .text(isPartial ? "No matches in what was searched; narrow the path." : "No matches.")
    }
    guard count > lines.count || isPartial else { return .text(lines.joined(separator: "\n")) }
    return .text(
      lines.joined(separator: "\n") + "\n… more matches: narrow the pattern, the path or the glob")
  }
}

extension TurnSettings {
  /// A real path as it is shown: from the thread's directory, if it lies there.
  func shown(_ path: String) -> String {
    path.hasPrefix(cwd + "/") ? String(path.dropFirst(cwd.count + 1)) : path
  }
}
