/// One `[mcp_servers.NAME]`: a program to start or a URL to connect to.
public struct MCPServerConfig: Hashable, Sendable {
  public enum Transport: Hashable, Sendable {
    /// `cwd` nil means the thread's directory.
    case stdio(command: String, arguments: [String], cwd: String?)
    case http(url: String)
  }

  public let name: String
  public let transport: Transport
  /// Variables that are set for the program.
  public let environment: [String: String]
  /// Variables that the program inherits from stet, beside the usual few.
  public let inheritedVariables: [String]
  /// The environment variable that holds the bearer token of an HTTP server.
  public let bearerTokenVariable: String?
  /// How to log in to an HTTP server; each part nil where the server says it itself.
  public struct OAuth: Hashable, Sendable {
    /// Of a client that was registered by hand.
    public let clientId: String?
    public let scopes: [String]?
    /// What the token is for (RFC 8707).
    public let resource: String?
  }

  public let oauth: OAuth
  public let httpHeaders: [String: String]
  /// Header name → environment variable that holds its value.
  public let envHTTPHeaders: [String: String]
  /// Milliseconds until the server must have answered `initialize`.
  public let startupTimeoutMs: Int
  /// Milliseconds that a call may take without progress.
  public let toolTimeoutMs: Int
  public let isEnabled: Bool
  /// A thread must not start without it.
  public let isRequired: Bool
  /// The user believes this server's hints, such as `readOnlyHint` (agent-core.md M4).
  public let isTrusted: Bool
  /// The walls that the program runs behind.
  public enum Walls: String, Hashable, Sendable {
    /// Those of the thread's commands.
    case thread
    /// The same, with the network.
    case network
    /// None.
    case off
  }

  /// Whether the user is asked before a call.
  public enum Asking: String, Hashable, Sendable {
    /// By the hints of a trusted server; else always.
    case auto
    case prompt, approve
  }

  public let sandbox: Walls
  /// For tools that have no setting of their own.
  public let defaultAsking: Asking
  public let askingByTool: [String: Asking]
  /// nil means all tools.
  public let enabledTools: [String]?
  public let disabledTools: [String]

  /// Reads one table; throws for a server with neither or both of `command` and `url`.
  init(
    _ name: String, _ table: ValueReader,
    fail: (_ path: [String], _ message: String, _ advice: String) -> ConfigurationError
  ) throws(ConfigurationError) {
    self.name = name
    switch (table.string("command"), table.string("url")) {
    case (let command?, nil):
      transport = .stdio(
        command: command, arguments: table.strings("args") ?? [], cwd: table.string("cwd"))
    case (nil, let url?): transport = .http(url: url)
    default:
      throw fail(
        ["mcp_servers", name], "The MCP server \(name) needs either a command or a url.",
        "Write command = \"…\" for a program, or url = \"https://…\" for a server, not both.")
    }
    environment = table.stringMap("env")
    inheritedVariables = Self.names(table)
    bearerTokenVariable = table.string("bearer_token_env_var")
    oauth = OAuth(
      clientId: table.values["oauth"]?["client_id"]?.stringValue, scopes: table.strings("scopes"),
      resource: table.string("oauth_resource"))
    httpHeaders = table.stringMap("http_headers")
    envHTTPHeaders = table.stringMap("env_http_headers")
    startupTimeoutMs =
      Self.milliseconds(table.double("startup_timeout_sec")) ?? table.int("startup_timeout_ms") ?? 30_000
    toolTimeoutMs = Self.milliseconds(table.double("tool_timeout_sec")) ?? 120_000
    isEnabled = table.bool("enabled") ?? true
    isRequired = table.bool("required") ?? false
    isTrusted = table.bool("trusted") ?? false
    sandbox = table.string("sandbox").flatMap(Walls.init) ?? .thread
    defaultAsking = table.string("default_tools_approval_mode").flatMap(Asking.init) ?? .auto
    var asking: [String: Asking] = [:]
    for (tool, settings) in table.tables("tools") {
      asking[tool] = settings.string("approval_mode").flatMap(Asking.init)
    }
    askingByTool = asking
    enabledTools = table.strings("enabled_tools")
    disabledTools = table.strings("disabled_tools") ?? []
  }

  /// A day is longer than any wait, and keeps the number in bounds.
  private static func milliseconds(_ seconds: Double?) -> Int? {
    guard let seconds, seconds.isFinite else { return nil }
    return Int(min(max(seconds, 0), 86_400) * 1000)
  }

  /// A name is a string, or a table with a `name`.
  private static func names(_ table: ValueReader) -> [String] {
    (table.values["env_vars"]?.arrayValue ?? []).compactMap { $0.stringValue ?? $0["name"]?.stringValue }
  }
}
