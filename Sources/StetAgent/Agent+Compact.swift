import StetProtocol

extension Agent {
  /// `thread/compact/start`: the reply, then a turn with a `contextCompaction` item (C11).
  public func threadCompactStart(
    _ params: ThreadCompactStartParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post { await $0.startCompaction(reply) }
  }
}
