import StetProtocol

/// May the agent call this tool of an MCP server?
struct ToolPrompt: Sendable {
  let server: String
  let tool: String
  let about: String?
  /// What the tool would get, as JSON.
  let arguments: String
  /// How long a yes may hold: `session`, `always`.
  let lasting: Set<String>

  /// Nil for other questions of MCP servers.
  init?(_ params: McpServerElicitationRequestParams) {
    guard let meta = params.question["_meta"], meta["codex_approval_kind"]?.stringValue == "mcp_tool_call"
    else { return nil }
    server = params.serverName
    tool =
      meta["tool_name"]?.stringValue ?? meta["tool_title"]?.stringValue
      ?? params.question["message"]?.stringValue ?? "?"
    about = meta["tool_description"]?.stringValue
    arguments = meta["tool_params"]?.text ?? ""
    let persist = meta["persist"]
    lasting = Set((persist?.arrayValue ?? [persist ?? .null]).compactMap(\.stringValue))
  }

  static func answer(_ action: McpServerElicitationAction, holds: String? = nil)
    -> McpServerElicitationRequestResponse
  {
    McpServerElicitationRequestResponse(
      action: action, meta: holds.map { ["persist": .string($0)] },
      content: action == .accept ? .object([:]) : nil)
  }
}
