import StetProtocol

/// Settles whether a call of an MCP tool runs (M4): by the user's configuration, by what was accepted before, or by
/// asking. What a server says of its own tools counts only if the user trusts it.
struct MCPApproval {
  enum Settlement {
    case run
    case refused(ToolOutput, why: String)
  }

  let tool: MCPTool
  let call: ToolCall
  let context: ToolContext

  func settle() async -> Settlement {
    let config = tool.server.config
    let asking = config.askingByTool[tool.info.name] ?? config.defaultAsking
    if asking == .approve { return .run }
    if asking == .auto, config.isTrusted, tool.info.readOnlyHint == true { return .run }
    let key = MCPConsent.Key(
      server: tool.info.server, tool: tool.info.name, fingerprint: tool.info.fingerprint(config))
    let consent = context.threadMemory.value { MCPConsent() }
    let store = context.processMemory.value {
      MCPConsentFile(path: MCPConsentFile.path(context.home))
    }
    if consent.holds(key) || store.holds(key) { return .run }
    switch context.settings.approvalPolicy {
    case .never:
      // Nobody can be asked; without walls everything else runs unasked too.
      if context.settings.sandboxPolicy == .dangerFullAccess { return .run }
      return refusal("The user can't be asked (approval policy never), and this tool needs a yes.")
    case .granular(let granular) where !granular.mcpElicitations:
      return refusal("Questions about MCP tools are switched off, and this tool needs a yes.")
    case .untrusted, .onRequest, .granular, .unknown: break
    }
    return await ask(key, consent, store)
  }

  private func ask(_ key: MCPConsent.Key, _ consent: MCPConsent, _ store: MCPConsentFile) async -> Settlement
  {
    let answer = await context.approvals.ask(
      .mcpServerElicitation(
        McpServerElicitationRequestParams(
          threadId: context.threadId, turnId: context.turnId, serverName: tool.info.server, question: question
        )), usersOnly: usersOnly(key, consent, store))
    guard case .answered(let value) = answer else {
      if case .cancelled = answer {
        return .refused(.text("aborted by user", success: false), why: "aborted by user")
      }
      context.items.warn("The call of \(tool.name) did not run: the answer was an error.")
      return .refused(
        .text("approval request failed; the tool was not called", success: false),
        why: "approval request failed")
    }
    switch value["action"]?.stringValue {
    case "accept":
      switch value["_meta"]?["persist"]?.stringValue {
      case "session": consent.add(key)
      case "always":
        consent.add(key)
        if let problem = store.add(key) {
          context.items.warn("The yes holds for this thread only: \(problem)")
        }
      default: break
      }
      return .run
    case "decline":
      let said = value["stet"]?["message"]?.stringValue.map { ": \($0)" } ?? ""
      return .refused(
        .text("user rejected MCP tool call\(said)", success: false), why: "user rejected MCP tool call\(said)"
      )
    case "cancel":
      var output = ToolOutput.text("user cancelled MCP tool call", success: false)
      output.interruptsTurn = true
      return .refused(output, why: "user cancelled MCP tool call")
    default:
      context.items.warn("The call of \(tool.name) did not run: the answer was none of those offered.")
      return .refused(
        .text("approval request failed; the tool was not called", success: false),
        why: "approval request failed")
    }
  }

  /// Why no model may say yes (M4, M5): all that it could go by is what the server says of its own tool, so the user has
  /// to have vouched for the server, and nothing may have changed since they said yes to the tool.
  private func usersOnly(_ key: MCPConsent.Key, _ consent: MCPConsent, _ store: MCPConsentFile) -> String? {
    if !tool.server.config.isTrusted {
      return "mcp_servers.\(tool.info.server) is not trusted, and what its tools do is its own word"
    }
    if consent.holdsOther(key) || store.holdsOther(key) {
      return "the tool has changed since it was allowed"
    }
    return nil
  }

  /// The words and members of Codex's question, with the tool's name beside them.
  private var question: JSONObject {
    var meta: JSONObject = [
      "codex_approval_kind": "mcp_tool_call", "persist": ["session", "always"],
      "tool_name": .string(tool.info.name),
    ]
    meta["tool_title"] = tool.info.title.map(JSONValue.string)
    meta["tool_description"] = .string(tool.info.description)
    meta["tool_params"] = call.arguments
    return [
      "mode": "form", "_meta": .object(meta),
      "message": .string("Allow the \(tool.info.server) MCP server to run tool \"\(tool.info.name)\"?"),
      "requestedSchema": ["type": "object", "properties": [:]],
    ]
  }

  private func refusal(_ why: String) -> Settlement {
    .refused(
      .failure(why, "Go on without it, and say that \(tool.name) was not called."),
      why: why)
  }
}
