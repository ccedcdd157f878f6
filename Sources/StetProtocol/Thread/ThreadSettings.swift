import StetJSON

public enum ModeKind: WireEnum {
  case plan, `default`
  case unknown(String)

  public static let variants: [(name: String, value: ModeKind)] = [
    ("plan", .plan), ("default", .default),
  ]

  public static func unlisted(_ name: String) -> ModeKind { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// Plan mode or the default, with its settings.
public struct CollaborationMode: Codable, Hashable, Sendable {
  public var mode: ModeKind
  public var settings: CollaborationModeSettings

  public init(mode: ModeKind, settings: CollaborationModeSettings) {
    self.mode = mode
    self.settings = settings
  }
}

/// Settings of a collaboration mode; nil instructions mean the built-in text.
public struct CollaborationModeSettings: Codable, Hashable, Sendable {
  public var model: String
  public var reasoningEffort: String?
  public var developerInstructions: String?

  private enum CodingKeys: String, CodingKey {
    case model
    case reasoningEffort = "reasoning_effort"
    case developerInstructions = "developer_instructions"
  }

  public init(model: String, reasoningEffort: String? = nil, developerInstructions: String? = nil) {
    self.model = model
    self.reasoningEffort = reasoningEffort
    self.developerInstructions = developerInstructions
  }
}

public enum ReasoningSummary: WireEnum {
  case auto, concise, detailed, none
  case unknown(String)

  public static let variants: [(name: String, value: ReasoningSummary)] = [
    ("auto", .auto), ("concise", .concise), ("detailed", .detailed), ("none", .none),
  ]

  public static func unlisted(_ name: String) -> ReasoningSummary { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// The settings of the turns to come.
public struct ThreadSettings: Codable, Hashable, Sendable {
  @Defaulted public var disabledPluginIds: [String]
  public var cwd: String
  public var approvalPolicy: AskForApproval
  public var approvalsReviewer: ApprovalsReviewer
  public var sandboxPolicy: SandboxPolicy
  public var activePermissionProfile: ActivePermissionProfile?
  public var model: String
  public var modelProvider: String
  public var serviceTier: String?
  public var effort: String?
  public var summary: ReasoningSummary?
  public var collaborationMode: CollaborationMode
  @Defaulted public var multiAgentMode: MultiAgentMode
  public var personality: Personality?
  /// stet: the review mode in force.
  @OmitIfNil public var stet: StetThreadOptions?

  public init(
    disabledPluginIds: [String] = [], cwd: String, approvalPolicy: AskForApproval,
    approvalsReviewer: ApprovalsReviewer, sandboxPolicy: SandboxPolicy,
    activePermissionProfile: ActivePermissionProfile? = nil, model: String, modelProvider: String,
    serviceTier: String? = nil, effort: String? = nil, summary: ReasoningSummary? = nil,
    collaborationMode: CollaborationMode, multiAgentMode: MultiAgentMode = .explicitRequestOnly,
    personality: Personality? = nil, stet: StetThreadOptions? = nil
  ) {
    self.disabledPluginIds = disabledPluginIds
    self.cwd = cwd
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.sandboxPolicy = sandboxPolicy
    self.activePermissionProfile = activePermissionProfile
    self.model = model
    self.modelProvider = modelProvider
    self.serviceTier = serviceTier
    self.effort = effort
    self.summary = summary
    self.collaborationMode = collaborationMode
    self.multiAgentMode = multiAgentMode
    self.personality = personality
    self.stet = stet
  }
}
