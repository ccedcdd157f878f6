import StetProtocol

/// Sticky overrides of `turn/start` and `thread/settings/update`.
extension ThreadSession {
  /// Applies what is given; `thread/settings/updated` goes out when something changed, before the result.
  func applySettings(_ params: TurnStartParams) throws(RPCError) {
    var new = settings
    if let cwd = params.cwd { new.cwd = try Self.directory(cwd) }
    if let roots = params.runtimeWorkspaceRoots { new.workspaceRoots = roots }
    if let model = params.model, !model.isEmpty { new.model = model }
    if let policy = params.approvalPolicy { new.approvalPolicy = policy }
    if let policy = params.sandboxPolicy { new.sandboxPolicy = policy }
    if let effort = params.effort { new.effort = effort }
    if let summary = params.summary { new.summary = summary.name }
    if let mode = params.stet?.editReview { new.editReview = mode }
    if let mode = params.collaborationMode {
      new.mode = mode.mode
      if !mode.settings.model.isEmpty { new.model = mode.settings.model }
      if let effort = mode.settings.reasoningEffort { new.effort = effort }
    }
    guard new != settings else { return }
    if new.cwd != settings.cwd { new.trusted = isTrusted(new.cwd) }
    settings = new
    settingsChanged()
  }

  /// Writes the settings down and tells the clients.
  func settingsChanged() {
    journal.append(ThreadRecord.settings, ThreadRecord.Settings(settings))
    journal.updateSummary { summary in
      summary.cwd = settings.cwd
      summary.model = settings.model
      summary.modelProvider = settings.modelProvider
      summary.reasoningEffort = settings.effort
    }
    feed.notify(
      .threadSettingsUpdated(ThreadSettingsUpdatedNotification(threadId: id, threadSettings: wireSettings)))
  }

  var wireSettings: ThreadSettings {
    ThreadSettings(
      cwd: settings.cwd, approvalPolicy: settings.approvalPolicy, approvalsReviewer: meta.approvalsReviewer,
      sandboxPolicy: settings.sandboxPolicy, model: settings.model, modelProvider: settings.modelProvider,
      effort: settings.effort, summary: settings.summary.map(Self.summary),
      collaborationMode: CollaborationMode(
        mode: settings.mode,
        settings: CollaborationModeSettings(model: settings.model, reasoningEffort: settings.effort)),
      stet: StetThreadOptions(editReview: settings.editReview))
  }

  private func isTrusted(_ directory: String) -> Bool {
    do {
      return try services.environment.configuration(directory, meta.sessionConfig).isTrusted(
        directory: directory)
        ?? false
    } catch {
      return false
    }
  }

  /// An absolute directory, by its real path; one that does not exist is taken as it is written.
  static func directory(_ path: String) throws(RPCError) -> String {
    guard path.hasPrefix("/") else { throw .invalidRequest("cwd must be an absolute path: \(path)") }
    return RealPath.of(path)
  }

  private static func summary(_ name: String) -> ReasoningSummary {
    ReasoningSummary.variants.first { $0.name == name }?.value ?? .unlisted(name)
  }
}
