import StetProtocol
import StetWorkspace

/// `apply_patch`: a patch in the `*** Begin Patch` format, as a freeform tool or as a function `{input}` (T1).
struct ApplyPatchTool: Tool {
  let freeform: Bool
  let name = "apply_patch"
  let access = ToolAccess.write

  private static let description =
    "Edit files with a patch: *** Begin Patch / *** Add File: p | *** Delete File: p | *** Update File: p "
    + "[*** Move to: q] / @@ context / lines with ' ', '-', '+' / *** End Patch."

  var definition: JSONValue {
    guard freeform else {
      return ToolDefinition.function(
        name, Self.description,
        ["input": ToolDefinition.text("The whole patch."), ChangeReason.argument: ChangeReason.definition],
        required: ["input"])
    }
    return [
      "type": "custom", "name": .string(name), "description": .string(Self.description),
      "format": ["type": "grammar", "syntax": "lark", "definition": .string(Self.grammar)],
    ]
  }

  /// The patch format as a Lark grammar, for providers that constrain what the model writes.
  private static let grammar = """
    start: begin_patch hunk+ end_patch
    begin_patch: "*** Begin Patch" LF
    end_patch: "*** End Patch" LF?
    hunk: add_hunk | delete_hunk | update_hunk
    add_hunk: "*** Add File: " filename LF add_line+
    delete_hunk: "*** Delete File: " filename LF
    update_hunk: "*** Update File: " filename LF change_move? change?
    filename: /(.+)/
    add_line: "+" /(.*)/ LF
    change_move: "*** Move to: " filename LF
    change: (change_context | change_line)+ eof_line?
    change_context: ("@@" | "@@ " /(.+)/) LF
    change_line: ("+" | "-" | " ") /(.*)/ LF
    eof_line: "*** End of File" LF
    %import common.LF
    """

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    switch call.input {
    case .text(let patch):
      return await Self.apply(Array(patch.utf8), in: context.settings.cwd, call, context)
    case .json:
      do {
        let patch = try ToolArguments(call).string("input")
        return await Self.apply(Array(patch.utf8), in: context.settings.cwd, call, context)
      } catch {
        return error.output
      }
    }
  }

  /// A shell command that does nothing but hand over a patch: taken as the patch, never run.
  static func disguisedPatch(_ script: String) -> (text: [UInt8], directory: String?)? {
    ShellPatch.recognise(script).map { ($0.patch, $0.directory) }
  }

  /// - Parameter directory: absolute; where the patch's relative paths begin.
  static func apply(
    _ patch: [UInt8], in directory: String, _ call: ToolCall, _ context: ToolContext
  ) async -> ToolOutput {
    let settings = context.settings
    let policy = ReadPolicy(context)
    let proposal: PatchProposal
    do {
      proposal = try await WorkspaceThread.shared.run {
        let workspace = try Workspace(root: settings.cwd)
        return try PatchApplier.propose(
          PatchParser.parse(patch),
          tree: WorkspacePatchTree(workspace: workspace, cwd: directory) { path throws(WorkspaceError) in
            try policy.check(path)
          })
      }
    } catch {
      let path = (error as? WorkspaceError)?.path
      return .text("\(error)" + (await EditFailures.advice(after: path, context)), success: false)
    }
    let summary = proposal.summary.map { "\($0.letter) \($0.path)" }.joined(separator: "\n")
    let flow = EditFlow(call: call, context: context) { _ in
      "Success. Updated the following files:\n\(summary)"
    }
    return await flow.run(proposal.changes)
  }
}
