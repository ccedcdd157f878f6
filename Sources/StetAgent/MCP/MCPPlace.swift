import Logging
import StetConfig
import StetNet
import StetProcess
import StetProtocol

/// Where the servers of a thread run: directory, walls, environment.
struct MCPPlace: Sendable {
  let threadId: String
  let settings: TurnSettings
  let home: StetHome
  let processEnvironment: [String: String]
  /// Names of variables that hold providers' keys (V10).
  let secretNames: Set<String>
  let processMemory: ToolMemory
  let clock: AgentClock
  let http: HTTPClient
  let serverVersion: String
  let log: Logger

  /// Starts the program of a server, or prepares the way to one that runs elsewhere; the error says what to do.
  func launch(_ config: MCPServerConfig, _ notes: MCPLog) async throws(MCPError) -> any MCPLink {
    switch config.transport {
    case .stdio(let program, let arguments, let directory):
      return try await start(config, program, arguments, directory, notes)
    case .http(let url): return try remote(config, url)
    }
  }

  /// A server that is reached over streamable HTTP.
  private func remote(_ config: MCPServerConfig, _ url: String) throws(MCPError) -> MCPHTTPTransport {
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
      throw MCPError("The url of MCP server `\(config.name)` is none of http or https.")
    }
    var headers = config.httpHeaders.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (name, variable) in config.envHTTPHeaders.sorted(by: { $0.key < $1.key }) {
      if let value = processEnvironment[variable], !value.isEmpty { headers.append((name, value)) }
    }
    if let variable = config.bearerTokenVariable {
      guard let token = processEnvironment[variable], !token.isEmpty else {
        throw MCPError(
          "Environment variable \(variable) for MCP server `\(config.name)` is not set; it holds the bearer token."
        )
      }
      headers.append(("Authorization", "Bearer \(token)"))
    }
    return MCPHTTPTransport(
      http, url: url, headers: headers, tokens: tokens(config, url, headers), name: config.name, clock: clock,
      log: log)
  }

  /// What the user logged in for, where nothing else says who they are.
  private func tokens(_ config: MCPServerConfig, _ url: String, _ headers: [(String, String)]) -> OAuthTokens?
  {
    guard !headers.contains(where: { $0.0.lowercased() == "authorization" }) else { return nil }
    let (name, log) = (config.name, log)
    let file = OAuthTokenFile(home: home, server: name)
    return processMemory.value { OAuthTokensByFile() }.tokens(file, for: url) {
      OAuthTokens(
        url: url, file: file, calls: OAuthCalls(http: http, nowMs: clock.nowMs, url: url), clock: clock,
        problem: { log.warning("MCP server \(name): its token was not renewed: \($0)") })
    }
  }

  /// Whether the user has logged in to a server.
  func hasToken(for config: MCPServerConfig) -> Bool {
    guard case .http(let url) = config.transport else { return false }
    return OAuthTokenFile(home: home, server: config.name).token(for: url) != nil
  }

  private func start(
    _ config: MCPServerConfig, _ program: String, _ arguments: [String], _ directory: String?, _ notes: MCPLog
  ) async throws(MCPError) -> MCPTransport {
    let cwd = directory.map { PathText.join(settings.cwd, $0) } ?? settings.cwd
    // What the user lists by name for this server passes, also a key.
    let excluded = secretNames.subtracting(config.inheritedVariables).subtracting(config.environment.keys)
    let environment = EnvironmentPolicy(listed: Set(config.inheritedVariables), excluded: excluded)
      .forModel(processEnvironment, extra: config.environment)
    do {
      var command = Command(
        argv: [program] + arguments, cwd: cwd, environment: environment, stdin: .pipe, errors: .separate)
      command.sandbox = try await walls(config, cwd: cwd)
      return MCPTransport(try ProcessSession.start(command), notes: notes)
    } catch let error as MCPError {
      throw error
    } catch {
      throw MCPError("\(program) could not be started: \(error)")
    }
  }

  /// Whether a server that was started here stands behind the walls that another place would give it now.
  func hasWalls(of other: MCPPlace, for config: MCPServerConfig) -> Bool {
    config.sandbox == .off
      || settings.sandboxPolicy == other.settings.sandboxPolicy
        && settings.writableRoots == other.settings.writableRoots
  }

  var roots: JSONValue {
    .array(
      settings.workspaceRoots.map { root in
        ["uri": .string("file://" + Self.escaped(root)), "name": .string(PathText.name(root))]
      })
  }

  // MARK: - Parts

  private func walls(_ config: MCPServerConfig, cwd: String) async throws -> SandboxLaunch? {
    guard config.sandbox != .off else { return nil }
    let choice = await SandboxChoice.make(
      settings, network: config.sandbox == .network, memory: processMemory, environment: processEnvironment)
    guard choice.isWanted else { return nil }
    if let problem = choice.problem {
      throw MCPError(
        "There is no sandbox to run it in (\(problem)). Set sandbox = \"off\" in [mcp_servers.\(config.name)] to "
          + "run it without.")
    }
    return try await choice.launch(home: home, threadId: threadId, cwd: cwd, readable: Self.named(config))
  }

  /// The folders of the files that the user names in the command: a script in a temporary folder must be readable.
  private static func named(_ config: MCPServerConfig) -> [String] {
    guard case .stdio(let program, let arguments, _) = config.transport else { return [] }
    return ([program] + arguments).filter { $0.hasPrefix("/") && CappedFile.exists($0) }.map { path in
      let real = RealPath.of(path)
      let folder = String(real[..<(real.lastIndex(of: "/") ?? real.startIndex)])
      return ["", "/tmp", "/var/tmp", "/run"].contains(folder) ? real : folder
    }
  }

  /// RFC 3986: what may stand in a path stays.
  private static func escaped(_ path: String) -> String {
    var text = ""
    let digits = Array("0123456789ABCDEF")
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return text
  }
}

/// Why a server can't be used: one sentence for the user.
struct MCPError: Error, Hashable, Sendable {
  let message: String
  /// Logging in would help.
  let needsLogin: Bool

  init(_ message: String, needsLogin: Bool = false) {
    self.message = message
    self.needsLogin = needsLogin
  }
}
