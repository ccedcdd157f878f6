import StetProtocol
import StetWorkspace

/// `fuzzyFileSearch*`: files by what somebody types, off the threads where turns run.
extension Agent {
  public func fuzzyFileSearch(
    _ params: FuzzyFileSearchParams, from peer: ClientPeer,
    reply: @escaping AgentReply<FuzzyFileSearchResponse>
  ) {
    clientTools.room(peer).searches.find(params.query, roots(params.roots), token: params.cancellationToken) {
      reply(.success(FuzzyFileSearchResponse(files: $0.map(Self.wire))))
    }
  }

  public func fuzzyFileSearchSessionStart(
    _ params: FuzzyFileSearchSessionStartParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>
  ) {
    answering(reply) { () throws(RPCError) in
      try clientTools.room(peer).searches.open(params.sessionId, roots(params.roots))
      reply(.success(EmptyResponse()))
    }
  }

  /// The reply, then `sessionUpdated` with the whole ranked list and `sessionCompleted`, unless the next update comes
  /// before.
  public func fuzzyFileSearchSessionUpdate(
    _ params: FuzzyFileSearchSessionUpdateParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>
  ) {
    answering(reply) { () throws(RPCError) in
      try clientTools.room(peer).searches.update(params.sessionId, params.query) {
        reply(.success(EmptyResponse()))
      } found: { found in
        peer.notify(
          .fuzzyFileSearchSessionUpdated(
            FuzzyFileSearchSessionUpdatedNotification(
              sessionId: params.sessionId, query: params.query, files: found.map(Self.wire))))
        peer.notify(
          .fuzzyFileSearchSessionCompleted(
            FuzzyFileSearchSessionCompletedNotification(sessionId: params.sessionId)))
      }
    }
  }

  public func fuzzyFileSearchSessionStop(
    _ params: FuzzyFileSearchSessionStopParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>
  ) {
    clientTools.room(peer).searches.close(params.sessionId)
    reply(.success(EmptyResponse()))
  }

  // MARK: - Parts

  private func roots(_ roots: [String]) -> [String] {
    roots.map { PathText.join(services.environment.defaultCwd, $0) }
  }

  private static func wire(_ match: FileSearch.Match) -> FuzzyFileSearchResult {
    FuzzyFileSearchResult(
      root: match.root, path: match.path, matchType: match.isDirectory ? .directory : .file,
      fileName: PathText.name(match.path), score: match.score, indices: match.indices)
  }
}
