import StetConfig
import StetProtocol

/// What a call changes of a stored thread, and the rights that it asks for.
extension ThreadPlan {
  /// The stored settings of a thread with the overrides of `thread/resume` or `thread/fork`.
  ///
  /// What the call's `config` or this process's command line says by name counts more than what is stored, and less
  /// than the call's own members.
  ///
  /// - Parameter isLoaded: the settings are those of a thread in memory: they are newer than the command line.
  static func settings(
    _ stored: TurnSettings, _ params: ThreadResumeParams, isLoaded: Bool = false,
    environment: AgentEnvironment
  ) throws(RPCError) -> TurnSettings {
    let asked = try mode(sandbox: params.sandbox, permissions: params.permissions)
    var settings = stored
    if let cwd = params.cwd { settings.cwd = try ThreadSession.directory(cwd) }
    let configuration: Configuration
    do {
      configuration = try environment.configuration(settings.cwd, params.config ?? JSONObject())
    } catch {
      throw .invalidRequest("\(error)")
    }
    settings.trusted = configuration.isTrusted(directory: settings.cwd) ?? false
    settings.take(configuration, withCommandLine: !isLoaded)
    if let roots = params.runtimeWorkspaceRoots { settings.workspaceRoots = roots }
    if let model = params.model { settings.model = model }
    if let provider = params.modelProvider { settings.modelProvider = provider }
    if let policy = params.approvalPolicy { settings.approvalPolicy = policy }
    if let tier = params.serviceTier { settings.serviceTier = tier }
    if let text = params.developerInstructions { settings.developerInstructions = text }
    if let mode = params.stet?.editReview { settings.editReview = mode }
    if let asked {
      settings.sandboxPolicy = policy(asked, configuration)
      settings.profile = params.permissions
    }
    return settings
  }

  /// The `config` with which a stored thread goes on: its own with that of the call over it.
  static func config(_ stored: JSONObject, _ more: JSONObject?) -> JSONObject {
    var config = stored
    for (key, value) in more ?? JSONObject() {
      // Behind what is there, however each spells a dotted key: the last one counts.
      config[key] = nil
      config[key] = value
    }
    return config
  }

  // MARK: - Rights

  /// The mode that a call asks for by `sandbox` or by the name of a permission profile; nil when it asks for none.
  static func mode(sandbox: SandboxMode?, permissions: String?) throws(RPCError) -> SandboxMode? {
    guard let permissions else { return sandbox }
    guard sandbox == nil else {
      throw .invalidRequest("`permissions` cannot be combined with `sandbox`")
    }
    return try mode(ofProfile: permissions)
  }

  /// The mode that a built-in permission profile stands for (protocol.md §2).
  static func mode(ofProfile profile: String) throws(RPCError) -> SandboxMode {
    switch profile {
    case ":read-only": return .readOnly
    case ":workspace": return .workspaceWrite
    case ":danger-full-access": return .dangerFullAccess
    default: throw .invalidRequest("unknown permission profile: \(profile)")
    }
  }

  /// The policy that a mode stands for, with the user's writable roots.
  static func policy(_ mode: SandboxMode, _ configuration: Configuration) -> SandboxPolicy {
    switch mode {
    case .dangerFullAccess: return .dangerFullAccess
    case .workspaceWrite:
      let config = configuration.workspaceWrite
      return .workspaceWrite(
        WorkspaceWriteSandboxPolicy(
          writableRoots: config.writableRoots, networkAccess: config.networkAccess,
          excludeTmpdirEnvVar: config.excludesTmpdirVariable, excludeSlashTmp: config.excludesSlashTmp))
    default: return .readOnly(networkAccess: false)
    }
  }
}

extension TurnSettings {
  var wireProfile: ActivePermissionProfile? { profile.map { ActivePermissionProfile(id: $0) } }

  /// Takes what the session's layer of a configuration says, and the command line's.
  fileprivate mutating func take(_ configuration: Configuration, withCommandLine: Bool) {
    func isNamed(_ key: String) -> Bool {
      switch configuration.origin(of: [key])?.source {
      case .session: true
      case .commandLine: withCommandLine
      // A profile that was chosen there speaks for it.
      case .profile where key != "profile": isNamed("profile")
      default: false
      }
    }
    if isNamed("model"), let model = configuration.model { self.model = model }
    if isNamed("model_provider"), let provider = configuration.modelProvider { modelProvider = provider }
    if isNamed("model_reasoning_effort") { effort = configuration.reasoningEffort }
    if isNamed("model_reasoning_summary") { summary = configuration.reasoningSummary?.name }
    if isNamed("service_tier") { serviceTier = configuration.serviceTier }
    if isNamed("developer_instructions") { developerInstructions = configuration.developerInstructions }
    if isNamed("approval_policy"), let policy = configuration.approvalPolicy { approvalPolicy = policy }
    if isNamed("edit_review"), let mode = configuration.editReview { editReview = mode }
    if isNamed("sandbox_mode"), let mode = configuration.sandboxMode {
      sandboxPolicy = ThreadPlan.policy(mode, configuration)
      profile = nil
    }
  }
}
