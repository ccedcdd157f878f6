import StetProtocol

/// What MCP servers offer to be read, for the model. The tools are in its list from the first request on, whatever servers
/// there are then (P2). All that they answer is the servers' word.
enum MCPResources: String, CaseIterable {
  case list = "list_mcp_resources"
  case templates = "list_mcp_resource_templates"
  case read = "read_mcp_resource"

  static func tools(_ host: MCPHost) -> [any Tool] {
    [
      MCPListTool(kind: .list, host: host), MCPListTool(kind: .templates, host: host),
      MCPReadTool(host: host),
    ]
  }
}

/// `list_mcp_resources` and `list_mcp_resource_templates`.
struct MCPListTool: Tool {
  /// Characters of a description.
  private static let descriptionLimit = 300

  let kind: MCPResources
  let host: MCPHost
  let access = ToolAccess.read
  var name: String { kind.rawValue }

  var definition: JSONValue {
    let what = kind == .list ? "resources" : "resource templates (URIs with parameters)"
    return ToolDefinition.function(
      name, "List \(what) of MCP servers.", ["server": ToolDefinition.text("Of this server only.")])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let wanted: String?
    do {
      wanted = try ToolArguments(call).optionalString("server")
    } catch {
      return error.output
    }
    let item = MCPCallItem(call, server: wanted ?? "", tool: name, readOnlyHint: true, context)
    let servers = await host.all.filter { wanted == nil || $0.config.name == wanted }
    if let wanted, servers.isEmpty {
      return item.end(await host.unknown(wanted), error: "There is no MCP server `\(wanted)`.")
    }
    var lines: [String] = []
    for server in servers {
      do {
        let found =
          kind == .list ? try await server.resources() : try await server.resourceTemplates()
        lines += found.map { Self.line($0, of: server.config.name) }
      } catch {
        lines.append("[\(error.message)]")
      }
    }
    let text = lines.isEmpty ? "There are none." : lines.joined(separator: "\n")
    let cut = LongOutput.cut(text, call, context.outputs)
    return item.end(.text(cut), result: McpToolCallResult(content: [["type": "text", "text": .string(cut)]]))
  }

  /// What a model chooses by, on one line.
  private static func line(_ resource: JSONValue, of server: String) -> String {
    var line: JSONObject = ["server": .string(server)]
    for name in ["uri", "uriTemplate", "name", "mimeType", "size", "description"] {
      guard let value = resource[name], !value.isNull else { continue }
      line[name] = value.stringValue.map { .string(String($0.prefix(descriptionLimit))) } ?? value
    }
    // Cut short it would be another one.
    for name in ["uri", "uriTemplate"] { line[name] = resource[name] }
    return JSONValue.object(line).text
  }
}

/// `read_mcp_resource`. A server that is not trusted is asked for nothing before the user said yes: what is asked for
/// tells it something (M4).
struct MCPReadTool: Tool {
  let host: MCPHost
  let access = ToolAccess.write
  let name = MCPResources.read.rawValue

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Read a resource of an MCP server.",
      ["server": ["type": "string"], "uri": ["type": "string"]], required: ["server", "uri"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    let (wanted, uri): (String, String)
    do {
      let arguments = try ToolArguments(call)
      (wanted, uri) = (try arguments.string("server"), try arguments.string("uri"))
    } catch {
      return error.output
    }
    let item = MCPCallItem(call, server: wanted, tool: name, readOnlyHint: true, context)
    guard let server = await host.server(wanted) else {
      return item.end(await host.unknown(wanted), error: "There is no MCP server `\(wanted)`.")
    }
    guard uri.utf8.count <= MCPTool.argumentLimit else {
      let cause = "\(name): the URI has more than \(MCPTool.argumentLimit) bytes."
      return item.end(.failure(cause, "Read one that the server lists."), error: cause)
    }
    let asTool = MCPTool(
      info: MCPToolInfo(
        server: wanted, name: name,
        raw: [
          "description": "Reads a resource of the server.", "annotations": ["readOnlyHint": true],
        ]), server: server)
    switch await MCPApproval(tool: asTool, call: call, context: context).settle() {
    case .run: break
    case .refused(let output, let why): return item.end(output, error: why)
    }
    do {
      let output = MCPResult.contents(try await server.read(uri), call, context)
      return item.end(
        output, result: McpToolCallResult(content: [["type": "text", "text": .string(output.text)]]))
    } catch {
      return item.end(
        .failure("\(name) failed: \(error.message)", "Read one that the server lists, or go on without it."),
        error: error.message)
    }
  }
}

extension MCPHost {
  fileprivate func unknown(_ name: String) -> ToolOutput {
    let names = all.map(\.config.name).joined(separator: ", ")
    return .failure(
      "There is no MCP server `\(name)`.", names.isEmpty ? "Go on without it." : "There are: \(names).")
  }
}
