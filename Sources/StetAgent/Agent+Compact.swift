import StetProtocol

extension Agent {
  /// `thread/compact/start`: the reply, then a turn with a `contextCompaction` item (C11).
  public func threadCompactStart(
    _ params: ThreadCompactStartParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post {
      await $0.startCompaction(params.stetInstructions, reply)
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  /// `stet/context/read`: of a thread that is only stored too.
  public func contextRead(_ params: StetContextReadParams, reply: @escaping AgentReply<StetContextUse>) {
    onThread(params.threadId, reply) { await $0.readContext(reply) }
  }

  /// `stet/compact/undo`.
  public func compactUndo(_ params: StetCompactUndoParams, reply: @escaping AgentReply<StetContextUse>) {
    onThread(params.threadId, reply) { await $0.undoCompaction(reply) }
  }
}
