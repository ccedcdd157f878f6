import StetConfig

extension ThreadSession {
  /// The variables that hold keys, of every provider that is configured: no command of the model gets them (V10).
  func secretNames(_ model: TurnModel) -> Set<String> {
    var names = model.configuration?.secretNames ?? []
    if let provider = model.target.provider {
      names.formUnion([provider.envKey].compactMap { $0 } + provider.envHTTPHeaders.values)
    }
    return names
  }
}

extension SessionServices {
  /// The client that speaks the provider's wire, with the provider's key.
  func modelClient() -> any ModelClient { KeyedClient(base: client(), keys: resolver.keys) }

  /// Opens the connection to a model's server, or asks it for the window that only it knows, before the first turn
  /// needs them. Nothing waits for it.
  func prepare(_ target: ModelTarget?, _ configuration: Configuration) {
    guard let target, let provider = target.provider, environment.modelClientOverride == nil else { return }
    guard provider.isLocal else { return environment.http.connect(provider.baseURL) }
    if configuration.contextWindow == nil,
      ModelCatalog.metadata(for: target.model, provider: provider).contextWindow == nil
    {
      Task { _ = await windows.facts(target) }
    }
  }
}
