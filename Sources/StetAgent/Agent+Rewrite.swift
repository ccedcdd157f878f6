import StetProtocol
import StetStore
import StetWorkspace

/// What changes a thread's history or ends it.
extension Agent {
  /// Takes back a turn and all after it, in the history only; loads the thread if it is not loaded.
  public func threadRevert(_ params: ThreadRevertParams, reply: @escaping AgentReply<ThreadRevertResponse>) {
    load(params.threadId, overrides: ThreadResumeParams(threadId: params.threadId)) { result in
      switch result {
      case .failure(let error): reply(.failure(error))
      case .success(let (session, _)):
        if session.isEphemeral {
          return reply(.failure(.invalidRequest("ephemeral threads do not support thread/revert")))
        }
        session.glance {
          await $0.revert(before: params.beforeTurnId, reply)
        } gone: {
          reply(.failure(.threadNotFound(params.threadId)))
        }
      }
    }
  }

  /// Adds items to what the model knows; no client sees them.
  public func threadInjectItems(
    _ params: ThreadInjectItemsParams, reply: @escaping AgentReply<EmptyResponse>
  ) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.post {
      await $0.inject(params.items, reply)
    } gone: {
      reply(.failure(.threadNotFound(params.threadId)))
    }
  }

  /// Unloads a thread and removes it with its files for good: status, reply, `thread/deleted`. Refused while a fork
  /// goes on from it; it is unloaded all the same, as in Codex.
  public func threadDelete(_ params: ThreadDeleteParams, reply: @escaping AgentReply<EmptyResponse>) {
    let id = params.threadId
    if session(id)?.isEphemeral == true { return reply(.failure(.noRollout(id))) }
    withdraw(id) { [self] finish in
      let reply: AgentReply<EmptyResponse> = { result in
        reply(result)
        finish()
      }
      Task {
        do {
          switch try await store.delete(id) {
          case .missing: reply(.failure(.noRollout(id)))
          case .forked:
            reply(
              .failure(
                .invalidRequest("cannot delete thread \(id): forked history still references it")))
          case .done: clearUp(afterDeleted: id, reply)
          }
        } catch {
          reply(.failure(fault(error, id)))
        }
      }
    }
  }

  /// Removes what is left without its log: nothing leads to it any more, so a failure is for the log only.
  private func clearUp(afterDeleted id: String, _ reply: @escaping AgentReply<EmptyResponse>) {
    onHistory(reply) { [self] in
      do {
        try services.histories.forget(id)
        _ = try services.snapshotStores.purge(thread: id)
        try OutputFiles.remove(directory: OutputFiles.directory(of: id, services.environment.home))
      } catch {
        services.environment.log.error("clearing up after a deleted thread: \(error)")
      }
      reply(.success(EmptyResponse()))
      services.sink.notify(.threadDeleted(ThreadDeletedNotification(threadId: id)), thread: id)
    }
  }
}
