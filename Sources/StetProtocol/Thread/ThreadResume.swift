import StetJSON

/// `thread/resume`: Loads a stored thread, or joins a loaded one, and subscribes the caller.
public struct ThreadResumeParams: ClientCall {
  public typealias Response = ThreadResumeResponse
  public static let method = "thread/resume"

  public var threadId: String
  public var approvalPolicy: AskForApproval?
  public var approvalsReviewer: ApprovalsReviewer?
  public var baseInstructions: String?
  public var config: JSONObject?
  public var cwd: String?
  public var developerInstructions: String?
  /// True: the result carries no turns.
  public var excludeTurns: Bool?
  public var history: [JSONValue]?
  public var initialTurnsPage: ThreadResumeInitialTurnsPageParams?
  public var model: String?
  public var modelProvider: String?
  public var path: String?
  public var permissions: String?
  public var personality: Personality?
  public var runtimeWorkspaceRoots: [String]?
  public var sandbox: SandboxMode?
  public var serviceTier: String?
  @OmitIfNil public var stet: StetThreadOptions?

  public init(
    threadId: String, approvalPolicy: AskForApproval? = nil,
    approvalsReviewer: ApprovalsReviewer? = nil, baseInstructions: String? = nil,
    config: JSONObject? = nil, cwd: String? = nil, developerInstructions: String? = nil,
    excludeTurns: Bool? = nil, history: [JSONValue]? = nil,
    initialTurnsPage: ThreadResumeInitialTurnsPageParams? = nil, model: String? = nil,
    modelProvider: String? = nil, path: String? = nil, permissions: String? = nil,
    personality: Personality? = nil, runtimeWorkspaceRoots: [String]? = nil,
    sandbox: SandboxMode? = nil, serviceTier: String? = nil, stet: StetThreadOptions? = nil
  ) {
    self.threadId = threadId
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.baseInstructions = baseInstructions
    self.config = config
    self.cwd = cwd
    self.developerInstructions = developerInstructions
    self.excludeTurns = excludeTurns
    self.history = history
    self.initialTurnsPage = initialTurnsPage
    self.model = model
    self.modelProvider = modelProvider
    self.path = path
    self.permissions = permissions
    self.personality = personality
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
    self.sandbox = sandbox
    self.serviceTier = serviceTier
    self.stet = stet
  }
}

public struct ThreadResumeResponse: Codable, Hashable, Sendable {
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
  public var collaborationMode: CollaborationMode?
  @Defaulted public var multiAgentMode: MultiAgentMode
  public var initialTurnsPage: TurnsPage?
  public var turnsBackwardsCursor: String?
  public var itemsBackwardsCursor: String?
  @OmitIfNil public var stet: StetResumeState?

  public init(
    thread: Thread, model: String, modelProvider: String, serviceTier: String? = nil,
    disabledPluginIds: [String] = [], cwd: String, runtimeWorkspaceRoots: [String] = [],
    instructionSources: [String] = [], approvalPolicy: AskForApproval,
    approvalsReviewer: ApprovalsReviewer, sandbox: SandboxPolicy,
    activePermissionProfile: ActivePermissionProfile? = nil, reasoningEffort: String? = nil,
    collaborationMode: CollaborationMode? = nil, multiAgentMode: MultiAgentMode = .explicitRequestOnly,
    initialTurnsPage: TurnsPage? = nil, turnsBackwardsCursor: String? = nil,
    itemsBackwardsCursor: String? = nil, stet: StetResumeState? = nil
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
    self.collaborationMode = collaborationMode
    self.multiAgentMode = multiAgentMode
    self.initialTurnsPage = initialTurnsPage
    self.turnsBackwardsCursor = turnsBackwardsCursor
    self.itemsBackwardsCursor = itemsBackwardsCursor
    self.stet = stet
  }
}

public struct TurnsPage: Codable, Hashable, Sendable {
  public var data: [Turn]
  public var backwardsCursor: String?
  public var nextCursor: String?

  public init(data: [Turn], backwardsCursor: String? = nil, nextCursor: String? = nil) {
    self.data = data
    self.backwardsCursor = backwardsCursor
    self.nextCursor = nextCursor
  }
}

public struct ThreadResumeInitialTurnsPageParams: Codable, Hashable, Sendable {
  public var itemsView: TurnItemsView?
  public var limit: UInt32?
  public var sortDirection: SortDirection?

  public init(itemsView: TurnItemsView? = nil, limit: UInt32? = nil, sortDirection: SortDirection? = nil) {
    self.itemsView = itemsView
    self.limit = limit
    self.sortDirection = sortDirection
  }
}
