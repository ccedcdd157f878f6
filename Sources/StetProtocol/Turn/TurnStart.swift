import StetJSON

/// `turn/start`: Starts a turn, or steers the running one.
public struct TurnStartParams: ClientCall {
  public typealias Response = TurnStartResponse
  public static let method = "turn/start"

  public var threadId: String
  /// May be empty; then there is no user message.
  public var input: [UserInput]
  public var additionalContext: [String: AdditionalContextEntry]?
  public var approvalPolicy: AskForApproval?
  public var approvalsReviewer: ApprovalsReviewer?
  public var clientUserMessageId: String?
  public var collaborationMode: CollaborationMode?
  public var cwd: String?
  public var cyberAccessProgram: CyberAccessProgram?
  public var disabledPluginIds: [String]?
  public var effort: String?
  public var environments: [TurnEnvironmentParams]?
  public var model: String?
  public var multiAgentMode: MultiAgentMode?
  public var outputSchema: JSONValue?
  /// Attribution, like `turnTrigger`: nothing that a client is shown or a model is sent depends on it.
  public var parentTurnId: String?
  public var permissions: String?
  public var personality: Personality?
  public var responsesapiClientMetadata: [String: String]?
  public var rootTurnId: String?
  public var runtimeWorkspaceRoots: [String]?
  public var sandboxPolicy: SandboxPolicy?
  public var serviceTier: Settable<String>
  public var serviceTierForTurn: String?
  public var summary: ReasoningSummary?
  public var toolOutput: TurnToolOutput?
  public var turnTrigger: String?
  @OmitIfNil public var stet: StetThreadOptions?

  public init(
    threadId: String, input: [UserInput], additionalContext: [String: AdditionalContextEntry]? = nil,
    approvalPolicy: AskForApproval? = nil, approvalsReviewer: ApprovalsReviewer? = nil,
    clientUserMessageId: String? = nil, collaborationMode: CollaborationMode? = nil,
    cwd: String? = nil, cyberAccessProgram: CyberAccessProgram? = nil,
    disabledPluginIds: [String]? = nil, effort: String? = nil,
    environments: [TurnEnvironmentParams]? = nil, model: String? = nil,
    multiAgentMode: MultiAgentMode? = nil, outputSchema: JSONValue? = nil, parentTurnId: String? = nil,
    permissions: String? = nil, personality: Personality? = nil,
    responsesapiClientMetadata: [String: String]? = nil, rootTurnId: String? = nil,
    runtimeWorkspaceRoots: [String]? = nil, sandboxPolicy: SandboxPolicy? = nil,
    serviceTier: Settable<String> = .keep, serviceTierForTurn: String? = nil,
    summary: ReasoningSummary? = nil, toolOutput: TurnToolOutput? = nil, turnTrigger: String? = nil,
    stet: StetThreadOptions? = nil
  ) {
    self.threadId = threadId
    self.input = input
    self.additionalContext = additionalContext
    self.approvalPolicy = approvalPolicy
    self.approvalsReviewer = approvalsReviewer
    self.clientUserMessageId = clientUserMessageId
    self.collaborationMode = collaborationMode
    self.cwd = cwd
    self.cyberAccessProgram = cyberAccessProgram
    self.disabledPluginIds = disabledPluginIds
    self.effort = effort
    self.environments = environments
    self.model = model
    self.multiAgentMode = multiAgentMode
    self.outputSchema = outputSchema
    self.parentTurnId = parentTurnId
    self.permissions = permissions
    self.personality = personality
    self.responsesapiClientMetadata = responsesapiClientMetadata
    self.rootTurnId = rootTurnId
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
    self.sandboxPolicy = sandboxPolicy
    self.serviceTier = serviceTier
    self.serviceTierForTurn = serviceTierForTurn
    self.summary = summary
    self.toolOutput = toolOutput
    self.turnTrigger = turnTrigger
    self.stet = stet
  }
}

public struct TurnStartResponse: Codable, Hashable, Sendable {
  public var turn: Turn

  public init(turn: Turn) {
    self.turn = turn
  }
}

public enum CyberAccessProgram: WireEnum {
  case standard, daybreakBlue, daybreakRed
  case unknown(String)

  public static let variants: [(name: String, value: CyberAccessProgram)] = [
    ("standard", .standard), ("daybreakBlue", .daybreakBlue), ("daybreakRed", .daybreakRed),
  ]

  public static func unlisted(_ name: String) -> CyberAccessProgram { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct TurnToolOutput: Codable, Hashable, Sendable {
  public var name: String
  public var output: FunctionCallOutputBody
  public var namespace: String?
  public var retain: Bool?

  public init(name: String, output: FunctionCallOutputBody, namespace: String? = nil, retain: Bool? = nil) {
    self.name = name
    self.output = output
    self.namespace = namespace
    self.retain = retain
  }
}
