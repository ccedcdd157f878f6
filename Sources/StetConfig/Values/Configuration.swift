import StetJSON
import StetProtocol

/// All settings that count for one directory, as values. nil means: not set, the caller's default applies.
public struct Configuration: Sendable {
  // MARK: The model

  public let model: String?
  public let reviewModel: String?
  /// The id of the provider to use; it is in `providers`.
  public let modelProvider: String?
  /// Built-in providers, changed and added to by the user's.
  public let providers: [String: ProviderConfig]
  /// What is known of providers and models.
  public let models: ModelTable
  public let reasoningEffort: String?
  public let reasoningSummary: ReasoningSummary?
  public let planModeReasoningEffort: String?
  /// "low", "medium" or "high".
  public let verbosity: String?
  public let serviceTier: String?
  /// Tokens.
  public let contextWindow: Int?
  /// Tokens.
  public let maxOutputTokens: Int?
  /// Tokens at which the history is compacted.
  public let autoCompactTokenLimit: Int?
  /// Replaces the built-in base instructions.
  public let instructions: String?
  /// A file that replaces them.
  public let instructionsFile: String?
  public let developerInstructions: String?
  public let compactPrompt: String?
  /// Bytes of all AGENTS.md files of a project together.
  public let projectDocMaxBytes: Int
  public let projectDocFallbackFilenames: [String]
  public let projectRootMarkers: [String]
  /// Tokens of a tool's output that the model sees.
  public let toolOutputTokenLimit: Int?
  /// The provider's own search: off, over its index, or over the live web. nil: as the provider does it.
  public let webSearch: WebSearchMode?

  // MARK: Rights

  public let approvalPolicy: AskForApproval?
  public let approvalsReviewer: ApprovalsReviewer?
  public let sandboxMode: SandboxMode?
  public let workspaceWrite: WorkspaceWriteConfig
  public let shellEnvironment: ShellEnvironmentConfig
  public let editReview: EditReviewMode?
  public let snapshot: SnapshotConfig
  public let trust: ProjectTrust
  /// Only servers that may run: a project's are here after consent.
  public let mcpServers: [String: MCPServerConfig]
  /// What a trusted project asks for and the user has not agreed to.
  public let consentRequests: [ConsentRequest]
  /// What it asked for and the user agreed to: it holds, until the user takes it back.
  public let consents: [ConsentRequest]
  /// Program and arguments to start when a turn ends; empty for none.
  public let notify: [String]

  // MARK: The interface

  public let tui: TUIConfig
  public let keyMap: KeyMapConfig
  public let hidesReasoning: Bool
  public let showsRawReasoning: Bool
  public let savesHistory: Bool

  // MARK: Where it comes from

  /// Everything that was set, merged, with the keys of the file.
  public let raw: JSONValue
  /// Weakest first.
  public let layers: [ConfigLayer]
  public let warnings: [ConfigWarning]

  public var theme: String? { tui.theme }

  /// Whether the user trusts a directory; nil if they were not asked yet.
  public func isTrusted(directory: String) -> Bool? { trust.isTrusted(directory: directory) }

  /// The layer that decides a key, for config/read; nil if none sets it.
  public func origin(of keyPath: [String]) -> ConfigLayer? { layers.last { $0.holds(keyPath) } }

  init(
    layers: [ConfigLayer], trust: ProjectTrust, models: ModelTable = .shipped, warnings: [ConfigWarning],
    consent: Consent = Consent()
  ) throws(ConfigurationError) {
    var merge = ConfigurationMerge(layers: layers, warnings: warnings)
    let root = merge.root
    self.layers = layers
    self.trust = trust
    consentRequests = consent.requests
    consents = consent.given
    raw = .object(root.values)

    self.models = models
    providers = try ProviderConfig.read(root, table: models, fail: merge.error)
    modelProvider = try merge.provider(among: providers)
    model = root.string("model")
    reviewModel = root.string("review_model")
    reasoningEffort = root.string("model_reasoning_effort")
    reasoningSummary = try merge.decode("model_reasoning_summary")
    planModeReasoningEffort = root.string("plan_mode_reasoning_effort")
    verbosity = root.string("model_verbosity")
    serviceTier = root.string("service_tier")
    contextWindow = root.int("model_context_window")
    maxOutputTokens = root.int("model_max_output_tokens")
    autoCompactTokenLimit = root.int("model_auto_compact_token_limit")
    instructions = root.string("instructions")
    instructionsFile = root.string("model_instructions_file")
    developerInstructions = root.string("developer_instructions")
    compactPrompt = root.string("compact_prompt")
    projectDocMaxBytes = root.int("project_doc_max_bytes") ?? 32_768
    projectDocFallbackFilenames = root.strings("project_doc_fallback_filenames") ?? []
    projectRootMarkers = root.strings("project_root_markers") ?? [".git"]
    toolOutputTokenLimit = root.int("tool_output_token_limit")
    webSearch = WebSearchMode(root)

    approvalPolicy = try merge.approvalPolicy()
    approvalsReviewer = try merge.decode("approvals_reviewer")
    sandboxMode = try merge.decode("sandbox_mode")
    workspaceWrite = WorkspaceWriteConfig(root.table("sandbox_workspace_write"))
    shellEnvironment = ShellEnvironmentConfig(root.table("shell_environment_policy"))
    editReview = try merge.decode("edit_review")
    snapshot = SnapshotConfig(root.table("snapshot"))
    var servers: [String: MCPServerConfig] = [:]
    for (name, table) in root.tables("mcp_servers") {
      servers[name] = try MCPServerConfig(name, table, fail: merge.error)
    }
    mcpServers = servers
    notify = root.strings("notify") ?? []

    tui = TUIConfig(root.table("tui"))
    keyMap = KeyMapConfig(root) { path, message in merge.warn(path, message) }
    hidesReasoning = root.bool("hide_agent_reasoning") ?? false
    showsRawReasoning = root.bool("show_raw_agent_reasoning") ?? false
    savesHistory = root.table("history").string("persistence") != "none"
    self.warnings = merge.warnings
  }
}
