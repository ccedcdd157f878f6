import StetProtocol

/// Which MCP tools go into the frozen list, and by what names they are called.
enum MCPOffer {
  /// Bytes of all MCP definitions in a request; what is beyond is reached through `tool_search`.
  static let byteLimit = 48 << 10

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

  /// The names of a tool list that do not depend on servers.
  static func others(_ names: [String]) -> [String] {
    names.filter { !$0.hasPrefix("mcp__") && $0 != "tool_search" && $0 != "call_tool" }
  }

  /// Tells the model of tools that came after its list was frozen, or went.
  static func announcement(from old: [String], to new: [String]) -> String? {
    let came = new.filter { !old.contains($0) }
    let went = old.filter { !new.contains($0) }
    var lines: [String] = []
    if !came.isEmpty {
      lines.append(
        "These tools can be used now, through tool_search and call_tool: \(came.joined(separator: ", "))")
    }
    if !went.isEmpty { lines.append("These tools are gone: \(went.joined(separator: ", "))") }
    return lines.isEmpty ? nil : "<mcp_tools>\n\(lines.joined(separator: "\n"))\n</mcp_tools>"
  }
}
