import StetConfig
import StetNet

/// What the doctor says of a provider: its wire, its key, its way, what it keeps and how large its window is.
public struct ProviderReport: Sendable {
  /// A fact, and what to do where something is wrong.
  public struct Line: Sendable, Hashable {
    public enum State: Sendable, Hashable { case good, note, problem }

    public var state: State
    public var text: String
    public var advice: String?
  }

  public let id: String
  public let lines: [Line]

  /// An endpoint that needs longer to say anything is a problem of its own.
  private static let timeoutMs = 5_000
  private static let answerLimit = 4 << 20

  /// Looks at the providers that the user's configuration names or has a key for, the one in use first; only that one
  /// is asked whether it answers.
  ///
  /// - Parameter model: what the provider in use is asked for.
  public static func all(
    _ configuration: Configuration, environment: AgentEnvironment, using target: ModelTarget?
  ) async -> [ProviderReport] {
    let keys = ProviderKeys(
      variables: environment.processEnvironment, file: APIKeyFile(home: environment.home),
      nowMs: environment.clock.nowMs)
    let named = configuration.raw["model_providers"]?.objectValue?.keys ?? []
    var ids = [target?.providerId, configuration.modelProvider].compactMap { $0 } + named
    ids += configuration.models.providers.filter { !$0.isLocal && keys.standing($0) != nil }.map(\.id)
    var seen: Set<String> = []
    var reports: [ProviderReport] = []
    for id in ids where seen.insert(id).inserted {
      guard let provider = configuration.providers[id] else { continue }
      let isUsed = id == target?.providerId
      var lines = [
        wire(provider), key(provider, keys), retention(provider, model: isUsed ? target?.model : nil),
        route(provider, environment.http),
      ]
      if isUsed, let target {
        lines.append(
          await window(
            target, configuration,
            WindowProbe(http: environment.http, keys: keys, limitMs: environment.serverLimitMs)))
        lines.append(await endpoint(provider, target.apiKey, environment.http, keys))
      }
      reports.append(ProviderReport(id: id, lines: lines))
    }
    return reports
  }

  // MARK: - Lines

  private static func good(_ text: String) -> Line { Line(state: .good, text: text) }

  private static func wire(_ provider: ProviderConfig) -> Line {
    good("\(provider.name) at \(provider.baseURL), wire \(provider.wireAPI.rawValue)")
  }

  private static func key(_ provider: ProviderConfig, _ keys: ProviderKeys) -> Line {
    if let key = keys.standing(provider) { return good("key from \(key.source)") }
    if let command = provider.keyCommand {
      return good("key from the command \(command.command), asked when needed")
    }
    guard let name = provider.envKey else { return good("no key is needed") }
    if provider.isLocal { return good("no key (\(name) is not set)") }
    return Line(
      state: .note, text: "no key: \(name) is not set",
      advice: keys.fileProblem ?? provider.envKeyInstructions ?? "Set it to your key for \(provider.name).")
  }

  /// Zero data retention: what stays where.
  private static func retention(_ provider: ProviderConfig, model: String?) -> Line {
    if provider.isLocal {
      // Ollama passes models with such a tag on to its maker's servers.
      guard provider.kind == "ollama", let model, model.hasSuffix("cloud") else {
        return good("nothing of a thread leaves this machine")
      }
      return Line(
        state: .note, text: "\(model) runs on Ollama's servers: what a thread sends leaves this machine",
        advice: "A model without cloud in its tag stays here.")
    }
    let flags = ModelCatalog.metadata(for: provider.models.first ?? "", provider: provider).flags
    switch provider.wireAPI {
    case .responses:
      return good("store:false with each request; reasoning comes back encrypted and is kept only here")
    case .chat where flags.storeFlag:
      return good("store:false with each request; the thread is kept only here")
    case .chat, .messages:
      return good(
        "the wire stores no conversation, so there is nothing to turn off; the thread is kept only here")
    }
  }

  private static func route(_ provider: ProviderConfig, _ http: HTTPClient) -> Line {
    let route = http.route(to: provider.baseURL)
    let trust = route.certificates.map { ", certificates from \($0)" } ?? ""
    return good((route.proxy.map { "through the proxy \($0)" } ?? "no proxy") + trust)
  }

  private static func window(
    _ target: ModelTarget, _ configuration: Configuration, _ probe: WindowProbe
  ) async -> Line {
    if let set = configuration.contextWindow { return good("window \(set) tokens, set in config.toml") }
    let metadata = ModelCatalog.metadata(for: target.model, provider: target.provider)
    if let known = metadata.contextWindow { return good("window \(known) tokens, from the model table") }
    let facts = await probe.facts(target)
    if let window = facts.window { return good("window \(window) tokens, as the server says") }
    let limit = facts.limit.map { " (the model was made for \($0))" } ?? ""
    return Line(
      state: .note,
      text:
        "the window of \(target.model) is not known\(limit); \(ModelMetadata.assumedWindow) tokens are assumed",
      advice: "Set model_context_window in config.toml, or load the model and look again.")
  }

  private static func endpoint(
    _ provider: ProviderConfig, _ key: String?, _ http: HTTPClient, _ keys: ProviderKeys
  ) async -> Line {
    var request = ProviderRequest(provider: provider, apiKey: key, environment: keys.environment).get(
      "models")
    request.connectTimeoutMs = timeoutMs
    request.firstByteTimeoutMs = timeoutMs
    request.idleTimeoutMs = timeoutMs
    let place = "\(provider.baseURL)/models"
    do {
      let status = try await http.fetch(request, maxBytes: answerLimit).status
      switch status {
      case 401, 403:
        return Line(
          state: .problem, text: "\(place) refuses the key (HTTP \(status))",
          advice: "Check \(provider.envKey ?? "the provider's headers").")
      case 200..<300, 404, 405: return good("\(place) answers (HTTP \(status))")
      default:
        return Line(
          state: .note, text: "\(place) answers HTTP \(status)",
          advice: "If turns fail too, look at the server's log.")
      }
    } catch {
      return Line(
        state: .problem, text: error.message, advice: "Start the server, or check base_url and the network.")
    }
  }
}
