import Glibc
import StetConfig
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
    let resolution = await services.resolver.resolve(
      model: settings.model.isEmpty ? nil : settings.model,
      provider: settings.modelProvider.isEmpty ? nil : settings.modelProvider, configuration)
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
    return metadata
  }

  /// Appends the first layers, or what changed since they were last sent (P4, P5), and freezes the tools (P2).
  func appendContext(_ metadata: ModelMetadata, tools: [any Tool], _ configuration: Configuration?) {
    let found = ProjectDocuments.discover(
      userDirectory: services.environment.home.codexHome, cwd: settings.cwd, trusted: settings.trusted,
      rootMarkers: configuration?.projectRootMarkers ?? [".git"],
      fallbackNames: configuration?.projectDocFallbackFilenames ?? [],
      budget: configuration?.projectDocMaxBytes ?? ProjectDocuments.budget)
    let new = PromptFacts(
      cwd: settings.cwd, shell: Self.shell(services.environment.processEnvironment), date: Self.day(nowMs()),
      permissions: PermissionsText.text(settings),
      documents: found.found.map { PromptFacts.Document(path: $0.path, hash: $0.hash) })
    let items =
      if let facts {
        ContextLayers.difference(from: facts, to: new, documents: found.found, layers: metadata.layers)
      } else {
        ContextLayers.initial(
          base: meta.baseInstructions ?? BasePrompt.text(for: metadata),
          developerInstructions: meta.developerInstructions, facts: new, documents: found.found,
          layers: metadata.layers)
      }
    if facts?.documents != new.documents { for warning in found.warnings { warn(warning) } }
    for item in items { append(item) }
    if facts != new {
      facts = new
      journal.append(ThreadRecord.facts, new)
    }
    freeze(PromptTools(tools.map(\.definition)))
  }

  // MARK: - Parts

  /// Another model may need other tools; that is the one change of the array (P1).
  private func freeze(_ tools: PromptTools) {
    guard prompt.tools?.names != tools.names else { return }
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
