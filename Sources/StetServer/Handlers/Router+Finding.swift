import StetProtocol

/// Finding threads, and the facts that are kept with them.
extension Router {
  static let findingMethods: [String] = [
    ThreadSearchParams.method, ThreadSearchOccurrencesParams.method, ThreadMetadataUpdateParams.method,
    ThreadReadStateUpdateParams.method, GetConversationSummaryParams.method,
    GitDiffToRemoteParams.method, StetThreadSearchParams.method, StetPermissionsListParams.method,
    StetPermissionsChangeParams.method, StetPromptsListParams.method,
  ]

  /// False for a request that is not one of these.
  func dispatchFinding(_ request: ClientRequest, _ context: RequestContext) throws(RPCError) -> Bool {
    switch request {
    case .threadSearch, .threadSearchOccurrences, .stetThreadSearch:
      try SearchHandlers(context: context).handle(request)
    case .threadMetadataUpdate, .threadReadStateUpdate, .getConversationSummary,
      .gitDiffToRemote:
      try MetadataHandlers(context: context).handle(request)
    case .stetPermissionsList, .stetPermissionsChange, .stetPromptsList:
      try PermissionHandlers(context: context).handle(request)
    default: return false
    }
    return true
  }
}
