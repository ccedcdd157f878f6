import StetProtocol

extension Router {
  /// What clients run for themselves, in the order in which errors name the methods.
  static let clientToolMethods: [String] = [
    FsReadFileParams.method, FsWriteFileParams.method, FsCreateDirectoryParams.method,
    FsGetMetadataParams.method, FsReadDirectoryParams.method, FsRemoveParams.method, FsCopyParams.method,
    FsWatchParams.method, FsUnwatchParams.method,
  ]

  /// False for a request that is none of these.
  func dispatchClientTool(_ request: ClientRequest, _ context: RequestContext) throws(RPCError) -> Bool {
    switch request {
    case .fsReadFile, .fsWriteFile, .fsCreateDirectory, .fsGetMetadata, .fsReadDirectory, .fsRemove, .fsCopy,
      .fsWatch, .fsUnwatch:
      try FileHandlers(context: context).handle(request)
    default: return false
    }
    return true
  }
}
