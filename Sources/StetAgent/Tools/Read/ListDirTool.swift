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
    await ToolItem(call: call, context: context).show {
      do {
        let arguments = try ToolArguments(call)
        let path = try arguments.optionalString("path") ?? "."
        let depth = try arguments.int("depth", default: 1, in: 1...Self.depthLimit)
        let settings = context.settings
        return try await WorkspaceThread.shared.run { try Self.list(path, depth, settings) }
      } catch let error as ToolArgumentError {
        return error.output
      } catch {
        return .failure("The directory can't be listed: \(error)", "Check the path.")
      }
    }
  }

  private static func list(_ path: String, _ depth: Int, _ settings: TurnSettings) throws -> ToolOutput {
    let workspace = try Workspace(root: settings.cwd)
    let target = try workspace.resolve(path, from: settings.cwd).target
    var lines: [String] = []
    var cut = false
    func visit(_ directory: String, _ level: Int) throws {
      for entry in try workspace.listDirectory(directory).entries {
        guard lines.count < entryLimit else {
          cut = true
          return
        }
        let indent = String(repeating: "  ", count: level)
        let mark = entry.kind == .directory ? "/" : entry.kind == .symlink ? "@" : ""
        lines.append(indent + entry.name + mark)
        if entry.kind == .directory, level + 1 < depth, entry.name != ".git" {
          try visit(directory + "/" + entry.name, level + 1)
        }
      }
    }
    try visit(target, 0)
    if lines.isEmpty { return .text("\(path) is empty.") }
    if cut { lines.append("… more than \(entryLimit) entries; list a folder of it") }
    return .text(lines.joined(separator: "\n"))
  }
}
