import Glibc
import StetConfig
import StetJSON
import StetProtocol

/// The context layers of the thread, and what is known of its model.
extension ThreadSession {
  /// The configuration of the thread's directory; nil, with a warning, when it is broken.
  func configuration() -> Configuration? {
    do {
      return try services.environment.configuration(settings.cwd, meta.sessionConfig)
    } catch {
      feed.warn("config.toml can't be read, the turn goes on without it: \(error)")
      return nil
    }
  }

  func resolve(_ configuration: Configuration?) async -> ModelResolution {
    guard let configuration else {
      return ModelResolution(target: nil, looks: [], problem: "config.toml is broken; mend it and try again.")
    }
    // A thread that names none, such as one of another agent, takes what the user has configured.
    let isBlank = settings.model.isEmpty && settings.modelProvider.isEmpty
    let (model, provider) =
      isBlank
      ? (configuration.model, configuration.modelProvider)
      : (
        settings.model.isEmpty ? nil : settings.model,
        settings.modelProvider.isEmpty ? nil : settings.modelProvider
      )
    let resolution = await services.resolver.resolve(model: model, provider: provider, configuration)
    if let target = resolution.target,
      target.model != settings.model || target.providerId != settings.modelProvider
    {
      // Nothing was known when the thread began; now there is a model.
      settings.model = target.model
      settings.modelProvider = target.providerId
      settingsChanged()
    }
    return resolution
  }

  func metadata(for target: ModelTarget?, _ configuration: Configuration?) -> ModelMetadata {
    var metadata = ModelCatalog.metadata(for: target?.model ?? settings.model, provider: target?.provider)
    if let window = configuration?.contextWindow, window > 0 { metadata.contextWindow = window }
    if let most = configuration?.maxOutputTokens, most > 0 { metadata.maxOutput = most }
    if let known = services.environment.metadata { metadata = known(metadata) }
    return metadata
  }

  /// Appends the first layers, or what changed since they were last sent (P4, P5), and freezes the tools (P2).
  func appendContext(_ model: TurnModel) {
    let found = documents(model.configuration)
    let new = currentFacts(found, settings)
    if facts == nil { announcedTools = ThreadRecord.Announced() }
    let items =
      if let facts {
        ContextLayers.difference(
          from: facts, to: new, documents: found.found, layers: model.metadata.layers)
      } else {
        layers(new, found, model.metadata)
      }
    if facts?.documents != new.documents { for warning in found.warnings { warn(warning) } }
    for item in items { append(item) }
    keep(new)
    freeze(PromptTools(model.list.map(\.definition)))
  }

  /// The layers in full, as a compacted history begins with them; the facts behind them are kept.
  ///
  /// - Parameters:
  ///   - settings: others than the thread's.
  ///   - base: another base prompt than the thread's.
  func freshLayers(
    _ model: TurnModel, settings: TurnSettings? = nil, base: String? = nil
  ) -> (items: [JSONValue], facts: PromptFacts) {
    let found = documents(model.configuration)
    let new = currentFacts(found, settings ?? self.settings)
    return (layers(new, found, model.metadata, base: base), new)
  }

  func keep(_ new: PromptFacts) {
    guard facts != new else { return }
    facts = new
    journal.append(ThreadRecord.facts, new)
  }

  // MARK: - Parts

  private func documents(_ configuration: Configuration?) -> ProjectDocuments {
    ProjectDocuments.discover(
      userDirectory: services.environment.home.codexHome, cwd: settings.cwd, trusted: settings.trusted,
      rootMarkers: configuration?.projectRootMarkers ?? [".git"],
      fallbackNames: configuration?.projectDocFallbackFilenames ?? [],
      budget: configuration?.projectDocMaxBytes ?? ProjectDocuments.budget)
  }

  private func currentFacts(_ found: ProjectDocuments, _ settings: TurnSettings) -> PromptFacts {
    let instructions = settings.developerInstructions ?? facts?.developer
    let isFirst = facts?.developer == nil && instructions == meta.developerInstructions
    return PromptFacts(
      cwd: settings.cwd, shell: Self.shell(services.environment.processEnvironment), date: Self.day(nowMs()),
      permissions: PermissionsText.text(settings), mode: PlanModeText.text(settings),
      skills: SkillText.list(skills), developer: isFirst ? nil : instructions,
      documents: found.found.map { PromptFacts.Document(path: $0.path, hash: $0.hash) })
  }

  private func layers(
    _ facts: PromptFacts, _ found: ProjectDocuments, _ metadata: ModelMetadata, base: String? = nil
  ) -> [JSONValue] {
    ContextLayers.initial(
      base: base ?? meta.baseInstructions ?? BasePrompt.text(for: metadata),
      developerInstructions: meta.developerInstructions, facts: facts, documents: found.found,
      layers: metadata.layers)
  }

  /// Another model may need other tools; that is the one change of the array (P1).
  private func freeze(_ tools: PromptTools) {
    // What MCP servers offer comes and goes; the array stays, and what is new is announced (P2).
    guard let tools = MCPOffer.list(tools, after: prompt.tools) else { return }
    prompt.replaceTools(tools)
    journal.append(ThreadRecord.tools, ThreadRecord.Tools(tools: tools.definitions))
  }

  private func warn(_ text: String) {
    feed.notify(.configWarning(ConfigWarningNotification(summary: text)))
  }

  private static func shell(_ environment: [String: String]) -> String {
    PathText.name(environment["SHELL"] ?? "/bin/bash")
  }

  /// The local day, `2026-11-22`.
  static func day(_ ms: Int64) -> String {
    var seconds = time_t(ms / 1_000)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return "" }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }
}
