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
    let builtIn = own.isEmpty ? [] : own + GoalBoard.tools(self)
    // A client's tool of the same name takes the place of a built-in one: it was named on purpose.
    var offered = builtIn.filter { !taken.contains($0.name) }
    for tool in dynamic { offered.append(tool) }
    guard await !mcp.isEmpty else { return offered }
    // For what comes after the list is frozen, or does not fit into it.
    let fixed: [any Tool] = [MCPSearchTool(host: mcp), MCPCallTool(host: mcp)] + MCPResources.tools(mcp)
    offered += fixed.filter { !taken.contains($0.name) }
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

  /// Tells the model what has changed of MCP tools since its list was frozen.
  func announceTools() {
    let list = prompt.tools?.names ?? []
    guard list.contains("tool_search") else { return tellOfServers() }
    let coming = startingServers
    let news = MCPOffer.announcement(announcedTools, list: list, here: mcpTools.map(\.name)) { name in
      coming.contains { name.hasPrefix("mcp__\($0)__") }
    }
    guard let news else { return }
    append(MessageItem.ours(news.text))
    announcedTools = news.now
    journal.append(ThreadRecord.announced, news.now)
  }

  /// Nothing leads to servers that were configured after the list of a thread was frozen without any: the user is told,
  /// once.
  private func tellOfServers() {
    guard !toldOfServers, prompt.tools != nil, !mcpTools.isEmpty else { return }
    toldOfServers = true
    let names = Set(mcpTools.map(\.info.server)).sorted().joined(separator: ", ")
    feed.warn(
      "The MCP servers \(names) came after the tools of this thread were fixed, and it can't use them; a new thread can."
    )
  }
}
