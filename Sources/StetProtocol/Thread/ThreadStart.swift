import StetJSON

/// `thread/start`: Opens a new thread and subscribes the caller.
public struct ThreadStartParams: ClientCall {
  public typealias Response = ThreadStartResponse
  public static let method = "thread/start"

  public var approvalPolicy: AskForApproval?
  public var approvalsReviewer: ApprovalsReviewer?
  public var baseInstructions: String?
  public var config: JSONObject?
  public var cwd: String?
  public var daybreakEnabled: Bool?
  public var developerInstructions: String?
  public var dynamicTools: [DynamicToolSpec]?
  public var environments: [TurnEnvironmentParams]?
  public var ephemeral: Bool?
  public var experimentalRawEvents: Bool?
  public var historyMode: ThreadHistoryMode?
  public var model: String?
  public var modelProvider: String?
  public var multiAgentMode: MultiAgentMode?
  public var permissions: String?
  public var personality: Personality?
  public var projectId: String?
  public var runtimeWorkspaceRoots: [String]?
  public var sandbox: SandboxMode?
  public var selectedCapabilityRoots: [SelectedCapabilityRoot]?
  public var serviceName: String?
  public var serviceTier: String?
  public var sessionStartSource: ThreadStartSource?
  public var threadSource: String?
  @OmitIfNil public var stet: StetThreadOptions?

  public init(
    approvalPolicy: AskForApproval? = nil, approvalsReviewer: ApprovalsReviewer? = nil,
    baseInstructions: String? = nil, config: JSONObject? = nil, cwd: String? = nil,
    daybreakEnabled: Bool? = nil, developerInstructions: String? = nil,
    dynamicTools: [DynamicToolSpec]? = nil, environments: [TurnEnvironmentParams]? = nil,
    ephemeral: Bool? = nil, experimentalRawEvents: Bool? = nil, historyMode: ThreadHistoryMode? = nil,
    model: String? = nil, modelProvider: String? = nil, multiAgentMode: MultiAgentMode? = nil,
    permissions: String? = nil, personality: Personality? = nil, projectId: String? = nil,
    runtimeWorkspaceRoots: [String]? = nil, sandbox: SandboxMode? = nil,
    selectedCapabilityRoots: [SelectedCapabilityRoot]? = nil, serviceName: String? = nil,
    serviceTier: String? = nil, sessionStartSource: ThreadStartSource? = nil,
    threadSource: String? = nil, stet: StetThreadOptions? = nil
  ) {
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.baseInstructions = baseInstructions
    self.config = config
    self.cwd = cwd
    self.daybreakEnabled = daybreakEnabled
    self.developerInstructions = developerInstructions
    self.dynamicTools = dynamicTools
    self.environments = environments
    self.ephemeral = ephemeral
    self.experimentalRawEvents = experimentalRawEvents
    self.historyMode = historyMode
    self.model = model
    self.modelProvider = modelProvider
    self.multiAgentMode = multiAgentMode
    self.permissions = permissions
    self.personality = personality
    self.projectId = projectId
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
    self.sandbox = sandbox
    self.selectedCapabilityRoots = selectedCapabilityRoots
    self.serviceName = serviceName
    self.serviceTier = serviceTier
    self.sessionStartSource = sessionStartSource
    self.threadSource = threadSource
    self.stet = stet
  }
}

public struct ThreadStartResponse: Codable, Hashable, Sendable {
  public var thread: Thread
  public var model: String
  public var modelProvider: String
  public var serviceTier: String?
  @Defaulted public var disabledPluginIds: [String]
  public var cwd: String
  @Defaulted public var runtimeWorkspaceRoots: [String]
  @Defaulted public var instructionSources: [String]
  public var approvalPolicy: AskForApproval
  public var approvalsReviewer: ApprovalsReviewer
  public var sandbox: SandboxPolicy
  public var activePermissionProfile: ActivePermissionProfile?
  public var reasoningEffort: String?
  @Defaulted public var multiAgentMode: MultiAgentMode

  public init(
    thread: Thread, model: String, modelProvider: String, serviceTier: String? = nil,
    disabledPluginIds: [String] = [], cwd: String, runtimeWorkspaceRoots: [String] = [],
    instructionSources: [String] = [], approvalPolicy: AskForApproval,
    approvalsReviewer: ApprovalsReviewer, sandbox: SandboxPolicy,
    activePermissionProfile: ActivePermissionProfile? = nil, reasoningEffort: String? = nil,
    multiAgentMode: MultiAgentMode = .explicitRequestOnly
  ) {
    self.thread = thread
    self.model = model
    self.modelProvider = modelProvider
    self.serviceTier = serviceTier
    self.disabledPluginIds = disabledPluginIds
    self.cwd = cwd
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
    self.instructionSources = instructionSources
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.sandbox = sandbox
    self.activePermissionProfile = activePermissionProfile
    self.reasoningEffort = reasoningEffort
    self.multiAgentMode = multiAgentMode
  }
}

public struct TurnEnvironmentParams: Codable, Hashable, Sendable {
  public var cwd: String
  public var environmentId: String
  public var runtimeWorkspaceRoots: [String]?

  public init(cwd: String, environmentId: String, runtimeWorkspaceRoots: [String]? = nil) {
    self.cwd = cwd
    self.environmentId = environmentId
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
  }
}

public struct SelectedCapabilityRoot: Codable, Hashable, Sendable {
  public var id: String
  public var location: JSONValue

  public init(id: String, location: JSONValue) {
    self.id = id
    self.location = location
  }
}
