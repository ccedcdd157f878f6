import StetProtocol

extension Agent {
  /// `thread/shellCommand`: the reply, then the item, in the running turn or in one of its own.
  public func threadShellCommand(
    _ params: ThreadShellCommandParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post {
      await $0.startShell(params, reply)
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }
}
