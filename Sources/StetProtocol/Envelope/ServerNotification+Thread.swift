import StetJSON

/// A notification that belongs to one thread.
protocol ThreadScoped {
  var threadId: String { get }
}

extension ThreadStatusChangedNotification: ThreadScoped {}
extension ThreadArchivedNotification: ThreadScoped {}
extension ThreadUnarchivedNotification: ThreadScoped {}
extension ThreadDeletedNotification: ThreadScoped {}
extension ThreadClosedNotification: ThreadScoped {}
extension ThreadRevertedNotification: ThreadScoped {}
extension ThreadNameUpdatedNotification: ThreadScoped {}
extension ThreadSettingsUpdatedNotification: ThreadScoped {}
extension ThreadTokenUsageUpdatedNotification: ThreadScoped {}
extension ThreadReadStateChangedNotification: ThreadScoped {}
extension ThreadQueueChangedNotification: ThreadScoped {}
extension ThreadGoalUpdatedNotification: ThreadScoped {}
extension ThreadGoalClearedNotification: ThreadScoped {}
extension TurnStartedNotification: ThreadScoped {}
extension TurnCompletedNotification: ThreadScoped {}
extension TurnDiffUpdatedNotification: ThreadScoped {}
extension TurnPlanUpdatedNotification: ThreadScoped {}
extension ErrorNotification: ThreadScoped {}
extension ItemStartedNotification: ThreadScoped {}
extension ItemCompletedNotification: ThreadScoped {}
extension AgentMessageDeltaNotification: ThreadScoped {}
extension PlanDeltaNotification: ThreadScoped {}
extension ReasoningSummaryPartAddedNotification: ThreadScoped {}
extension ReasoningSummaryTextDeltaNotification: ThreadScoped {}
extension ReasoningTextDeltaNotification: ThreadScoped {}
extension CommandExecutionOutputDeltaNotification: ThreadScoped {}
extension TerminalInteractionNotification: ThreadScoped {}
extension FileChangePatchUpdatedNotification: ThreadScoped {}
extension McpToolCallProgressNotification: ThreadScoped {}
extension ItemGuardianApprovalReviewStartedNotification: ThreadScoped {}
extension ItemGuardianApprovalReviewCompletedNotification: ThreadScoped {}
extension GuardianWarningNotification: ThreadScoped {}
extension ServerRequestResolvedNotification: ThreadScoped {}
extension HookRunNotification: ThreadScoped {}
extension StetReviewChangedNotification: ThreadScoped {}
extension StetApprovalRefusedNotification: ThreadScoped {}
extension StetSnapshotCreatedNotification: ThreadScoped {}
extension StetSnapshotRestoredNotification: ThreadScoped {}
extension StetSnapshotDegradedNotification: ThreadScoped {}
extension ThreadStartedNotification: ThreadScoped {
  var threadId: String { thread.id }
}

extension ServerNotification {
  /// The thread that the notification belongs to; nil for those of the server as a whole.
  public var threadId: String? {
    switch self {
    case .warning(let params): params.threadId
    case .mcpServerStatusUpdated(let params): params.threadId
    case .mcpServerOauthLoginCompleted(let params): params.threadId
    case .unknown(_, let params): params?["threadId"]?.stringValue
    default: (payload as? any ThreadScoped)?.threadId
    }
  }
}
