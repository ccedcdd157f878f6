import Logging
import StetAgent
import StetConfig
import StetNet
import StetRPC
import StetServer

/// The agent behind its app-server, in this process. Clients connect to it as they would to any other.
final class Backend: Sendable {
  let server: AppServer
  let agent: Agent
  let environment: AgentEnvironment
  private let http: HTTPClient

  /// - Parameters:
  ///   - model: takes the place of every provider (the demo).
  ///   - isHeadless: nobody watches (`stet exec`).
  ///   - startsTurnsAlone: threads go on with what waits in them.
  init(
    _ surroundings: Surroundings, model: (any ModelClient)? = nil, isHeadless: Bool = false,
    startsTurnsAlone: Bool = true, log: Logger
  ) {
    http = HTTPClient()
    var environment = AgentEnvironment(
      home: surroundings.home,
      configuration: { directory, session in
        try ConfigurationLoader.load(
          home: surroundings.home, cwd: directory, overrides: surroundings.overrides, session: session)
      },
      processEnvironment: surroundings.environment, http: http, modelClientOverride: model,
      serverVersion: Version.current, defaultCwd: surroundings.directory, log: log)
    environment.isHeadless = isHeadless
    environment.startsTurnsAlone = startsTurnsAlone
    if isHeadless { environment.sessionSource = .exec }
    self.environment = environment
    var made: Agent?
    server = AppServer(environment: environment) { [environment] sink in
      let agent = Agent(environment: environment, sink: sink)
      made = agent
      return agent
    }
    guard let made else { preconditionFailure("the app-server made no agent") }
    agent = made
  }

  /// Loads the HTTP library in the background, for a client whose first request comes at once.
  func warmUp() {
    // The first task makes the runtime look a symbol up, which would have to wait for the loader behind the library.
    Task {}
    http.warmUp()
  }

  /// A client's end of a new connection inside of this process.
  func connect() -> LocalTransport {
    let (client, service) = LocalTransport.pair()
    server.accept(service)
    return client
  }

  /// Ends turns, commands and connections; returns when nothing of them is left.
  func shutdown() async {
    await server.shutdown()
    http.shutdown()
  }
}
