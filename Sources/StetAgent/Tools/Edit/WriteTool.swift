import StetProtocol
import StetWorkspace

/// `write`: the whole content of a file, new or not. An existing file becomes a modification, hunk by hunk.
struct WriteTool: Tool {
  let name = "write"
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Write a whole file; makes it and its folders if needed. For new files and rewrites.",
      ["path": ToolDefinition.text("The file."), "content": ToolDefinition.text("Its whole content.")],
      required: ["path", "content"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      let arguments = try ToolArguments(call)
      let path = try arguments.string("path")
      let content = Array(try arguments.string("content").utf8)
      let settings = context.settings
      let change = try await WorkspaceThread.shared.run { () -> FileChange in
        let place = try EditTarget(settings).locate(path)
        if place.state.kind == .directory {
          throw WorkspaceError(.wrongKind, "\(path) is a directory", hint: "Name a file.")
        }
        let bytes =
          place.state.isBinary
          ? content : LineEndings.matching(base: place.state.bytes, proposed: content).bytes
        let mode = place.state.kind == .regular ? place.state.mode : 0o644
        return FileChange(
          path: place.path, base: place.state, proposed: .regular(bytes, mode: mode), spelled: path)
      }
      let flow = EditFlow(call: call, context: context) { files in
        files.map { "\($0.base.kind == .absent ? "Created" : "Wrote") \($0.change.spelled)" }.joined(
          separator: "\n")
      }
      return await flow.run([change])
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .text("\(error)", success: false)
    }
  }
}
