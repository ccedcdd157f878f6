import StetConfig
import StetJSON
import StetNet
import Synchronization

/// Asks servers how large a model's window really is (V2): once for a provider and a model, for all threads; again only
/// while the server has not said it, such as before it loaded the model.
final class WindowProbe: Sendable {
  /// The part of the limit that a connection on this machine may take.
  private static let localConnectPart = 10
  /// Bytes of one answer; lists of routers are long.
  private static let answerLimit = 4 << 20
  /// Pairs that are remembered: more than anybody uses in one process.
  private static let cacheLimit = 64

  private struct Place: Hashable {
    let baseURL: String
    let model: String
  }

  private let http: HTTPClient
  private let keys: ProviderKeys
  /// The longest that a turn waits for an answer.
  private let limitMs: Int
  /// What one round of questions gave.
  private struct Answer: Sendable {
    var facts = ModelFacts()
    /// The server answered as it always will.
    var isFinal = false
  }

  private let known = Mutex<[Place: Task<Answer, Never>]>([:])

  init(http: HTTPClient, keys: ProviderKeys, limitMs: Int) {
    self.http = http
    self.keys = keys
    self.limitMs = limitMs
  }

  /// What the server says; nothing within `limitMs` is as if it knew nothing, and so is the end of the waiting task.
  func facts(_ target: ModelTarget) async -> ModelFacts {
    guard let provider = target.provider, Self.isAsked(provider) else { return ModelFacts() }
    let place = Place(baseURL: provider.baseURL, model: target.model)
    let task = known.withLock { known in
      if let task = known[place] { return task }
      if known.count >= Self.cacheLimit { known = [:] }
      let task = Task { await self.ask(provider, target) }
      known[place] = task
      return task
    }
    guard let answer = await task.valueWhileWanted() else { return ModelFacts() }
    if !answer.isFinal { known.withLock { if $0[place] == task { $0[place] = nil } } }
    return answer.facts
  }

  // MARK: - Parts

  /// Hosted providers of the table that tell no windows are left in peace.
  private static func isAsked(_ provider: ProviderConfig) -> Bool {
    provider.isLocal || provider.probe != nil || !provider.isListed
  }

  private func ask(_ provider: ProviderConfig, _ target: ModelTarget) async -> Answer {
    await withTaskGroup(of: Answer?.self) { group in
      group.addTask { await self.answers(provider, target) }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(self.limitMs))  // ends early only when the answer is there
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first ?? Answer()
    }
  }

  private func answers(_ provider: ProviderConfig, _ target: ModelTarget) async -> Answer {
    if provider.isLocal || provider.probe?.isOwnServer == true { return await ownServer(provider, target) }
    let list = await get(provider, "models", target)
    return Answer(facts: ModelFacts.models(list, model: target.model), isFinal: !list.isNull)
  }

  private func ownServer(_ provider: ProviderConfig, _ target: ModelTarget) async -> Answer {
    let facts: ModelFacts
    switch provider.probe {
    case .models: facts = await models(provider, target)
    case .ollama: facts = await ollama(provider, target)
    case .llamacpp: facts = ModelFacts.llamaProperties(await get(root(provider), "props", target))
    case .lmstudio:
      facts = ModelFacts.lmStudio(
        await get(root(provider), "api/v0/models", target), model: target.model)
    case nil: return await unknownServer(provider, target)
    }
    return Answer(facts: facts, isFinal: facts.window != nil)
  }

  /// Nobody knows what runs there: each server's own way is tried, all at once. Only `GET`, until it says that it is
  /// Ollama: to another server a `POST` may mean anything.
  private func unknownServer(_ provider: ProviderConfig, _ target: ModelTarget) async -> Answer {
    let list = await get(provider, "models", target)
    let listed = ModelFacts.models(list, model: target.model)
    if listed.window != nil { return Answer(facts: listed, isFinal: true) }
    async let llama = get(root(provider), "props", target)
    async let studio = get(root(provider), "api/v0/models", target)
    async let version = get(root(provider), "api/version", target)
    var all = [
      ModelFacts.llamaProperties(await llama), ModelFacts.lmStudio(await studio, model: target.model),
    ]
    if await version["version"]?.stringValue != nil { all.append(await ollama(provider, target)) }
    let facts = all.first { $0.window != nil } ?? all.first { $0.limit != nil } ?? listed
    // One that lists its models and knows no more will not know more at the next turn.
    let knowsNothing = !list.isNull && facts.limit == nil
    return Answer(facts: facts, isFinal: facts.window != nil || knowsNothing)
  }

  private func models(_ provider: ProviderConfig, _ target: ModelTarget) async -> ModelFacts {
    ModelFacts.models(await get(provider, "models", target), model: target.model)
  }

  private func ollama(_ provider: ProviderConfig, _ target: ModelTarget) async -> ModelFacts {
    let root = root(provider)
    async let loaded = get(root, "api/ps", target)
    async let shown = send(
      request(root, target).post(
        "api/show", body: JSONValue.object(["model": .string(target.model)]).serialized(),
        accept: "application/json"), isLocal: provider.isLocal)
    var facts = ModelFacts.ollamaModel(await shown)
    // What is loaded counts, whatever the Modelfile says.
    if let window = ModelFacts.ollamaLoaded(await loaded, model: target.model).window {
      facts.window = window
    }
    return facts
  }

  /// The server itself: its own methods lie beside `/v1`.
  private func root(_ provider: ProviderConfig) -> ProviderConfig {
    var root = provider
    if root.baseURL.hasSuffix("/v1") { root.baseURL.removeLast(3) }
    return root
  }

  private func request(_ provider: ProviderConfig, _ target: ModelTarget) -> ProviderRequest {
    ProviderRequest(provider: provider, apiKey: target.apiKey, environment: keys.environment)
  }

  private func get(_ provider: ProviderConfig, _ path: String, _ target: ModelTarget) async -> JSONValue {
    await send(request(provider, target).get(path), isLocal: provider.isLocal)
  }

  /// Null for everything that is no JSON with a good status: a server that does not know the question.
  private func send(_ request: HTTPRequest, isLocal: Bool) async -> JSONValue {
    var request = request
    request.connectTimeoutMs = isLocal ? limitMs / Self.localConnectPart : limitMs
    request.firstByteTimeoutMs = limitMs
    request.idleTimeoutMs = limitMs
    do {
      let answer = try await http.fetch(request, maxBytes: Self.answerLimit)
      return answer.status == 200 ? try JSONValue(parsing: answer.body) : .null
    } catch {
      return .null
    }
  }
}
