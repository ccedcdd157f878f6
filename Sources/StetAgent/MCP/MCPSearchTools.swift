import StetProtocol

/// The tools of MCP servers that are not in the frozen list (P2): found with one tool, called with another.
struct MCPSearchTool: Tool {
  /// Definitions in one answer.
  static let resultLimit = 8

  let host: MCPHost
  let name = "tool_search"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Find tools of MCP servers that are not in your list; returns their definitions.",
      ["query": ToolDefinition.text("Words of the name or description.")], required: ["query"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let query: String
    do {
      query = try ToolArguments(call).string("query")
    } catch {
      return error.output
    }
    let found = Self.rank(await host.tools().ready.map(\.info), query)
    guard !found.isEmpty else {
      return .failure("No tool of an MCP server fits `\(query)`.", "Try other words.")
    }
    let list = found.prefix(Self.resultLimit).map { info in
      JSONValue.object([
        "name": .string(info.wireName), "description": .string(info.description),
        "parameters": info.definition["parameters"] ?? .null,
      ])
    }
    return .text(
      LongOutput.cut(
        "Call these with call_tool:\n" + list.map(\.text).joined(separator: "\n"), call, context.outputs))
  }

  /// By how many words of the query occur, those in the name counting more.
  static func rank(_ tools: [MCPToolInfo], _ query: String) -> [MCPToolInfo] {
    let words = split(query)
    let scored = tools.compactMap { info -> (MCPToolInfo, Int)? in
      let name = split(info.wireName + " " + (info.title ?? ""))
      let about = split(info.description)
      let score = words.reduce(0) { $0 + (name.contains($1) ? 3 : 0) + (about.contains($1) ? 1 : 0) }
      return score > 0 || words.isEmpty ? (info, score) : nil
    }
    return scored.sorted { $0.1 == $1.1 ? $0.0.wireName < $1.0.wireName : $0.1 > $1.1 }.map(\.0)
  }

  private static func split(_ text: String) -> Set<String> {
    Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
  }
}

/// `call_tool`: the other half of the pair.
struct MCPCallTool: Tool {
  let host: MCPHost
  let name = "call_tool"
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Call a tool that tool_search found.",
      ["name": ["type": "string"], "arguments": ["type": "object"]], required: ["name", "arguments"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let wanted: String
    do {
      wanted = try ToolArguments(call).string("name")
    } catch {
      return error.output
    }
    guard let (tool, inner) = await target(of: call) else {
      return .failure("There is no tool `\(wanted)` now.", "Look for it with tool_search.")
    }
    return await tool.run(inner, context)
  }

  /// The tool that a call leads to, and the call of it; nil where there is none.
  func target(of call: ToolCall) async -> (tool: MCPTool, call: ToolCall)? {
    guard let wanted = call.arguments["name"]?.stringValue,
      let tool = MCPOffer.callable(await host.tools().ready)[wanted]
    else { return nil }
    return (tool, tool.named(call, arguments: call.arguments["arguments"] ?? [:]))
  }
}
