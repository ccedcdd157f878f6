import ArgumentParser
import Glibc
import StetAgent
import StetClient
import StetProcess
import StetProtocol
import Synchronization

/// `stet mcp`: log in to MCP servers that want it, and out.
struct MCPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp", abstract: "Log in to an MCP server over HTTP, or out.",
    subcommands: [MCPLoginCommand.self, MCPLogoutCommand.self])
}

/// `stet mcp login NAME`: OAuth in the user's browser; the token stays on this machine.
struct MCPLoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Log in to a server of [mcp_servers] in your browser.")

  @OptionGroup var options: CommonOptions

  @Argument(help: "The server's name in config.toml.")
  var name: String

  @Option(
    name: .long, parsing: .upToNextOption, help: "What to ask for; by default what the server names.")
  var scopes: [String] = []

  @Option(name: .long, help: "Seconds to wait for you.")
  var timeout = 300

  @Flag(name: .long, help: "Only print the address.")
  var noBrowser = false

  func run() throws {
    let surroundings = try options.surroundings()
    let backend = Backend(
      surroundings, isHeadless: true, log: LogFile.logger(home: surroundings.home, label: "mcp"))
    let ended = Ending()
    let outcome = Mutex<McpServerOauthLoginCompletedNotification?>(nil)
    let name = name
    let client = AppClient(
      backend.connect(),
      events: AppClient.Events(
        onNotification: { notification in
          guard case .mcpServerOauthLoginCompleted(let note) = notification, note.name == name else { return }
          outcome.withLock { $0 = note }
          ended.end()
        }, onClose: { _ in ended.end() }))
    defer {
      client.close()
      Blocking.run { await backend.shutdown() }
    }
    let params = McpServerOauthLoginParams(
      name: name, scopes: scopes.isEmpty ? nil : scopes, timeoutSecs: timeout)
    let begun: Result<McpServerOauthLoginResponse, RPCError> = Blocking.run {
      do throws(RPCError) {
        let info = ClientInfo(name: "stet-mcp", version: Version.current, title: "stet mcp")
        _ = try await Self.greet(client, info)
        return .success(try await client.call(params))
      } catch {
        return .failure(error)
      }
    }
    switch begun {
    case .failure(let error):
      StandardError.print("stet: \(PlainText.line(error.message, limit: 400))")
      throw ExitCode.failure
    case .success(let answer):
      print("Log in to \(name) here:\n\(PlainText.line(answer.authorizationUrl, limit: 8_000))")
      fflush(nil)
      if !noBrowser { Self.open(answer.authorizationUrl, surroundings) }
    }
    ended.wait()
    let note = outcome.withLock { $0 }
    guard note?.success == true else {
      StandardError.print(
        "stet: not logged in: \(PlainText.line(note?.error ?? "the server ended", limit: 400))")
      throw ExitCode.failure
    }
    print("Logged in to \(name).")
  }

  private static func greet(_ client: AppClient, _ info: ClientInfo) async throws(RPCError)
    -> InitializeResponse
  {
    do {
      return try await client.initialize(
        clientInfo: info, capabilities: InitializeCapabilities(experimentalApi: true))
    } catch {
      throw error as? RPCError ?? .internalError("\(error)")
    }
  }

  /// The address was checked to be one of http or https: it is no option, and no shell sees it.
  private static func open(_ address: String, _ surroundings: Surroundings) {
    let variables = surroundings.environment
    guard variables["DISPLAY"] != nil || variables["WAYLAND_DISPLAY"] != nil else { return }
    do {
      _ = try ProcessSession.start(
        Command(
          argv: ["xdg-open", address], cwd: surroundings.directory, environment: variables,
          errors: .discarded))
    } catch {
      StandardError.print("stet: no browser could be opened (\(error)): open the address yourself")
    }
  }
}

/// `stet mcp logout NAME`.
struct MCPLogoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "End the log-in to a server, and forget its token.")

  @OptionGroup var options: CommonOptions

  @Argument(help: "The server's name in config.toml.")
  var name: String

  func run() throws {
    let surroundings = try options.surroundings()
    let backend = Backend(
      surroundings, isHeadless: true, log: LogFile.logger(home: surroundings.home, label: "mcp"))
    defer { Blocking.run { await backend.shutdown() } }
    let (name, environment) = (name, backend.environment)
    let ended: Result<OAuthLogout.Outcome, any Error> = Blocking.run {
      do {
        return .success(try await OAuthLogout.run(server: name, environment: environment))
      } catch {
        return .failure(error)
      }
    }
    switch ended {
    case .success(.none): print("There was no token of \(name).")
    case .success(.done(let problem)):
      print("Logged out of \(name).")
      guard let problem else { return }
      StandardError.print(
        "stet: copies of the token work until it runs out: \(PlainText.line(problem, limit: 400))")
    case .failure(let error):
      StandardError.print("stet: not logged out: \(PlainText.line("\(error)", limit: 400))")
      throw ExitCode.failure
    }
  }
}
