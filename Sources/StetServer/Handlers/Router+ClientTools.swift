import StetProtocol

extension Router {
  /// What clients run for themselves, in the order in which errors name the methods.
  static let clientToolMethods: [String] = [
    FsReadFileParams.method, FsWriteFileParams.method, FsCreateDirectoryParams.method,
    FsGetMetadataParams.method, FsReadDirectoryParams.method, FsRemoveParams.method, FsCopyParams.method,
    FsWatchParams.method, FsUnwatchParams.method, CommandExecParams.method, CommandExecWriteParams.method,
    CommandExecTerminateParams.method, CommandExecResizeParams.method, ProcessSpawnParams.method,
    ProcessWriteStdinParams.method, ProcessKillParams.method, ProcessResizePtyParams.method,
    FuzzyFileSearchParams.method, FuzzyFileSearchSessionStartParams.method,
    FuzzyFileSearchSessionUpdateParams.method, FuzzyFileSearchSessionStopParams.method,
    ConfigValueWriteParams.method, ConfigBatchWriteParams.method, LoginAccountParams.method,
    CancelLoginAccountParams.method, LogoutAccountParams.method, GetAccountRateLimitsParams.method,
    GetAuthStatusParams.method, SkillsListParams.method, SkillsConfigWriteParams.method,
    HooksListParams.method, PermissionProfileListParams.method, CollaborationModeListParams.method,
    ExperimentalFeatureListParams.method, ModelProviderCapabilitiesReadParams.method,
  ]

  /// False for a request that is none of these.
  func dispatchClientTool(_ request: ClientRequest, _ context: RequestContext) throws(RPCError) -> Bool {
    switch request {
    case .fsReadFile, .fsWriteFile, .fsCreateDirectory, .fsGetMetadata, .fsReadDirectory, .fsRemove, .fsCopy,
      .fsWatch, .fsUnwatch:
      try FileHandlers(context: context).handle(request)
    case .commandExec, .commandExecWrite, .commandExecTerminate, .commandExecResize, .processSpawn,
      .processWriteStdin, .processKill, .processResizePty:
      try CommandHandlers(context: context).handle(request)
    case .fuzzyFileSearch, .fuzzyFileSearchSessionStart, .fuzzyFileSearchSessionUpdate,
      .fuzzyFileSearchSessionStop:
      try FuzzySearchHandlers(context: context).handle(request)
    case .configValueWrite(let params):
      try ConfigWriteHandlers(environment: server.environment).write(params, context.reply)
    case .configBatchWrite(let params):
      try ConfigWriteHandlers(environment: server.environment).write(params, context.reply)
    case .accountRead, .accountLoginStart, .accountLoginCancel, .accountLogout, .accountRateLimitsRead,
      .getAuthStatus:
      try AccountHandlers(environment: server.environment, context: context).handle(request)
    case .skillsList, .skillsConfigWrite, .hooksList, .permissionProfileList, .collaborationModeList,
      .experimentalFeatureList, .modelProviderCapabilitiesRead:
      try CatalogHandlers(environment: server.environment, context: context).handle(request)
    default: return false
    }
    return true
  }
}
