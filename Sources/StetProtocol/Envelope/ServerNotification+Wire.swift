import StetJSON

extension ServerNotification {
  /// The method on the wire.
  public var method: String {
    if case .unknown(let method, _) = self { return method }
    return threadMethod ?? resourceMethod ?? ""
  }

  private var threadMethod: String? {
    switch self {
    case .error: "error"
    case .threadStarted: "thread/started"
    case .threadStatusChanged: "thread/status/changed"
    case .threadReadStateChanged: "thread/readState/changed"
    case .threadArchived: "thread/archived"
    case .threadDeleted: "thread/deleted"
    case .threadUnarchived: "thread/unarchived"
    case .threadClosed: "thread/closed"
    case .threadReverted: "thread/reverted"
    case .threadNameUpdated: "thread/name/updated"
    case .threadGoalUpdated: "thread/goal/updated"
    case .threadGoalCleared: "thread/goal/cleared"
    case .threadQueueChanged: "thread/queue/changed"
    case .threadSettingsUpdated: "thread/settings/updated"
    case .threadTokenUsageUpdated: "thread/tokenUsage/updated"
    case .turnStarted: "turn/started"
    case .turnCompleted: "turn/completed"
    case .turnDiffUpdated: "turn/diff/updated"
    case .turnPlanUpdated: "turn/plan/updated"
    case .itemStarted: "item/started"
    case .itemAutoApprovalReviewStarted: "item/autoApprovalReview/started"
    case .itemAutoApprovalReviewCompleted: "item/autoApprovalReview/completed"
    case .itemCompleted: "item/completed"
    case .agentMessageDelta: "item/agentMessage/delta"
    case .planDelta: "item/plan/delta"
    case .commandExecutionOutputDelta: "item/commandExecution/outputDelta"
    case .terminalInteraction: "item/commandExecution/terminalInteraction"
    case .fileChangePatchUpdated: "item/fileChange/patchUpdated"
    case .mcpToolCallProgress: "item/mcpToolCall/progress"
    case .reasoningSummaryTextDelta: "item/reasoning/summaryTextDelta"
    case .reasoningSummaryPartAdded: "item/reasoning/summaryPartAdded"
    case .reasoningTextDelta: "item/reasoning/textDelta"
    default: nil
    }
  }

  private var resourceMethod: String? {
    switch self {
    case .skillsChanged: "skills/changed"
    case .commandExecOutputDelta: "command/exec/outputDelta"
    case .processOutputDelta: "process/outputDelta"
    case .processExited: "process/exited"
    case .serverRequestResolved: "serverRequest/resolved"
    case .mcpServerOauthLoginCompleted: "mcpServer/oauthLogin/completed"
    case .mcpServerStatusUpdated: "mcpServer/startupStatus/updated"
    case .hookStarted: "hook/started"
    case .hookCompleted: "hook/completed"
    case .accountUpdated: "account/updated"
    case .accountRateLimitsUpdated: "account/rateLimits/updated"
    case .remoteControlStatusChanged: "remoteControl/status/changed"
    case .fsChanged: "fs/changed"
    case .warning: "warning"
    case .guardianWarning: "guardianWarning"
    case .deprecationNotice: "deprecationNotice"
    case .configWarning: "configWarning"
    case .fuzzyFileSearchSessionUpdated: "fuzzyFileSearch/sessionUpdated"
    case .fuzzyFileSearchSessionCompleted: "fuzzyFileSearch/sessionCompleted"
    case .accountLoginCompleted: "account/login/completed"
    case .stetSnapshotCreated: "stet/snapshot/created"
    case .stetSnapshotRestored: "stet/snapshot/restored"
    case .stetSnapshotDegraded: "stet/snapshot/degraded"
    case .stetApprovalRefused: "stet/approval/refused"
    case .stetReviewChanged: "stet/review/changed"
    default: nil
    }
  }

  /// The params as they go on the wire.
  public func params() throws -> JSONValue {
    if case .unknown(_, let params) = self { return params ?? .object([:]) }
    return try (payload ?? EmptyResponse()).wireValue()
  }

  var payload: (any Encodable)? { threadPayload ?? resourcePayload }

  private var threadPayload: (any Encodable)? {
    switch self {
    case .error(let params): params
    case .threadStarted(let params): params
    case .threadStatusChanged(let params): params
    case .threadReadStateChanged(let params): params
    case .threadArchived(let params): params
    case .threadDeleted(let params): params
    case .threadUnarchived(let params): params
    case .threadClosed(let params): params
    case .threadReverted(let params): params
    case .threadNameUpdated(let params): params
    case .threadGoalUpdated(let params): params
    case .threadGoalCleared(let params): params
    case .threadQueueChanged(let params): params
    case .threadSettingsUpdated(let params): params
    case .threadTokenUsageUpdated(let params): params
    case .turnStarted(let params): params
    case .turnCompleted(let params): params
    case .turnDiffUpdated(let params): params
    case .turnPlanUpdated(let params): params
    case .itemStarted(let params): params
    case .itemAutoApprovalReviewStarted(let params): params
    case .itemAutoApprovalReviewCompleted(let params): params
    case .itemCompleted(let params): params
    case .agentMessageDelta(let params): params
    case .planDelta(let params): params
    case .commandExecutionOutputDelta(let params): params
    case .terminalInteraction(let params): params
    case .fileChangePatchUpdated(let params): params
    case .mcpToolCallProgress(let params): params
    case .reasoningSummaryTextDelta(let params): params
    case .reasoningSummaryPartAdded(let params): params
    case .reasoningTextDelta(let params): params
    default: nil
    }
  }

  private var resourcePayload: (any Encodable)? {
    switch self {
    case .skillsChanged(let params): params
    case .commandExecOutputDelta(let params): params
    case .processOutputDelta(let params): params
    case .processExited(let params): params
    case .serverRequestResolved(let params): params
    case .mcpServerOauthLoginCompleted(let params): params
    case .mcpServerStatusUpdated(let params): params
    case .hookStarted(let params), .hookCompleted(let params): params
    case .accountUpdated(let params): params
    case .accountRateLimitsUpdated(let params): params
    case .remoteControlStatusChanged(let params): params
    case .fsChanged(let params): params
    case .warning(let params): params
    case .guardianWarning(let params): params
    case .deprecationNotice(let params): params
    case .configWarning(let params): params
    case .fuzzyFileSearchSessionUpdated(let params): params
    case .fuzzyFileSearchSessionCompleted(let params): params
    case .accountLoginCompleted(let params): params
    case .stetSnapshotCreated(let params): params
    case .stetSnapshotRestored(let params): params
    case .stetSnapshotDegraded(let params): params
    case .stetApprovalRefused(let params): params
    case .stetReviewChanged(let params): params
    default: nil
    }
  }
}
