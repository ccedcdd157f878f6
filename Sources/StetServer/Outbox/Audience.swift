import StetProtocol

extension ServerNotification {
  /// Whether every connection gets the notification, not only the subscribers of its thread (protocol.md §3).
  var isForEveryone: Bool {
    switch self {
    case .threadStarted, .threadStatusChanged, .threadNameUpdated, .threadArchived, .threadUnarchived,
      .threadDeleted, .threadReverted, .threadClosed, .threadGoalUpdated, .threadGoalCleared,
      .configWarning, .accountUpdated, .accountLoginCompleted, .skillsChanged,
      .remoteControlStatusChanged, .mcpServerOauthLoginCompleted:
      true
    case .warning(let params): params.threadId == nil
    case .mcpServerStatusUpdated(let params): params.threadId == nil
    default: false
    }
  }

  /// The item that the notification belongs to.
  var itemId: String? {
    switch self {
    case .itemStarted(let params): params.item.id
    case .itemCompleted(let params): params.item.id
    case .reasoningSummaryPartAdded(let params): params.itemId
    case .terminalInteraction(let params): params.itemId
    case .mcpToolCallProgress(let params): params.itemId
    case .fileChangePatchUpdated(let params): params.itemId
    default: nil
    }
  }
}

extension ServerRequest {
  /// The item that the request belongs to.
  var itemId: String? {
    switch self {
    case .commandExecutionRequestApproval(let params): params.itemId
    case .fileChangeRequestApproval(let params): params.itemId
    case .toolRequestUserInput(let params): params.itemId
    case .permissionsRequestApproval(let params): params.itemId
    case .mcpServerElicitation, .toolCall, .currentTimeRead, .unknown: nil
    }
  }
}
