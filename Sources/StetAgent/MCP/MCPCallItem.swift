import StetProtocol

/// A call to a server as the item that clients see: reported when it begins, and once when it ends (L4).
struct MCPCallItem {
  private let context: ToolContext
  private let item: McpToolCallItem
  private let started = ContinuousClock.now

  init(_ call: ToolCall, server: String, tool: String, readOnlyHint: Bool?, _ context: ToolContext) {
    self.context = context
    item = McpToolCallItem(
      id: call.itemId, server: server, tool: tool, status: .inProgress, arguments: call.arguments,
      readOnlyHint: readOnlyHint)
    context.items.started(.mcpToolCall(item))
  }

  /// - Parameter error: why the call failed, in one line; nil where the output says it.
  func end(_ output: ToolOutput, error: String? = nil, result: McpToolCallResult? = nil) -> ToolOutput {
    var item = item
    item.status = output.success ? .completed : .failed
    item.error = error.map { McpToolCallError(message: $0) }
    item.result = result
    item.durationMs = Int(started.duration(to: .now) / .milliseconds(1))
    context.items.completed(.mcpToolCall(item))
    return output
  }

  /// What the server says while the call runs.
  func progress(_ message: String) {
    context.items.progress(
      .mcpToolCallProgress(
        McpToolCallProgressNotification(
          threadId: context.threadId, turnId: context.turnId, itemId: item.id, message: message)),
      item: item.id)
  }
}
