import StetConfig

/// The context window of the thread's model.
extension ThreadSession {
  /// The metadata with the window that the server itself tells, where nobody else knows it (V2).
  ///
  /// Of a server that is not in the table only a name is known: what it says itself counts more than what the maker of
  /// a model of that name says.
  func measured(
    _ metadata: ModelMetadata, _ target: ModelTarget?, _ configuration: Configuration?
  ) async -> ModelMetadata {
    guard let target, let provider = target.provider, configuration?.contextWindow == nil,
      metadata.contextWindow == nil || !provider.isListed,
      services.environment.modelClientOverride == nil
    else { return metadata }
    let facts = await services.windows.facts(target)
    var metadata = metadata
    metadata.contextWindow = facts.window ?? metadata.contextWindow
    metadata.windowLimit = facts.limit
    return metadata
  }

  /// A smaller window has no room for work beside the prompt and the tools, which take about 3,000 tokens.
  private static let smallWindow = 12_000

  /// Once for a thread: a window that is too small; and once for a model on this machine: that its window is not known,
  /// what is assumed, and how to mend it (V2).
  func warnUnknownWindow(_ model: TurnModel) {
    let metadata = model.metadata
    guard !warnedWindow, services.environment.modelClientOverride == nil else { return }
    if let window = metadata.contextWindow {
      guard window < Self.smallWindow, model.configuration?.contextWindow == nil else { return }
      warnedWindow = true
      let fix =
        model.target.provider?.probe == .ollama ? " (OLLAMA_CONTEXT_LENGTH, or num_ctx in its Modelfile)" : ""
      return feed.warn(
        "\(metadata.model) runs with a window of only \(window) tokens, which leaves little room for work. Start its "
          + "server with a larger one\(fix).")
    }
    warnedWindow = true
    let told = ToldModels(services.environment.home)
    guard !told.contains(metadata.model) else { return }
    told.add(metadata.model)
    let reason =
      model.target.provider?.probe == .ollama
      ? " Ollama tells it once the model is loaded; OLLAMA_CONTEXT_LENGTH or num_ctx sets it." : ""
    feed.warn(
      "The context window of \(metadata.model) is not known; \(metadata.window) tokens are assumed.\(reason) "
        + "Set model_context_window in config.toml to the real number.")
  }
}
