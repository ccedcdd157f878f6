import StetJSON

extension ServerNotification {
  static let readers: [String: NotificationReader] = threadReaders.merging(resourceReaders) { first, _ in
    first
  }

  private static let threadReaders: [String: NotificationReader] = [
    "error": NotificationReader(ServerNotification.error),
    "thread/started": NotificationReader(ServerNotification.threadStarted),
    "thread/status/changed": NotificationReader(ServerNotification.threadStatusChanged),
    "thread/readState/changed": NotificationReader(ServerNotification.threadReadStateChanged),
    "thread/archived": NotificationReader(ServerNotification.threadArchived),
    "thread/deleted": NotificationReader(ServerNotification.threadDeleted),
    "thread/unarchived": NotificationReader(ServerNotification.threadUnarchived),
    "thread/closed": NotificationReader(ServerNotification.threadClosed),
    "thread/reverted": NotificationReader(ServerNotification.threadReverted),
    "thread/name/updated": NotificationReader(ServerNotification.threadNameUpdated),
    "thread/goal/updated": NotificationReader(ServerNotification.threadGoalUpdated),
    "thread/goal/cleared": NotificationReader(ServerNotification.threadGoalCleared),
    "thread/queue/changed": NotificationReader(ServerNotification.threadQueueChanged),
    "thread/settings/updated": NotificationReader(ServerNotification.threadSettingsUpdated),
    "thread/tokenUsage/updated": NotificationReader(ServerNotification.threadTokenUsageUpdated),
    "turn/started": NotificationReader(ServerNotification.turnStarted),
    "turn/completed": NotificationReader(ServerNotification.turnCompleted),
    "turn/diff/updated": NotificationReader(ServerNotification.turnDiffUpdated),
    "turn/plan/updated": NotificationReader(ServerNotification.turnPlanUpdated),
    "item/started": NotificationReader(ServerNotification.itemStarted),
    "item/autoApprovalReview/started": NotificationReader(ServerNotification.itemAutoApprovalReviewStarted),
    "item/autoApprovalReview/completed": NotificationReader(
      ServerNotification.itemAutoApprovalReviewCompleted),
    "item/completed": NotificationReader(ServerNotification.itemCompleted),
    "item/agentMessage/delta": NotificationReader(ServerNotification.agentMessageDelta),
    "item/plan/delta": NotificationReader(ServerNotification.planDelta),
    "item/commandExecution/outputDelta": NotificationReader(ServerNotification.commandExecutionOutputDelta),
    "item/commandExecution/terminalInteraction": NotificationReader(ServerNotification.terminalInteraction),
    "item/fileChange/patchUpdated": NotificationReader(ServerNotification.fileChangePatchUpdated),
    "item/mcpToolCall/progress": NotificationReader(ServerNotification.mcpToolCallProgress),
    "item/reasoning/summaryTextDelta": NotificationReader(ServerNotification.reasoningSummaryTextDelta),
    "item/reasoning/summaryPartAdded": NotificationReader(ServerNotification.reasoningSummaryPartAdded),
    "item/reasoning/textDelta": NotificationReader(ServerNotification.reasoningTextDelta),
  ]

  private static let resourceReaders: [String: NotificationReader] = [
    "skills/changed": NotificationReader(ServerNotification.skillsChanged),
    "command/exec/outputDelta": NotificationReader(ServerNotification.commandExecOutputDelta),
    "process/outputDelta": NotificationReader(ServerNotification.processOutputDelta),
    "process/exited": NotificationReader(ServerNotification.processExited),
    "serverRequest/resolved": NotificationReader(ServerNotification.serverRequestResolved),
    "mcpServer/oauthLogin/completed": NotificationReader(ServerNotification.mcpServerOauthLoginCompleted),
    "mcpServer/startupStatus/updated": NotificationReader(ServerNotification.mcpServerStatusUpdated),
    "hook/started": NotificationReader(ServerNotification.hookStarted),
    "hook/completed": NotificationReader(ServerNotification.hookCompleted),
    "account/updated": NotificationReader(ServerNotification.accountUpdated),
    "account/rateLimits/updated": NotificationReader(ServerNotification.accountRateLimitsUpdated),
    "remoteControl/status/changed": NotificationReader(ServerNotification.remoteControlStatusChanged),
    "fs/changed": NotificationReader(ServerNotification.fsChanged),
    "warning": NotificationReader(ServerNotification.warning),
    "guardianWarning": NotificationReader(ServerNotification.guardianWarning),
    "deprecationNotice": NotificationReader(ServerNotification.deprecationNotice),
    "configWarning": NotificationReader(ServerNotification.configWarning),
    "fuzzyFileSearch/sessionUpdated": NotificationReader(ServerNotification.fuzzyFileSearchSessionUpdated),
    "fuzzyFileSearch/sessionCompleted": NotificationReader(
      ServerNotification.fuzzyFileSearchSessionCompleted),
    "account/login/completed": NotificationReader(ServerNotification.accountLoginCompleted),
    "stet/snapshot/created": NotificationReader(ServerNotification.stetSnapshotCreated),
    "stet/snapshot/restored": NotificationReader(ServerNotification.stetSnapshotRestored),
    "stet/snapshot/degraded": NotificationReader(ServerNotification.stetSnapshotDegraded),
    "stet/approval/refused": NotificationReader(ServerNotification.stetApprovalRefused),
    "stet/review/changed": NotificationReader(ServerNotification.stetReviewChanged),
  ]
}
