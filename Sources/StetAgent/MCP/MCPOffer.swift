import StetProtocol

/// Which MCP tools go into the frozen list, and by what names they are called.
enum MCPOffer {
  /// Bytes of all MCP definitions in a request; what is beyond is reached through `tool_search`.
  static let byteLimit = 48 << 10
  /// Names in one sentence; the others are found with `tool_search`.
  private static let nameLimit = 100

  /// The tools that fit into the list, in their order.
  static func direct(_ tools: [MCPTool]) -> [MCPTool] {
    var left = byteLimit
    var fitting: [MCPTool] = []
    for tool in tools {
      left -= tool.definition.serialized().count
      guard left >= 0 else { break }
      fitting.append(tool)
    }
    return fitting
  }

  /// By name, and by the spellings that lead to one tool only (M3).
  static func callable(_ tools: [MCPTool]) -> [String: MCPTool] {
    var byName = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var byAlias: [String: [MCPTool]] = [:]
    for tool in tools {
      for alias in MCPToolName.aliases(server: tool.info.server, tool: tool.info.name) {
        byAlias[alias, default: []].append(tool)
      }
    }
    for (alias, tools) in byAlias where tools.count == 1 && byName[alias] == nil { byName[alias] = tools[0] }
    return byName
  }

  /// Whether a tool is in the list because of servers.
  static func isOfServers(_ name: String) -> Bool { name.hasPrefix("mcp__") || fixed.contains(name) }

  /// Of whatever servers there are: in the list from the first request on, so that nothing has to change when a server
  /// comes later.
  private static let fixed = Set(["tool_search", "call_tool"] + MCPResources.allCases.map(\.rawValue))

  /// The frozen list with the tools that another model needs: what is there because of servers stays as it was frozen,
  /// byte for byte, for whoever comes back to the first model finds its prefix again (P2).
  static func list(_ offered: PromptTools, after frozen: PromptTools?) -> PromptTools? {
    func isOther(_ definition: JSONValue) -> Bool { !isOfServers(definition["name"]?.stringValue ?? "") }
    guard let frozen else { return offered }
    let (old, new) = (frozen.definitions, offered.definitions)
    guard frozen.names.filter({ !isOfServers($0) }) != offered.names.filter({ !isOfServers($0) }) else {
      return nil
    }
    return PromptTools(new.filter(isOther) + old.filter { !isOther($0) })
  }

  /// What the model is to be told: of tools that came after its list was frozen, and of those that went or came back.
  ///
  /// - Parameters:
  ///   - told: what it knows.
  ///   - here: the tools of servers that are ready, in their order.
  ///   - isComing: whether a tool's server is on its way: nothing is said of it yet.
  static func announcement(
    _ told: ThreadRecord.Announced, list: [String], here: [String], isComing: (String) -> Bool
  ) -> (text: String, now: ThreadRecord.Announced)? {
    let (listed, present) = (Set(list), Set(here))
    func isHere(_ name: String) -> Bool { present.contains(name) || isComing(name) }
    let late =
      here.filter { !listed.contains($0) } + told.tools.filter { !present.contains($0) && isComing($0) }
    let gone = list.filter { $0.hasPrefix("mcp__") && !isHere($0) }
    let (knew, missed) = (Set(told.tools), Set(told.gone ?? []))
    var lines: [String] = []
    func tell(_ words: String, _ names: [String]) {
      guard !names.isEmpty else { return }
      let more = names.count > nameLimit ? " and \(names.count - nameLimit) more" : ""
      lines.append("\(words): \(names.prefix(nameLimit).joined(separator: ", "))\(more)")
    }
    tell("These tools can be used now, through tool_search and call_tool", late.filter { !knew.contains($0) })
    tell("These tools of your list work again", list.filter { missed.contains($0) && isHere($0) })
    tell("These tools are gone", (told.tools + gone).filter { !isHere($0) && !missed.contains($0) })
    let now = ThreadRecord.Announced(tools: late, gone: gone.isEmpty ? nil : gone)
    return lines.isEmpty ? nil : ("<mcp_tools>\n\(lines.joined(separator: "\n"))\n</mcp_tools>", now)
  }
}
