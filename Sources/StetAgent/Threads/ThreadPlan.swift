import StetConfig
import StetProtocol

/// What a new thread will be: the params over the configuration over the defaults (protocol.md §2).
struct ThreadPlan: Sendable {
  let configuration: Configuration
  let documents: ProjectDocuments
  let reviewer: ApprovalsReviewer
  /// The directory becomes trusted with this thread: `config.toml` has to say so from now on.
  let grantsTrust: Bool
  /// As asked for; nil means: find one.
  let model: String?
  let provider: String?
  private(set) var settings: TurnSettings

  init(_ params: ThreadStartParams, environment: AgentEnvironment) throws(RPCError) {
    let asked = try Self.mode(sandbox: params.sandbox, permissions: params.permissions)
    let cwd = try ThreadSession.directory(params.cwd ?? environment.defaultCwd)
    do {
      configuration = try environment.configuration(cwd, params.config ?? JSONObject())
    } catch {
      throw .invalidRequest("\(error)")
    }
    let known = configuration.isTrusted(directory: cwd)
    // Asking for a writable workspace by name is consent, unless the user has said no to it (protocol.md §2).
    grantsTrust = known == nil && asked == .workspaceWrite
    let trusted = known ?? grantsTrust
    model = params.model ?? configuration.model
    provider = params.modelProvider ?? configuration.modelProvider
    reviewer = params.approvalsReviewer ?? configuration.approvalsReviewer ?? .user
    settings = TurnSettings(
      cwd: cwd, workspaceRoots: params.runtimeWorkspaceRoots ?? [cwd], model: model ?? "",
      modelProvider: provider ?? "",
      approvalPolicy: params.approvalPolicy ?? configuration.approvalPolicy ?? .onRequest,
      sandboxPolicy: Self.policy(
        asked ?? configuration.sandboxMode ?? (trusted ? .workspaceWrite : .readOnly), configuration),
      editReview: params.stet?.editReview ?? configuration.editReview ?? .off,
      effort: configuration.reasoningEffort, summary: configuration.reasoningSummary?.name, trusted: trusted)
    settings.profile = params.permissions
    settings.serviceTier = params.serviceTier ?? configuration.serviceTier
    documents = ProjectDocuments.discover(
      userDirectory: environment.home.codexHome, cwd: cwd, trusted: trusted,
      rootMarkers: configuration.projectRootMarkers, fallbackNames: configuration.projectDocFallbackFilenames,
      budget: configuration.projectDocMaxBytes)
  }

  /// With the model that was found, if one was.
  func resolved(_ resolution: ModelResolution) -> ThreadPlan {
    guard let target = resolution.target else { return self }
    var plan = self
    plan.settings.model = target.model
    plan.settings.modelProvider = target.providerId
    return plan
  }

  func response(_ thread: StetProtocol.Thread) -> ThreadStartResponse {
    ThreadStartResponse(
      thread: thread, model: settings.model, modelProvider: settings.modelProvider,
      serviceTier: settings.serviceTier, cwd: settings.cwd, runtimeWorkspaceRoots: settings.workspaceRoots,
      instructionSources: documents.found.map(\.path), approvalPolicy: settings.approvalPolicy,
      approvalsReviewer: reviewer, sandbox: settings.sandboxPolicy,
      activePermissionProfile: settings.wireProfile, reasoningEffort: settings.effort)
  }
}
