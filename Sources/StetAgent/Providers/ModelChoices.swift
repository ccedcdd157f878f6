import StetConfig

/// A model to choose from, as `model/list` and the picker show it.
public struct ModelChoice: Sendable, Hashable {
  public var metadata: ModelMetadata
  /// The provider's name.
  public var provider: String
  public var isDefault: Bool
}

/// The models that a user can choose from without asking a hosted provider: those of the configuration, those that the
/// table lists for the provider in use, and those that a local server names.
public struct ModelChoices: Sendable {
  /// More is no list to choose from.
  private static let limit = 200

  private let resolver: ModelResolver
  private let limitMs: Int

  public init(environment: AgentEnvironment) {
    limitMs = environment.serverLimitMs
    resolver = ModelResolver(
      http: environment.http,
      keys: ProviderKeys(
        variables: environment.processEnvironment, file: APIKeyFile(home: environment.home),
        nowMs: environment.clock.nowMs), hasOverride: false)
  }

  /// Never empty: with nothing configured and no key, the first provider of the table.
  public func list(_ configuration: Configuration) async -> [ModelChoice] {
    let provider = provider(configuration)
    var names = [configuration.model, configuration.reviewModel].compactMap { $0 }
    if let provider {
      names += provider.models
      if provider.models.isEmpty,
        case .success(let listed) = await resolver.models(of: provider, limitMs: limitMs)
      {
        names += listed
      }
    }
    var seen: Set<String> = []
    let unique = names.filter { seen.insert($0).inserted }.prefix(Self.limit)
    let first = configuration.model ?? unique.first
    return unique.map { name in
      var metadata = ModelCatalog.metadata(for: name, provider: provider)
      if name == configuration.model, let window = configuration.contextWindow {
        metadata.contextWindow = window
      }
      return ModelChoice(metadata: metadata, provider: provider?.name ?? "", isDefault: name == first)
    }
  }

  // MARK: - Parts

  private func provider(_ configuration: Configuration) -> ProviderConfig? {
    if let id = configuration.modelProvider { return configuration.providers[id] }
    let homes = configuration.model.map { configuration.models.homes(of: $0) } ?? []
    let order = homes + configuration.models.providers.map(\.id)
    let hosted = order.compactMap { configuration.providers[$0] }.filter { !$0.isLocal }
    return hosted.first { resolver.keys.standing($0) != nil } ?? hosted.first
  }
}
