import StetProtocol

/// `thread/queue/*`. A stored thread is loaded for it: what is queued has to be able to start.
extension Agent {
  public func threadQueueAdd(
    _ params: ThreadQueueAddParams, reply: @escaping AgentReply<ThreadQueueAddResponse>
  ) {
    onThread(params.threadId, reply) { await $0.queueAdd(params, reply) }
  }

  public func threadQueueList(
    _ params: ThreadQueueListParams, reply: @escaping AgentReply<ThreadQueueListResponse>
  ) {
    onThread(params.threadId, reply) { $0.queueList(params, reply) }
  }

  public func threadQueueUpdate(
    _ params: ThreadQueueUpdateParams, reply: @escaping AgentReply<ThreadQueueUpdateResponse>
  ) {
    onThread(params.threadId, reply) { $0.queueUpdate(params, reply) }
  }

  public func threadQueueDelete(
    _ params: ThreadQueueDeleteParams, reply: @escaping AgentReply<ThreadQueueDeleteResponse>
  ) {
    onThread(params.threadId, reply) { $0.queueDelete(params, reply) }
  }

  public func threadQueueReorder(
    _ params: ThreadQueueReorderParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    onThread(params.threadId, reply) { $0.queueReorder(params, reply) }
  }

  public func threadQueueStart(
    _ params: ThreadQueueStartParams, reply: @escaping AgentReply<ThreadQueueStartResponse>
  ) {
    onThread(params.threadId, reply) { await $0.queueStart(params, reply) }
  }

  /// Runs `job` in the order of the thread's calls; loads the thread if it is only stored.
  func onThread<Response>(
    _ id: String, _ reply: @escaping AgentReply<Response>, _ job: @escaping ThreadSession.Job
  ) {
    // It is being unloaded: what came in behind that finds no thread.
    let gone: @Sendable () -> Void = { reply(.failure(.threadNotFound(id))) }
    if let session = session(id) { return session.post(job, gone: gone) }
    load(id, overrides: ThreadResumeParams(threadId: id)) { result in
      switch result {
      case .failure(let error): reply(.failure(error))
      case .success(let (session, _)): session.post(job, gone: gone)
      }
    }
  }
}
