import StetConfig
import StetProtocol

/// A tool of an MCP server, as the model calls it. MCP calls run one after another, as in Codex.
struct MCPTool: Tool {
  /// Bytes of arguments: a pipe holds only so much for a program that does not read.
  static let argumentLimit = 512 << 10

  let info: MCPToolInfo
  let server: MCPServer
  let access = ToolAccess.write

  var name: String { info.wireName }
  var definition: JSONValue { info.definition }

  /// A call of this tool by its own name, whichever of its spellings the model used.
  func named(_ call: ToolCall, arguments: JSONValue? = nil) -> ToolCall {
    ToolCall(
      callId: call.callId, itemId: call.itemId, name: name, input: arguments.map { .json($0) } ?? call.input)
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let started = ContinuousClock.now
    var item = McpToolCallItem(
      id: call.itemId, server: info.server, tool: info.name, status: .inProgress, arguments: call.arguments,
      readOnlyHint: info.readOnlyHint)
    context.items.started(.mcpToolCall(item))
    func end(_ output: ToolOutput, error: String? = nil) -> ToolOutput {
      item.status = output.success ? .completed : .failed
      item.error = error.map { McpToolCallError(message: $0) }
      item.durationMs = Int(started.duration(to: .now) / .milliseconds(1))
      context.items.completed(.mcpToolCall(item))
      return output
    }
    guard call.arguments.serialized().count <= Self.argumentLimit else {
      let cause = "\(name): the arguments have more than \(Self.argumentLimit) bytes."
      return end(.failure(cause, "Pass a file's path instead, or less."), error: cause)
    }
    switch await MCPApproval(tool: self, call: call, context: context).settle() {
    case .run: break
    case .refused(let output, let why): return end(output, error: why)
    }
    let window = info.readOnlyHint == true ? nil : await context.changes.willRun(name)
    do {
      let items = context.items
      let result = try await server.call(info.name, call.arguments) { message in
        items.progress(
          .mcpToolCallProgress(
            McpToolCallProgressNotification(
              threadId: context.threadId, turnId: context.turnId, itemId: call.itemId, message: message)),
          item: call.itemId)
      }
      await context.changes.didRun(window)
      item.result = McpToolCallResult(
        content: result["content"]?.arrayValue ?? [],
        structuredContent: result["structuredContent"].flatMap { $0.isNull ? nil : $0 },
        meta: result["_meta"].flatMap { $0.isNull ? nil : $0 })
      return end(MCPResult.output(result, call, context))
    } catch {
      await context.changes.didRun(window)
      return end(
        .failure("\(name) failed: \(error.message)", "Go on without it, or try once more."),
        error: error.message)
    }
  }
}
