import StetProtocol
import StetWorkspace

/// `write`: the whole content of a file, new or not. An existing file becomes a modification, hunk by hunk.
struct WriteTool: Tool {
  let name = "write"
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Write a whole file; makes it and its folders if needed. For new files and rewrites.",
      [
        "path": ToolDefinition.text("The file."), "content": ToolDefinition.text("Its whole content."),
        ChangeReason.argument: ChangeReason.definition,
      ],
      required: ["path", "content"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      let arguments = try ToolArguments(call)
      let path = try arguments.string("path")
      let content = Array(try arguments.string("content").utf8)
      let settings = context.settings
      let policy = ReadPolicy(context)
      let (change, converted) = try await WorkspaceThread.shared.run { () -> (FileChange, Bool) in
        let (real, base) = try policy.locate(path, settings)
        guard base.kind == .regular || base.kind == .absent else {
          throw WorkspaceError(
            .wrongKind, "\(path) is a \(base.kind.rawValue), not a file", hint: "Name a file.")
        }
        // A CRLF file stays one: models write LF.
        let ends =
          base.isBinary ? (content, false) : LineEndings.matching(base: base.bytes, proposed: content)
        let mode = base.kind == .regular ? base.mode : FileState.newFileMode
        let proposed = FileState.regular(ends.0, mode: mode)
        return (FileChange(path: real, base: base, proposed: proposed, spelled: path), ends.1)
      }
      let flow = EditFlow(call: call, context: context) { _ in
        "\(change.base.kind == .absent ? "Created" : "Wrote") \(path)"
          + (converted ? " (its line ends are CRLF and were kept)" : "")
      }
      return await flow.run([change])
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .text("\(error)", success: false)
    }
  }
}
