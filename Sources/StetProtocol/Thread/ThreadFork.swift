import StetJSON

/// `thread/fork`: Makes a new thread that begins with the history of another.
public struct ThreadForkParams: ClientCall {
  public typealias Response = ThreadForkResponse
  public static let method = "thread/fork"

  public var threadId: String
  public var approvalPolicy: AskForApproval?
  public var approvalsReviewer: ApprovalsReviewer?
  public var baseInstructions: String?
  public var beforeTurnId: String?
  public var config: JSONObject?
  public var cwd: String?
  public var deferGoalContinuation: Bool?
  public var developerInstructions: String?
  public var ephemeral: Bool?
  public var excludeTurns: Bool?
  public var experimentalPredictionMode: Bool?
  public var lastTurnId: String?
  public var model: String?
  public var modelProvider: String?
  public var path: String?
  public var permissions: String?
  public var runtimeWorkspaceRoots: [String]?
  public var sandbox: SandboxMode?
  public var serviceTier: String?
  public var threadSource: String?
  @OmitIfNil public var stet: StetThreadOptions?

  public init(
    threadId: String, approvalPolicy: AskForApproval? = nil,
    approvalsReviewer: ApprovalsReviewer? = nil, baseInstructions: String? = nil,
    beforeTurnId: String? = nil, config: JSONObject? = nil, cwd: String? = nil,
    deferGoalContinuation: Bool? = nil, developerInstructions: String? = nil, ephemeral: Bool? = nil,
    excludeTurns: Bool? = nil, experimentalPredictionMode: Bool? = nil, lastTurnId: String? = nil,
    model: String? = nil, modelProvider: String? = nil, path: String? = nil,
    permissions: String? = nil, runtimeWorkspaceRoots: [String]? = nil, sandbox: SandboxMode? = nil,
    serviceTier: String? = nil, threadSource: String? = nil, stet: StetThreadOptions? = nil
  ) {
    self.threadId = threadId
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.baseInstructions = baseInstructions
    self.beforeTurnId = beforeTurnId
    self.config = config
    self.cwd = cwd
    self.deferGoalContinuation = deferGoalContinuation
    self.developerInstructions = developerInstructions
    self.ephemeral = ephemeral
    self.excludeTurns = excludeTurns
    self.experimentalPredictionMode = experimentalPredictionMode
    self.lastTurnId = lastTurnId
    self.model = model
    self.modelProvider = modelProvider
    self.path = path
    self.permissions = permissions
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
    self.sandbox = sandbox
    self.serviceTier = serviceTier
    self.threadSource = threadSource
    self.stet = stet
  }
}

public struct ThreadForkResponse: Codable, Hashable, Sendable {
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
