import StetJSON

extension ClientRequest {
  /// The method on the wire.
  public var method: String {
    if case .unknown(let method, _) = self { return method }
    return call.map { type(of: $0).method } ?? ""
  }

  /// The typed params, whichever they are; nil for an unknown method.
  public var call: (any ClientCall)? { threadCall ?? resourceCall ?? stetCall }

  private var threadCall: (any ClientCall)? {
    switch self {
    case .threadStart(let params): params
    case .threadResume(let params): params
    case .threadFork(let params): params
    case .threadArchive(let params): params
    case .threadDelete(let params): params
    case .threadUnsubscribe(let params): params
    case .threadNameSet(let params): params
    case .threadGoalSet(let params): params
    case .threadGoalGet(let params): params
    case .threadGoalClear(let params): params
    case .threadQueueAdd(let params): params
    case .threadQueueList(let params): params
    case .threadQueueUpdate(let params): params
    case .threadQueueDelete(let params): params
    case .threadQueueReorder(let params): params
    case .threadQueueStart(let params): params
    case .threadMetadataUpdate(let params): params
    case .threadSettingsUpdate(let params): params
    case .threadUnarchive(let params): params
    case .threadCompactStart(let params): params
    case .threadShellCommand(let params): params
    case .threadBackgroundTerminalsClean(let params): params
    case .threadBackgroundTerminalsList(let params): params
    case .threadBackgroundTerminalsTerminate(let params): params
    case .threadRevert(let params): params
    case .threadList(let params): params
    case .threadSearch(let params): params
    case .threadSearchOccurrences(let params): params
    case .threadLoadedList(let params): params
    case .threadRead(let params): params
    case .threadReadStateUpdate(let params): params
    case .threadTurnsList(let params): params
    case .threadItemsList(let params): params
    case .threadItemsRead(let params): params
    case .threadInjectItems(let params): params
    default: nil
    }
  }

  private var resourceCall: (any ClientCall)? {
    switch self {
    case .initialize(let params): params
    case .skillsList(let params): params
    case .hooksList(let params): params
    case .fsReadFile(let params): params
    case .fsWriteFile(let params): params
    case .fsCreateDirectory(let params): params
    case .fsGetMetadata(let params): params
    case .fsReadDirectory(let params): params
    case .fsRemove(let params): params
    case .fsCopy(let params): params
    case .fsWatch(let params): params
    case .fsUnwatch(let params): params
    case .skillsConfigWrite(let params): params
    case .turnStart(let params): params
    case .turnSteer(let params): params
    case .turnInterrupt(let params): params
    case .reviewStart(let params): params
    case .modelList(let params): params
    case .modelProviderCapabilitiesRead(let params): params
    case .experimentalFeatureList(let params): params
    case .permissionProfileList(let params): params
    case .collaborationModeList(let params): params
    case .mcpServerOauthLogin(let params): params
    case .configMcpServerReload(let params): params
    case .mcpServerStatusList(let params): params
    case .mcpServerResourceRead(let params): params
    case .mcpServerToolCall(let params): params
    case .accountLoginStart(let params): params
    case .accountLoginCancel(let params): params
    case .accountLogout(let params): params
    case .accountRateLimitsRead(let params): params
    case .commandExec(let params): params
    case .commandExecWrite(let params): params
    case .commandExecTerminate(let params): params
    case .commandExecResize(let params): params
    case .processSpawn(let params): params
    case .processWriteStdin(let params): params
    case .processKill(let params): params
    case .processResizePty(let params): params
    case .configRead(let params): params
    case .configValueWrite(let params): params
    case .configBatchWrite(let params): params
    case .configRequirementsRead(let params): params
    case .accountRead(let params): params
    case .getAuthStatus(let params): params
    case .fuzzyFileSearch(let params): params
    case .fuzzyFileSearchSessionStart(let params): params
    case .fuzzyFileSearchSessionUpdate(let params): params
    case .fuzzyFileSearchSessionStop(let params): params
    default: nil
    }
  }

  private var stetCall: (any ClientCall)? {
    switch self {
    case .stetReviewRead(let params): params
    case .stetReviewList(let params): params
    case .stetReviewPreview(let params): params
    case .stetReviewDecide(let params): params
    case .stetReviewUndo(let params): params
    case .stetReviewStart(let params): params
    case .stetReviewStage(let params): params
    case .stetReviewCommitDraft(let params): params
    case .stetReviewCommit(let params): params
    case .stetEventsReplay(let params): params
    case .stetSnapshotList(let params): params
    case .stetSnapshotDiff(let params): params
    case .stetSnapshotRestore(let params): params
    case .stetSnapshotRedo(let params): params
    case .stetContextRead(let params): params
    case .stetCompactUndo(let params): params
    case .stetSnapshotFile(let params): params
    case .stetSnapshotUsage(let params): params
    case .stetSnapshotPurge(let params): params
    case .stetThreadSearch(let params): params
    case .stetPermissionsList(let params): params
    case .stetPermissionsChange(let params): params
    case .stetPromptsList(let params): params
    case .getConversationSummary(let params): params
    case .gitDiffToRemote(let params): params
    default: nil
    }
  }
}
