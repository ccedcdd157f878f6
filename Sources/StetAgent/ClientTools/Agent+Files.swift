import StetProtocol
import StetWorkspace

/// `fs/*`: files for clients that can't reach them. They are the client's own doing: no sandbox, no approval.
extension Agent {
  public func fsReadFile(
    _ params: FsReadFileParams, from peer: ClientPeer, reply: @escaping AgentReply<FsReadFileResponse>
  ) {
    onFiles([params.path], peer, reply) {
      FsReadFileResponse(dataBase64: StrictBase64.encode(try Disk.read(params.path)))
    }
  }

  public func fsWriteFile(
    _ params: FsWriteFileParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    onFiles([params.path], peer, reply) {
      let bytes: [UInt8]
      do throws(StrictBase64.Fault) {
        bytes = try StrictBase64.decode(params.dataBase64)
      } catch {
        throw RPCError.invalidRequest("fs/writeFile requires valid base64 dataBase64: \(error)")
      }
      try Disk.write(bytes, to: params.path)
      return EmptyResponse()
    }
  }

  public func fsCreateDirectory(
    _ params: FsCreateDirectoryParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    onFiles([params.path], peer, reply) {
      try Disk.makeDirectory(params.path, recursive: params.recursive ?? true)
      return EmptyResponse()
    }
  }

  public func fsGetMetadata(
    _ params: FsGetMetadataParams, from peer: ClientPeer, reply: @escaping AgentReply<FsGetMetadataResponse>
  ) {
    onFiles([params.path], peer, reply) {
      let found = try Disk.metadata(params.path)
      return FsGetMetadataResponse(
        isDirectory: found.isDirectory, isFile: found.isFile, isSymlink: found.isSymlink,
        createdAtMs: found.createdAtMs, modifiedAtMs: found.modifiedAtMs)
    }
  }

  public func fsReadDirectory(
    _ params: FsReadDirectoryParams, from peer: ClientPeer,
    reply: @escaping AgentReply<FsReadDirectoryResponse>
  ) {
    onFiles([params.path], peer, reply) {
      let entries = try Disk.list(params.path).map {
        FsReadDirectoryEntry(fileName: $0.name, isDirectory: $0.isDirectory, isFile: $0.isFile)
      }
      return FsReadDirectoryResponse(entries: entries)
    }
  }

  public func fsRemove(
    _ params: FsRemoveParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    onFiles([params.path], peer, reply) {
      try Disk.remove(params.path, recursive: params.recursive ?? true, force: params.force ?? true)
      return EmptyResponse()
    }
  }

  public func fsCopy(
    _ params: FsCopyParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    onFiles([params.sourcePath, params.destinationPath], peer, reply) {
      try Disk.copy(params.sourcePath, to: params.destinationPath, recursive: params.recursive ?? false)
      return EmptyResponse()
    }
  }

  /// The reply comes before the first `fs/changed`, and the watch stands when it does.
  public func fsWatch(
    _ params: FsWatchParams, from peer: ClientPeer, reply: @escaping AgentReply<FsWatchResponse>
  ) {
    let room = clientTools.room(peer)
    room.disk.post {
      answerFault(reply) {
        try ClientPath.check(params.path)
        try room.watches.add(params.watchId, path: params.path) {
          reply(.success(FsWatchResponse(path: params.path)))
        }
      }
    }
  }

  public func fsUnwatch(
    _ params: FsUnwatchParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    let room = clientTools.room(peer)
    onFiles([], peer, reply) {
      room.watches.remove(params.watchId)
      return EmptyResponse()
    }
  }

  // MARK: - Parts

  /// Runs a call on the connection's own thread, behind its earlier ones.
  private func onFiles<Response>(
    _ paths: [String], _ peer: ClientPeer, _ reply: @escaping AgentReply<Response>,
    _ body: @escaping @Sendable () throws -> Response
  ) {
    clientTools.room(peer).disk.post {
      answerFault(reply) {
        for path in paths { try ClientPath.check(path) }
        reply(.success(try body()))
      }
    }
  }
}

/// Answers with what `body` throws; otherwise it has answered itself.
func answerFault<Response>(_ reply: AgentReply<Response>, _ body: () throws -> Void) {
  do {
    try body()
  } catch let error as RPCError {
    reply(.failure(error))
  } catch let error as WorkspaceError {
    reply(.failure(RPCError(error)))
  } catch {
    reply(.failure(.internalError("\(error)")))
  }
}
