import Logging
import StetConfig
import StetNet
import StetProtocol

/// All that the agent gets from outside: folders, configuration, the network, time. Made once by `stet`.
public struct AgentEnvironment: Sendable {
  public var home: StetHome
  /// Loads the configuration as it is for a directory; called anew for each thread, so that edits take effect.
  /// `session` are the values of `thread/start.config`.
  public var configuration: @Sendable (_ cwd: String, _ session: JSONObject) throws -> Configuration
  /// The environment of this process.
  public var processEnvironment: [String: String]
  public var http: HTTPClient
  /// Takes the place of every provider (the demo); with it no key and no endpoint is needed.
  public var modelClientOverride: (any ModelClient)?
  /// What an endpoint takes and gives, where the caller knows it better than the table of models.
  public var wireFlags: (@Sendable (ModelMetadata, ProviderConfig) -> WireFlags)?
  /// The tools that a model is offered.
  public var tools: @Sendable (ModelMetadata) -> [any Tool]
  /// What is known of a model beyond its name, where that is known from elsewhere.
  public var metadata: (@Sendable (ModelMetadata) -> ModelMetadata)?
  public var clock: AgentClock
  /// What clients see as `cliVersion`.
  public var serverVersion: String
  /// The directory of a thread whose client names none.
  public var defaultCwd: String
  public var log: Logger
  /// Nobody watches who could end a wait or look at an answer (`stet exec`).
  public var isHeadless = false
  /// Whether a thread starts a turn by itself: the head of its queue, the work on its goal. A server of single calls
  /// does what it is asked for and no more.
  public var startsTurnsAlone = true
  /// What threads that begin here say of where they come from; Codex calls the clients of an app-server so, whoever
  /// they are.
  public var sessionSource = SessionSource.vscode
  /// How long a model server may take to say what it has, in milliseconds; the most that a first turn waits for it.
  public var serverLimitMs = 1_500

  public init(
    home: StetHome,
    configuration: @escaping @Sendable (_ cwd: String, _ session: JSONObject) throws -> Configuration,
    processEnvironment: [String: String], http: HTTPClient, modelClientOverride: (any ModelClient)? = nil,
    tools: @escaping @Sendable (ModelMetadata) -> [any Tool] = { ToolCatalog.builtIn(for: $0) },
    clock: AgentClock = .system, serverVersion: String, defaultCwd: String,
    log: Logger = Logger(label: "agent")
  ) {
    self.home = home
    self.configuration = configuration
    self.processEnvironment = processEnvironment
    self.http = http
    self.modelClientOverride = modelClientOverride
    self.tools = tools
    self.clock = clock
    self.serverVersion = serverVersion
    self.defaultCwd = defaultCwd
    self.log = log
  }
}

extension AgentEnvironment {
  /// A directory that a client asks about, and its configuration: a relative one counts from the server's own, which is
  /// also what nil means.
  func place(_ cwd: String?) throws(RPCError) -> (directory: String, configuration: Configuration) {
    let directory = PathText.join(defaultCwd, cwd ?? defaultCwd)
    do {
      return (directory, try configuration(directory, JSONObject()))
    } catch {
      throw .invalidRequest("Invalid configuration: \(error)")
    }
  }
}
