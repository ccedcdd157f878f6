import StetJSON

/// `item/commandExecution/requestApproval`: Asks whether a command may run. Null members are left out.
public struct CommandExecutionRequestApprovalParams: ServerCall {
  public typealias Response = CommandExecutionRequestApprovalResponse
  public static let method = "item/commandExecution/requestApproval"

  @Defaulted public var kind: CommandExecutionApprovalKind
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var startedAtMs: Int
  public var environmentId: String?
  @OmitIfNil public var reason: String?
  public var command: String?
  public var cwd: String?
  public var commandActions: [CommandAction]?
  public var proposedExecpolicyAmendment: [String]?
  public var availableDecisions: [CommandExecutionApprovalDecision]?
  @OmitIfNil public var additionalPermissions: RequestPermissionProfile?
  @OmitIfNil public var approvalId: String?
  @OmitIfNil public var networkApprovalContext: NetworkApprovalContext?
  @OmitIfNil public var proposedNetworkPolicyAmendments: [NetworkPolicyAmendment]?
  @OmitIfNil public var stet: StetCommandApproval?

  public init(
    kind: CommandExecutionApprovalKind = .command, threadId: String, turnId: String, itemId: String,
    startedAtMs: Int, environmentId: String? = nil, reason: String? = nil, command: String? = nil,
    cwd: String? = nil, commandActions: [CommandAction]? = nil,
    proposedExecpolicyAmendment: [String]? = nil,
    availableDecisions: [CommandExecutionApprovalDecision]? = nil,
    additionalPermissions: RequestPermissionProfile? = nil, approvalId: String? = nil,
    networkApprovalContext: NetworkApprovalContext? = nil,
    proposedNetworkPolicyAmendments: [NetworkPolicyAmendment]? = nil, stet: StetCommandApproval? = nil
  ) {
    self.kind = kind
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.startedAtMs = startedAtMs
    self.environmentId = environmentId
    self.reason = reason
    self.command = command
    self.cwd = cwd
    self.commandActions = commandActions
    self.proposedExecpolicyAmendment = proposedExecpolicyAmendment
    self.availableDecisions = availableDecisions
    self.additionalPermissions = additionalPermissions
    self.approvalId = approvalId
    self.networkApprovalContext = networkApprovalContext
    self.proposedNetworkPolicyAmendments = proposedNetworkPolicyAmendments
    self.stet = stet
  }
}

public enum CommandExecutionApprovalKind: WireEnum, HasDefault {
  case command, writeStdin
  case unknown(String)

  public static let variants: [(name: String, value: CommandExecutionApprovalKind)] = [
    ("command", .command), ("writeStdin", .writeStdin),
  ]
  public static var absent: CommandExecutionApprovalKind { .command }

  public static func unlisted(_ name: String) -> CommandExecutionApprovalKind { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct CommandExecutionRequestApprovalResponse: Codable, Hashable, Sendable {
  public var decision: CommandExecutionApprovalDecision

  public init(decision: CommandExecutionApprovalDecision) {
    self.decision = decision
  }
}
