import StetConfig
import StetProtocol

/// What the model of a thread may call: the built-in tools in their fixed order, those of the client by name, then
/// those of MCP servers by server and name (P2).
extension ThreadSession {
  func offeredTools(_ metadata: ModelMetadata, _ configuration: Configuration?) async -> [any Tool] {
    let dynamic = DynamicTools.all(meta.dynamicTools)
    let taken = Set(dynamic.map(\.name))
    let own = Self.withWebSearch(services.environment.tools(metadata), configuration?.webSearch)
    // A model that is offered nothing to work with has no goal to work for.
    var builtIn = own.isEmpty ? [] : own + GoalBoard.tools(self)
    // For what comes after the list is frozen, or does not fit into it.
    if await !mcp.isEmpty { builtIn += [MCPSearchTool(host: mcp), MCPCallTool(host: mcp)] }
    // A client's tool of the same name takes the place of a built-in one: it was named on purpose.
    var offered = builtIn.filter { !taken.contains($0.name) }
    for tool in dynamic { offered.append(tool) }
    for tool in MCPOffer.direct(mcpTools) { offered.append(tool) }
    return offered
  }

  /// The provider's search as the configuration wants it.
  private static func withWebSearch(_ tools: [any Tool], _ mode: WebSearchMode?) -> [any Tool] {
    switch mode {
    case .disabled?: tools.filter { $0.name != "web_search" }
    case .live?: tools.map { $0.name == "web_search" ? WebSearchTool(isLive: true) : $0 }
    case .cached?, nil: tools
    }
  }

  /// Tells the model of MCP tools that are not in its frozen list.
  func announceTools() {
    let frozen = Set(prompt.tools?.names ?? [])
    guard frozen.contains("tool_search") else { return }
    let now = mcpTools.map(\.name).filter { !frozen.contains($0) }
    guard let text = MCPOffer.announcement(from: announcedTools, to: now) else { return }
    append(MessageItem.ours(text))
    announcedTools = now
    journal.append(ThreadRecord.announced, ThreadRecord.Announced(tools: now))
  }
}
