import StetJSON
import StetProtocol

/// The item of a call that a hook kept from running: declined, with the reason.
struct DeclinedCall {
  let call: ToolCall
  let tool: any Tool
  let context: ToolContext

  func show(_ reason: String) {
    context.items.warn("A PreToolUse hook blocked \(HookQuestion.shown(call)): \(reason)")
    let item = item(reason)
    context.items.started(item)
    context.items.completed(item)
  }

  private func item(_ reason: String) -> ThreadItem {
    if call.name == "exec_command", let script = call.arguments["cmd"]?.stringValue {
      var item = CommandExecutionItem(
        id: call.itemId, command: ShellQuoting.join([ExecArguments.shell, "-c", script]),
        cwd: context.settings.cwd, status: .declined, commandActions: CommandActions.of(script))
      item.aggregatedOutput = reason
      return .commandExecution(item)
    }
    let edited = HookTool(call: call, cwd: context.settings.cwd).editedFiles
    if !edited.isEmpty {
      return .fileChange(
        FileChangeItem(
          id: call.itemId,
          changes: edited.map { FileUpdateChange(path: $0, kind: .update(movePath: nil), diff: "") },
          status: .declined))
    }
    if let tool = tool as? MCPTool {
      return .mcpToolCall(
        McpToolCallItem(
          id: call.itemId, server: tool.info.server, tool: tool.info.name, status: .failed,
          arguments: call.arguments, error: McpToolCallError(message: reason)))
    }
    var item = DynamicToolCallItem(
      id: call.itemId, namespace: "stet", tool: call.name, arguments: call.arguments, status: .failed)
    item.success = false
    item.contentItems = [.inputText(text: reason)]
    return .dynamicToolCall(item)
  }
}
