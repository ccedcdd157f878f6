import StetConfig
import StetJSON
import StetNet

/// Finds the model to use: what is configured, else `OPENAI_API_KEY`, else a local server that answers.
struct ModelResolver: Sendable {
  let http: HTTPClient
  /// The variables of the process.
  let variables: [String: String]
  /// Where the key is that the user logged in with.
  let keyFile: APIKeyFile
  let hasOverride: Bool

  /// The variables, with that key. Read anew each time: a log-in counts for the next turn.
  private var environment: [String: String] { keyFile.completing(variables) }

  /// How long a local server has to answer; all are asked at once, so this is the whole wait.
  static let probeLimitMs = 300
  /// The model that is taken when only a key is there.
  static let defaultOpenAIModel = "gpt-5.5"
  /// The servers whose usual ports are looked at, in order of preference.
  static let localProviders = ["ollama", "lmstudio", "llamacpp", "vllm"]
  /// Bytes of a model list that are read.
  private static let listLimit = 1 << 20

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
    if let model { return await unnamed(model, configuration) }
    return await anything(configuration)
  }

  // MARK: - Cases

  /// The provider is known.
  private func named(_ provider: ProviderConfig, model: String?) async -> ModelResolution {
    let look = ModelResolution.Look(
      place: "model_provider in config.toml", found: true, detail: "\(provider.name) at \(provider.baseURL)")
    guard provider.wireAPI == .responses else {
      return failed(
        "\(provider.name) is set to wire_api = \"\(provider.wireAPI.rawValue)\"; only \"responses\" is spoken.",
        [look])
    }
    var name = model
    if name == nil, provider.id == "openai" { name = Self.defaultOpenAIModel }
    if name == nil {
      switch await models(of: provider) {
      case .success(let names): name = names.first
      case .failure: break
      }
    }
    guard let name else {
      return failed(
        "No model is set. Set model in config.toml or with -m; \(provider.name) lists none.", [look])
    }
    return target(provider, name, [look])
  }

  /// Only the model is known: the key decides, then a local server that has it.
  private func unnamed(_ model: String, _ configuration: Configuration) async -> ModelResolution {
    let openAI = configuration.providers["openai"]
    var looks = [ModelResolution.Look(place: "model in config.toml", found: true, detail: model)]
    let key = openAI?.apiKey(environment: environment)
    looks.append(keyLook(key))
    if let openAI, key != nil { return target(openAI, model, looks) }
    for (provider, result) in await probe(configuration) {
      guard case .success(let names) = result, names.contains(model) else {
        looks.append(localLook(provider, result))
        continue
      }
      looks.append(localLook(provider, result))
      return target(provider, model, looks)
    }
    guard let openAI else { return failed("No provider for \(model).", looks) }
    return target(openAI, model, looks)
  }

  private func anything(_ configuration: Configuration) async -> ModelResolution {
    var looks = [
      ModelResolution.Look(place: "model in config.toml", found: false, detail: "not set")
    ]
    if let openAI = configuration.providers["openai"] {
      let key = openAI.apiKey(environment: environment)
      looks.append(keyLook(key))
      if key != nil { return target(openAI, Self.defaultOpenAIModel, looks) }
    }
    var chosen: (ProviderConfig, String)?
    for (provider, result) in await probe(configuration) {
      looks.append(localLook(provider, result))
      if chosen == nil, case .success(let names) = result, let first = names.first {
        chosen = (provider, first)
      }
    }
    if let (provider, model) = chosen { return target(provider, model, looks) }
    return failed(
      "No model was found. Set OPENAI_API_KEY, start a local model server (Ollama, LM Studio, llama.cpp, vLLM), or "
        + "set model and model_provider in config.toml. stet demo shows everything without a model.",
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
  private func models(of provider: ProviderConfig) async -> Result<[String], NetError> {
    let key = provider.apiKey(environment: environment)
    var request = ProviderRequest(provider: provider, apiKey: key, environment: environment).get("models")
    request.connectTimeoutMs = Self.probeLimitMs
    request.firstByteTimeoutMs = Self.probeLimitMs
    request.idleTimeoutMs = Self.probeLimitMs
    do {
      let response = try await http.fetch(request, maxBytes: Self.listLimit)
      guard response.status == 200, let list = try? JSONValue(parsing: response.body) else {
        return .failure(NetError(.badResponse, "it answered \(response.status) and no list of models"))
      }
      return .success((list["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue })
    } catch {
      return .failure(error)
    }
  }

  private func target(
    _ provider: ProviderConfig, _ model: String, _ looks: [ModelResolution.Look]
  ) -> ModelResolution {
    let key = provider.apiKey(environment: environment)
    if key == nil, let name = provider.envKey, !provider.isLocal {
      let advice = provider.envKeyInstructions ?? "Set it to your key for \(provider.name), then try again."
      return failed("The environment variable \(name) is not set. \(advice)", looks)
    }
    return found(ModelTarget(provider: provider, providerId: provider.id, model: model, apiKey: key), looks)
  }

  private func found(_ target: ModelTarget, _ looks: [ModelResolution.Look]) -> ModelResolution {
    ModelResolution(target: target, looks: looks, problem: nil)
  }

  private func failed(_ problem: String, _ looks: [ModelResolution.Look]) -> ModelResolution {
    ModelResolution(target: nil, looks: looks, problem: problem)
  }

  private func keyLook(_ key: String?) -> ModelResolution.Look {
    ModelResolution.Look(place: "OPENAI_API_KEY", found: key != nil, detail: key == nil ? "not set" : "set")
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
