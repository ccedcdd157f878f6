import StetProtocol
import StetWorkspace

/// `list_dir`: names in a directory, folders with a slash, to a depth.
struct ListDirTool: Tool {
  /// Names of one answer.
  static let entryLimit = 400
  static let depthLimit = 5

  let name = "list_dir"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "List a directory.",
      [
        "path": ToolDefinition.text("Default: the thread's directory."),
        "depth": ToolDefinition.number("Levels; default 1, at most 5."),
      ])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    await ToolItem.run(call, context) { arguments throws(ToolArgumentError) in
      (
        path: try arguments.optionalString("path").flatMap { $0.isEmpty ? nil : $0 } ?? ".",
        depth: try arguments.int("depth", default: 1, in: 1...Self.depthLimit)
      )
    } _: { wanted in
      let settings = context.settings
      let policy = ReadPolicy(context)
      do {
        return try await WorkspaceThread.shared.run {
          var listing = Listing(workspace: try Workspace(root: settings.cwd), depth: wanted.depth)
          try listing.visit(try policy.admit(wanted.path, settings), 0)
          return .text(listing.text(of: wanted.path))
        }
      } catch {
        return .failure("\(wanted.path) can't be listed: \(error)", "Check the path.")
      }
    }
  }

  private struct Listing {
    let workspace: Workspace
    let depth: Int
    private var lines: [String] = []
    private var isCut = false

    init(workspace: Workspace, depth: Int) {
      self.workspace = workspace
      self.depth = depth
    }

    mutating func visit(_ directory: String, _ level: Int) throws(WorkspaceError) {
      let indent = String(repeating: "  ", count: level)
      for entry in try workspace.listDirectory(directory).entries {
        guard lines.count < entryLimit else {
          isCut = true
          return
        }
        let mark = entry.kind == .directory ? "/" : entry.kind == .symlink ? "@" : ""
        lines.append(indent + entry.name + mark)
        guard entry.kind == .directory, level + 1 < depth, entry.name != ".git" else { continue }
        do {
          try visit(PathText.join(directory, entry.name), level + 1)
        } catch {
          lines.append("\(indent)  (can't be listed)")
        }
      }
    }

    func text(of path: String) -> String {
      if lines.isEmpty { return "\(path) is empty." }
      let more = isCut ? ["… more than \(entryLimit) entries; list a folder of it"] : []
      return (lines + more).joined(separator: "\n")
    }
  }
}
