import StetJSON
import StetProtocol

/// Asks the provider to compact (a capability flag of provider and model); any failure falls back to a summary of our
/// own.
extension ThreadSession {
  func compactRemotely(
    _ work: Compactor, _ target: ModelTarget, _ model: TurnModel, _ turnId: String
  ) async -> Result<JSONValue, TurnFailure> {
    var request = ModelRequest(
      threadId: id, turnId: turnId, model: target.model, provider: target.provider, apiKey: target.apiKey,
      input: prompt.items.prefix(work.items.count) + [PromptItem(RemoteCompaction.trigger)],
      tools: prompt.tools ?? .none, effort: settings.effort, summary: settings.summary,
      parallelToolCalls: model.metadata.parallelCalls, cacheKey: meta.rootId)
    request.headers = [RemoteCompaction.header]
    do {
      var items: [JSONValue] = []
      for try await event in services.client().stream(request) {
        switch event {
        case .itemDone(let item): items.append(item)
        case .completed(let usage):
          if let usage { count(usage, model, turnId) }
          return RemoteCompaction.item(items)
        case .incomplete(let reason, _):
          return .failure(TurnFailure("The provider's compaction was cut off (\(reason))."))
        default: break
        }
      }
      return .failure(TurnFailure("The provider's compaction ended before it was complete."))
    } catch {
      let known = error as? ModelError ?? ModelError(.cut, message: "\(error)")
      return .failure(ModelFailureText.failure(for: known))
    }
  }
}
