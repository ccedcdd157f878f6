import StetJSON

/// `thread/settings/update`: Changes the settings of the turns to come.
public struct ThreadSettingsUpdateParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/settings/update"

  public var threadId: String
  public var approvalPolicy: AskForApproval?
  public var approvalsReviewer: ApprovalsReviewer?
  public var collaborationMode: CollaborationMode?
  public var cwd: String?
  public var disabledPluginIds: [String]?
  public var effort: String?
  public var model: String?
  public var multiAgentMode: MultiAgentMode?
  public var permissions: String?
  public var personality: Personality?
  public var sandboxPolicy: SandboxPolicy?
  public var serviceTier: Settable<String>
  public var summary: ReasoningSummary?
  @OmitIfNil public var stet: StetThreadOptions?

  public init(
    threadId: String, approvalPolicy: AskForApproval? = nil,
    approvalsReviewer: ApprovalsReviewer? = nil, collaborationMode: CollaborationMode? = nil,
    cwd: String? = nil, disabledPluginIds: [String]? = nil, effort: String? = nil,
    model: String? = nil, multiAgentMode: MultiAgentMode? = nil, permissions: String? = nil,
    personality: Personality? = nil, sandboxPolicy: SandboxPolicy? = nil,
    serviceTier: Settable<String> = .keep, summary: ReasoningSummary? = nil,
    stet: StetThreadOptions? = nil
  ) {
    self.threadId = threadId
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.collaborationMode = collaborationMode
    self.cwd = cwd
    self.disabledPluginIds = disabledPluginIds
    self.effort = effort
    self.model = model
    self.multiAgentMode = multiAgentMode
    self.permissions = permissions
    self.personality = personality
    self.sandboxPolicy = sandboxPolicy
    self.serviceTier = serviceTier
    self.summary = summary
    self.stet = stet
  }
}
