import StetProtocol

/// Sticky overrides of `turn/start` and `thread/settings/update`.
extension ThreadSession {
  /// Applies what is given; `thread/settings/updated` goes out when something changed, before the result.
  func applySettings(_ params: TurnStartParams) throws(RPCError) {
    let new = try changed(params)
    let reviewer = params.approvalsReviewer ?? meta.approvalsReviewer
    guard new != settings || reviewer != meta.approvalsReviewer else { return }
    meta.approvalsReviewer = reviewer
    settings = new
    settingsChanged()
  }

  private func changed(_ params: TurnStartParams) throws(RPCError) -> TurnSettings {
    var new = settings
    if let cwd = params.cwd { new.cwd = try Self.directory(cwd) }
    if let roots = params.runtimeWorkspaceRoots { new.workspaceRoots = roots }
    if let model = params.model, !model.isEmpty { new.model = model }
    if let policy = params.approvalPolicy { new.approvalPolicy = policy }
    if let policy = params.sandboxPolicy {
      guard params.permissions == nil else {
        throw .invalidRequest("`permissions` cannot be combined with `sandboxPolicy`")
      }
      new.sandboxPolicy = policy
      new.profile = nil
    }
    if let profile = params.permissions {
      new.sandboxPolicy = try policy(of: profile)
      new.profile = profile
    }
    new.serviceTier = params.serviceTier.applied(to: new.serviceTier)
    if let effort = params.effort { new.effort = effort }
    if let summary = params.summary { new.summary = summary.name }
    if let mode = params.stet?.editReview { new.editReview = mode }
    if let mode = params.collaborationMode {
      new.mode = mode.mode
      new.modeInstructions = mode.settings.developerInstructions
      if !mode.settings.model.isEmpty { new.model = mode.settings.model }
      if let effort = mode.settings.reasoningEffort { new.effort = effort }
    }
    if new.cwd != settings.cwd { new.trusted = isTrusted(new.cwd) }
    return new
  }

  private func policy(of profile: String) throws(RPCError) -> SandboxPolicy {
    let mode = try ThreadPlan.mode(ofProfile: profile)
    do {
      return ThreadPlan.policy(mode, try services.environment.configuration(settings.cwd, meta.sessionConfig))
    } catch {
      throw .invalidRequest("Invalid configuration: \(error)")
    }
  }

  var wireMode: CollaborationMode {
    CollaborationMode(
      mode: settings.mode,
      settings: CollaborationModeSettings(
        model: settings.model, reasoningEffort: settings.effort,
        developerInstructions: settings.modeInstructions))
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
      sandboxPolicy: settings.sandboxPolicy, activePermissionProfile: settings.wireProfile,
      model: settings.model,
      modelProvider: settings.modelProvider,
      serviceTier: settings.serviceTier, effort: settings.effort, summary: settings.summary.map(Self.summary),
      collaborationMode: wireMode,
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
