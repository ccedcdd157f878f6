import StetProtocol
import StetText

/// The page of MCP servers (`/mcp`): the state of each, and what it offers.
enum ServersView {
  /// Tools listed of one server; a server with more has a listing of its own.
  private static let maxTools = 200

  static func lines(_ servers: [McpServerStatus]?, _ context: ViewContext) -> [Line] {
    guard let servers else { return [Line(" asking the server …", Look.dim)] }
    guard !servers.isEmpty else {
      return wrapped(
        "No MCP server is configured. One is a table [mcp_servers.NAME] in config.toml.", 1, Look.dim, context
      )
    }
    return Array(servers.map { server($0, context) }.joined(separator: [Line.empty]))
  }

  private static func server(_ server: McpServerStatus, _ context: ViewContext) -> [Line] {
    let (state, look) = state(of: server)
    var title = [
      Span(" " + Sanitizer.display(server.name), Look.strong), Span("  " + state, look),
      Span("  " + Words.plural(server.tools.count, "tool"), Look.dim),
    ]
    if !server.resources.isEmpty {
      title.append(Span(" · " + Words.plural(server.resources.count, "resource"), Look.dim))
    }
    if let origin = server.httpOrigin { title.append(Span("  " + Sanitizer.display(origin), Look.dim)) }
    var lines = Wrapper(width: max(1, context.width)).wrap(Line(title))
    if let error = server.toolsError { lines += wrapped(error, 3, Look.error, context) }
    for (name, tool) in server.tools.prefix(maxTools) {
      let words = tool["description"]?.stringValue.map { "  " + Words.firstLine($0) } ?? ""
      lines += wrapped(name + words, 3, Look.text, context)
    }
    let more = server.tools.count - maxTools
    if more > 0 { lines += wrapped("… \(more) more", 3, Look.dim, context) }
    return lines
  }

  private static func state(of server: McpServerStatus) -> (String, Style) {
    switch server.runtimeStatus {
    case .connected: ("ready", Look.success)
    case .starting: ("starting", Look.warning)
    case .failed: ("failed", Look.error)
    case .authenticationRequired: ("wants a login", Look.warning)
    case .disabled: ("off", Look.dim)
    case .cancelled: ("stopped", Look.dim)
    case .notStarted, nil: ("not started", Look.dim)
    case .unknown(let name): (Words.firstLine(name), Look.dim)
    }
  }

  private static func wrapped(_ text: String, _ indent: Int, _ look: Style, _ context: ViewContext) -> [Line]
  {
    Wrapper(width: max(1, context.width - indent)).wrap(Line(Sanitizer.display(text), look)).map {
      $0.prefixed(by: [.blank(indent)])
    }
  }
}
