import StetProtocol
import StetWorkspace

/// `edit`: replaces a piece of text in a file (T2).
struct EditTool: Tool {
  let name = "edit"
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Replace text in a file. old_string must occur exactly once, unless replace_all.",
      [
        "path": ToolDefinition.text("The file."),
        "old_string": ToolDefinition.text("The text as it is in the file, with enough lines to be unique."),
        "new_string": ToolDefinition.text("The text instead."),
        "replace_all": ToolDefinition.flag("Default false."),
        ChangeReason.argument: ChangeReason.definition,
      ], required: ["path", "old_string", "new_string"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let path: String
    let old: String
    let new: String
    let all: Bool
    do {
      let arguments = try ToolArguments(call)
      path = try arguments.string("path")
      old = try arguments.string("old_string")
      new = try arguments.string("new_string")
      all = try arguments.bool("replace_all", default: false)
    } catch {
      return error.output
    }
    let settings = context.settings
    let policy = ReadPolicy(context)
    do {
      let change = try await WorkspaceThread.shared.run { () -> FileChange in
        let place = try policy.locate(path, settings)
        guard place.state.kind == .regular else {
          let what = place.state.kind == .absent ? "does not exist" : "is no regular file"
          throw WorkspaceError(
            .wrongKind, "\(path) \(what)", hint: "Look for it with list_dir, or make it with write.")
        }
        let result = try EditReplacement.propose(place.state.bytes, old: old, new: new, replaceAll: all)
        return FileChange(
          path: place.path, base: place.state, proposed: place.state.with(bytes: result.bytes), spelled: path)
      }
      let flow = EditFlow(call: call, context: context) { _ in "Edited \(path)" }
      return await flow.run([change])
    } catch {
      return .text("\(error)" + (await EditFailures.advice(after: path, context)), success: false)
    }
  }
}
