import StetJSON

/// A call that concerns one thread.
protocol ThreadScopedCall {
  var threadId: String { get }
}

extension ThreadResumeParams: ThreadScopedCall {}
extension ThreadForkParams: ThreadScopedCall {}
extension ThreadArchiveParams: ThreadScopedCall {}
extension ThreadUnarchiveParams: ThreadScopedCall {}
extension ThreadDeleteParams: ThreadScopedCall {}
extension ThreadUnsubscribeParams: ThreadScopedCall {}
extension ThreadSetNameParams: ThreadScopedCall {}
extension ThreadGoalSetParams: ThreadScopedCall {}
extension ThreadGoalGetParams: ThreadScopedCall {}
extension ThreadGoalClearParams: ThreadScopedCall {}
extension ThreadQueueAddParams: ThreadScopedCall {}
extension ThreadQueueListParams: ThreadScopedCall {}
extension ThreadQueueUpdateParams: ThreadScopedCall {}
extension ThreadQueueDeleteParams: ThreadScopedCall {}
extension ThreadQueueReorderParams: ThreadScopedCall {}
extension ThreadQueueStartParams: ThreadScopedCall {}
extension ThreadMetadataUpdateParams: ThreadScopedCall {}
extension ThreadSettingsUpdateParams: ThreadScopedCall {}
extension ThreadCompactStartParams: ThreadScopedCall {}
extension ThreadShellCommandParams: ThreadScopedCall {}
extension ThreadBackgroundTerminalsListParams: ThreadScopedCall {}
extension ThreadBackgroundTerminalsTerminateParams: ThreadScopedCall {}
extension ThreadBackgroundTerminalsCleanParams: ThreadScopedCall {}
extension ThreadRevertParams: ThreadScopedCall {}
extension ThreadSearchOccurrencesParams: ThreadScopedCall {}
extension ThreadReadParams: ThreadScopedCall {}
extension ThreadReadStateUpdateParams: ThreadScopedCall {}
extension ThreadTurnsListParams: ThreadScopedCall {}
extension ThreadItemsListParams: ThreadScopedCall {}
extension ThreadItemsReadParams: ThreadScopedCall {}
extension ThreadInjectItemsParams: ThreadScopedCall {}
extension TurnStartParams: ThreadScopedCall {}
extension TurnSteerParams: ThreadScopedCall {}
extension TurnInterruptParams: ThreadScopedCall {}
extension ReviewStartParams: ThreadScopedCall {}
extension StetEventsReplayParams: ThreadScopedCall {}
extension StetSnapshotListParams: ThreadScopedCall {}
extension StetSnapshotDiffParams: ThreadScopedCall {}
extension StetSnapshotRestoreParams: ThreadScopedCall {}
extension StetSnapshotRedoParams: ThreadScopedCall {}
extension StetContextReadParams: ThreadScopedCall {}
extension StetCompactUndoParams: ThreadScopedCall {}
extension StetPermissionsListParams: ThreadScopedCall {}
extension StetPermissionsChangeParams: ThreadScopedCall {}
extension StetSnapshotFileParams: ThreadScopedCall {}

extension ClientRequest {
  /// The thread that the request concerns; nil for those that name none.
  public var threadId: String? { (call as? any ThreadScopedCall)?.threadId }
}
