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
    let item = MCPCallItem(
      call, server: info.server, tool: info.name, readOnlyHint: info.readOnlyHint, context)
    guard call.arguments.serialized().count <= Self.argumentLimit else {
      let cause = "\(name): the arguments have more than \(Self.argumentLimit) bytes."
      return item.end(.failure(cause, "Pass a file's path instead, or less."), error: cause)
    }
    switch await MCPApproval(tool: self, call: call, context: context).settle() {
    case .run: break
    case .refused(let output, let why): return item.end(output, error: why)
    }
    let window = info.readOnlyHint == true ? nil : await context.changes.willRun(name)
    do {
      let result = try await server.call(info.name, call.arguments) { item.progress($0) }
      await context.changes.didRun(window)
      return item.end(
        MCPResult.output(result, call, context),
        result: McpToolCallResult(
          content: result["content"]?.arrayValue ?? [],
          structuredContent: result["structuredContent"].flatMap { $0.isNull ? nil : $0 },
          meta: result["_meta"].flatMap { $0.isNull ? nil : $0 }))
    } catch {
      await context.changes.didRun(window)
      return item.end(
        .failure("\(name) failed: \(error.message)", "Go on without it, or try once more."),
        error: error.message)
    }
  }
}
