import StetConfig
import StetJSON
import StetNet

/// Finds the model to use: what is configured, else the first provider whose key is there, else a local server that
/// answers.
struct ModelResolver: Sendable {
  let http: HTTPClient
  let keys: ProviderKeys
  let hasOverride: Bool

  /// How long a local server has to answer; all are asked at once, so this is the whole wait. Where none runs the
  /// connection is refused at once: only one that is there, on a machine that is busy with its model, takes its time.
  static let probeLimitMs = 1_500
  /// The servers whose usual ports are looked at, in order of preference.
  static let localProviders = ["ollama", "lmstudio", "llamacpp", "vllm"]
  /// Bytes of a model list that are read.
  private static let listLimit = 4 << 20
  /// Providers whose keys are looked for one by one; the rest is told of in one line.
  private static let firstProviders = 2

  /// - Parameters:
  ///   - model: the name asked for, if any.
  ///   - provider: the id of the provider asked for, if any.
  func resolve(model: String?, provider: String?, _ configuration: Configuration) async -> ModelResolution {
    if hasOverride {
      return found(
        ModelTarget(provider: nil, providerId: provider ?? "demo", model: model ?? "demo", apiKey: nil),
        [ModelResolution.Look(place: "the demo", found: true, detail: "a scripted model")])
    }
    if let id = provider {
      guard let config = configuration.providers[id] else {
        return failed("There is no model provider \(id) in config.toml.", [])
      }
      return await named(config, model: model)
    }
    if let model {
      guard case .project? = configuration.origin(of: ["model"])?.source, configuration.model == model else {
        return await unnamed(model, configuration)
      }
      // A project says which model, never where requests go (V4).
      var resolution = await anything(configuration)
      resolution.target?.model = model
      return resolution
    }
    return await anything(configuration)
  }

  // MARK: - Cases

  /// The provider is known.
  private func named(_ provider: ProviderConfig, model: String?) async -> ModelResolution {
    let look = ModelResolution.Look(
      place: "model_provider in config.toml", found: true, detail: "\(provider.name) at \(provider.baseURL)")
    var name = model ?? provider.models.first
    if name == nil, case .success(let names) = await models(of: provider) { name = names.first }
    guard let name else {
      return failed(
        "No model is set. Set model in config.toml or with -m; \(provider.name) lists none.", [look])
    }
    return await target(provider, name, [look])
  }

  /// Only the model is known: whose it is, then the keys decide, then a local server that has it.
  private func unnamed(_ model: String, _ configuration: Configuration) async -> ModelResolution {
    var looks = [ModelResolution.Look(place: "model in config.toml", found: true, detail: model)]
    let homes = Self.homes(of: model, configuration)
    let candidates = homes.isEmpty ? [configuration.providers["openai"]].compactMap { $0 } : homes
    for provider in candidates {
      let key = keys.standing(provider)
      looks.append(keyLook(provider, key))
      if key != nil { return await target(provider, model, looks) }
    }
    for (provider, result) in await probe(configuration) {
      looks.append(localLook(provider, result))
      if case .success(let names) = result, names.contains(model) {
        return await target(provider, model, looks)
      }
    }
    guard let provider = candidates.first else { return failed("No provider for \(model).", looks) }
    return await target(provider, model, looks)
  }

  /// The providers that know a model by this name: who passes requests on to many makers writes "maker/model".
  private static func homes(of model: String, _ configuration: Configuration) -> [ProviderConfig] {
    func namesMakers(_ name: String) -> Bool { name.utf8.contains(UInt8(ascii: "/")) }
    let all = configuration.models.providers.compactMap { configuration.providers[$0.id] }
    if namesMakers(model) { return all.filter { $0.models.contains(where: namesMakers) } }
    let owners = configuration.models.homes(of: model).compactMap { configuration.providers[$0] }
    return owners.filter { !$0.models.contains(where: namesMakers) }
      + all.filter { $0.models.contains(model) }
  }

