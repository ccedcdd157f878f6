import StetProtocol
import StetText

/// The page of MCP servers (`/mcp`): the state of each, what it offers, and what it printed.
enum ServersView {
  /// Tools listed of one server; a server with more has a listing of its own.
  private static let maxTools = 200
  private static let maxResources = 50
  /// Lines of the log of a server that is ready, and of one that is not: why it failed is at the end of a longer one.
  private static let (readyLog, failedLog) = (8, 40)

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
    let resources = server.resources.count + server.resourceTemplates.count
    if resources > 0 { title.append(Span(" · " + Words.plural(resources, "resource"), Look.dim)) }
    if let origin = server.httpOrigin { title.append(Span("  " + Sanitizer.display(origin), Look.dim)) }
    var lines = Wrapper(width: max(1, context.width)).wrap(Line(title))
    if let error = server.toolsError { lines += wrapped(error, 3, Look.error, context) }
    for (name, tool) in server.tools.prefix(maxTools) {
      let words = tool["description"]?.stringValue.map { "  " + Words.firstLine($0) } ?? ""
      lines += wrapped(name + words, 3, Look.text, context)
    }
    lines += more(server.tools.count - maxTools, context)
    for resource in (server.resources + server.resourceTemplates).prefix(maxResources) {
      let uri = resource["uri"]?.stringValue ?? resource["uriTemplate"]?.stringValue ?? ""
      let words = resource["name"]?.stringValue.map { "  " + Words.firstLine($0) } ?? ""
      lines += wrapped(Words.firstLine(uri) + words, 3, Look.dim, context)
    }
    lines += more(server.resources.count + server.resourceTemplates.count - maxResources, context)
    return lines + log(server, context)
  }

  private static func more(_ count: Int, _ context: ViewContext) -> [Line] {
    count > 0 ? wrapped("… \(count) more", 3, Look.dim, context) : []
  }

  /// What the server printed, last of all.
  private static func log(_ server: McpServerStatus, _ context: ViewContext) -> [Line] {
    guard let log = server.stet?.log, !log.isEmpty else { return [] }
    let count = server.runtimeStatus == .connected ? readyLog : failedLog
    var lines = wrapped("log" + (log.count > count ? " (the last \(count) lines)" : ""), 3, Look.dim, context)
    for line in log.suffix(count) { lines += wrapped(line, 5, Look.dim, context) }
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
