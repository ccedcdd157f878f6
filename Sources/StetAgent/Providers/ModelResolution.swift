import StetConfig

/// A model that can be asked: where, with which key, under which name.
public struct ModelTarget: Sendable, Hashable {
  /// Nil for the demo's scripted model.
  public var provider: ProviderConfig?
  public var providerId: String
  public var model: String
  /// Never logged, never stored (V10).
  public var apiKey: String?

  public init(provider: ProviderConfig?, providerId: String, model: String, apiKey: String?) {
    self.provider = provider
    self.providerId = providerId
    self.model = model
    self.apiKey = apiKey
  }

  /// What items of a response are marked with: reasoning goes back to the same provider and model only (P10), and
  /// in the form of the wire that it came over.
  var origin: String { Self.origin(providerId, model, provider?.wireAPI ?? .responses) }

  static func origin(_ providerId: String, _ model: String, _ wire: ProviderConfig.WireAPI) -> String {
    "\(providerId)/\(model) \(wire.rawValue)"
  }
}

/// What was found when a model was looked for, and what was looked for: the start screen and the doctor show it.
public struct ModelResolution: Sendable, Hashable {
  /// One place that was looked at, in order.
  public struct Look: Sendable, Hashable {
    /// "model in config.toml", "OPENAI_API_KEY", "Ollama at 127.0.0.1:11434" …
    public var place: String
    public var found: Bool
    /// What was found there, or why nothing was.
    public var detail: String

    public init(place: String, found: Bool, detail: String) {
      self.place = place
      self.found = found
      self.detail = detail
    }
  }

  public var target: ModelTarget?
  public var looks: [Look]
  /// Why there is no target, in one or two sentences; nil when there is one.
  public var problem: String?

  public init(target: ModelTarget?, looks: [Look], problem: String?) {
    self.target = target
    self.looks = looks
    self.problem = problem
  }
}