  private func anything(_ configuration: Configuration) async -> ModelResolution {
    var looks = [
      ModelResolution.Look(place: "model in config.toml", found: false, detail: "not set")
    ]
    let hosted = configuration.models.providers.filter { !$0.isLocal && $0.envKey != nil }
      .compactMap { configuration.providers[$0.id] }
    for (index, provider) in hosted.enumerated() {
      let key = keys.standing(provider)
      if key != nil || index < Self.firstProviders { looks.append(keyLook(provider, key)) }
      if key != nil, let model = provider.models.first { return await target(provider, model, looks) }
    }
    let others = hosted.dropFirst(Self.firstProviders).compactMap(\.envKey)
    if !others.isEmpty {
      looks.append(
        ModelResolution.Look(
          place: "other keys", found: false, detail: "none of \(others.joined(separator: ", ")) is set"))
    }
    var chosen: (ProviderConfig, String)?
    for (provider, result) in await probe(configuration) {
      looks.append(localLook(provider, result))
      if chosen == nil, case .success(let names) = result, let first = names.first {
        chosen = (provider, first)
      }
    }
    if let (provider, model) = chosen { return await target(provider, model, looks) }
    return failed(
      "No model was found. Set OPENAI_API_KEY, ANTHROPIC_API_KEY or another provider's key, start a local model "
        + "server (Ollama, LM Studio, llama.cpp, vLLM), or set model and model_provider in config.toml. stet demo "
        + "shows everything without a model.",
      looks)
  }

  // MARK: - Parts

  private func probe(
    _ configuration: Configuration
  ) async -> [(ProviderConfig, Result<[String], NetError>)] {
    let candidates = Self.localProviders.compactMap { configuration.providers[$0] }
    return await withTaskGroup(of: (Int, Result<[String], NetError>).self) { group in
      for (index, provider) in candidates.enumerated() {
        group.addTask { (index, await models(of: provider)) }
      }
      var results: [Int: Result<[String], NetError>] = [:]
      for await (index, result) in group { results[index] = result }
      return candidates.enumerated().compactMap { index, provider in results[index].map { (provider, $0) } }
    }
  }

  /// The names that `GET {base_url}/models` lists, in its order.
  func models(
    of provider: ProviderConfig, limitMs: Int = ModelResolver.probeLimitMs
  ) async -> Result<[String], NetError> {
    let key = keys.standing(provider)?.value
    var request = ProviderRequest(provider: provider, apiKey: key, environment: keys.environment).get(
      "models")
    request.connectTimeoutMs = limitMs
    request.firstByteTimeoutMs = limitMs
    request.idleTimeoutMs = limitMs
    do {
      let response = try await http.fetch(request, maxBytes: Self.listLimit)
      guard response.status == 200, let list = try? JSONValue(parsing: response.body) else {
        return .failure(NetError(.badResponse, "it answered \(response.status) and no list of models"))
      }
      return .success(ModelFacts.list(list).compactMap { $0["id"]?.stringValue })
    } catch {
      return .failure(error)
    }
  }

  private func target(
    _ provider: ProviderConfig, _ model: String, _ looks: [ModelResolution.Look]
  ) async -> ModelResolution {
    var provider = provider
    let known = provider.table.values(model: model, provider: provider.kind, wire: provider.wireAPI)
    // Some models of a provider speak another wire than the rest.
    if let wire = known["wire"]?.stringValue.flatMap(ProviderConfig.WireAPI.init) { provider.wireAPI = wire }
    do {
      let key = try await keys.key(provider)
      return found(
        ModelTarget(provider: provider, providerId: provider.id, model: model, apiKey: key?.value), looks)
    } catch {
      return failed(error.message, looks)
    }
  }

  private func found(_ target: ModelTarget, _ looks: [ModelResolution.Look]) -> ModelResolution {
    ModelResolution(target: target, looks: looks, problem: nil)
  }

  private func failed(_ problem: String, _ looks: [ModelResolution.Look]) -> ModelResolution {
    ModelResolution(target: nil, looks: looks, problem: problem)
  }

  private func keyLook(_ provider: ProviderConfig, _ key: ProviderKey?) -> ModelResolution.Look {
    let name = provider.envKey ?? provider.name
    guard let key else { return ModelResolution.Look(place: name, found: false, detail: "not set") }
    return ModelResolution.Look(
      place: name, found: true, detail: key.source == name ? "set" : "from \(key.source)")
  }

  private func localLook(_ provider: ProviderConfig, _ result: Result<[String], NetError>)
    -> ModelResolution.Look
  {
    let host = ProviderRequest(provider: provider, apiKey: nil, environment: [:]).host
    switch result {
    case .success(let names):
      return ModelResolution.Look(
        place: "\(provider.name) at \(host)", found: !names.isEmpty,
        detail: names.first.map { "\(names.count) models, \($0) first" } ?? "no model is loaded")
    case .failure(let error):
      let silent = error.code == .connectionRefused || error.code == .timeoutConnect
      return ModelResolution.Look(
        place: "\(provider.name) at \(host)", found: false, detail: silent ? "no answer" : error.message)
    }
  }
}
