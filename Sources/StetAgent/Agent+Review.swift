import StetProtocol

extension Agent {
  /// `review/start`: inline in the thread, or detached in a new one with the same settings.
  public func reviewStart(_ params: ReviewStartParams, reply: @escaping AgentReply<ReviewStartResponse>) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    guard params.delivery == .detached else {
      return session.post {
        await $0.startReview(params, reply)
      } gone: {
        reply(.failure(.threadNotFound(params.threadId)))
      }
    }
    session.post { [self] session in
      threadStart(session.siblingParams) { [self] result in
        switch result {
        case .failure(let error): reply(.failure(error))
        case .success(let started):
          guard let sibling = self.session(started.thread.id) else {
            return reply(.failure(.threadNotFound(started.thread.id)))
          }
          sibling.post {
            await $0.startReview(params, reply)
          } gone: {
            reply(.failure(.threadNotFound(started.thread.id)))
          }
        }
      }
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }
}

extension ThreadSession {
  /// What begins a thread with this one's settings.
  var siblingParams: ThreadStartParams {
    var params = ThreadStartParams(
      approvalPolicy: settings.approvalPolicy, approvalsReviewer: meta.approvalsReviewer,
      baseInstructions: meta.baseInstructions, config: meta.sessionConfig, cwd: settings.cwd,
      developerInstructions: settings.developerInstructions ?? meta.developerInstructions,
      ephemeral: meta.ephemeral, model: settings.model, modelProvider: settings.modelProvider,
      runtimeWorkspaceRoots: settings.workspaceRoots, serviceTier: settings.serviceTier)
    params.sandbox = .readOnly
    return params
  }
}
