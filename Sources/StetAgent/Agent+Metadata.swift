import StetProtocol
import StetStore
import StetWorkspace

/// Facts that are kept with a thread.
extension Agent {
  /// The first client's name becomes the originator of the threads that are made from now on.
  public func introduce(client name: String) {
    guard store.setOriginator(name) else { return }
    Task { [store, services] in
      do {
        for notice in try await store.retain(nowMs: services.clock.nowMs()) {
          services.sink.notify(.warning(WarningNotification(threadId: nil, message: notice)), thread: "")
        }
      } catch {
        services.environment.log.error("keeping threads within bounds: \(error)")
      }
    }
  }

  /// `thread/metadata/update`.
  public func threadMetadataUpdate(
    _ params: ThreadMetadataUpdateParams, reply: @escaping AgentReply<ThreadMetadataUpdateResponse>
  ) {
    if let fault = Self.fault(params) { return reply(.failure(fault)) }
    let id = params.threadId
    alter(
      id, reply, check: { _ in },
      { summary in
        if let git = params.gitInfo {
          summary.gitSha = git.sha.applied(to: summary.gitSha)
          summary.gitBranch = git.branch.applied(to: summary.gitBranch)
          summary.gitOriginURL = git.originUrl.applied(to: summary.gitOriginURL)
        }
        if let isEnabled = params.daybreakEnabled { summary.daybreakEnabled = isEnabled }
      }
    ) { summary, status in
      reply(
        .success(ThreadMetadataUpdateResponse(thread: ThreadWire.row(summary, status: status))))
    }
  }

  /// `thread/readState/update`: marks a thread as read or unread, unless it changed since the client looked.
  public func threadReadStateUpdate(
    _ params: ThreadReadStateUpdateParams, reply: @escaping AgentReply<ThreadReadStateUpdateResponse>
  ) {
    let id = params.threadId
    let isRead = params.operation == .read
    alter(
      id, reply,
      check: { (summary) throws(RPCError) in
        guard summary.readRevision == params.expectedRevision else {
          throw .invalidRequest(
            "read state of thread \(id) changed: expected revision \(params.expectedRevision), "
              + "found \(summary.readRevision ?? "none")")
        }
      },
      { summary in
        if (summary.firstUnread == nil) != isRead { summary.mark(isRead: isRead) }
      }
    ) { [services] summary, _ in
      guard let state = summary.readState else { return reply(.failure(.threadNotLoaded(id))) }
      reply(.success(ThreadReadStateUpdateResponse(readState: state)))
      guard state.revision != params.expectedRevision else { return }
      services.sink.notify(
        .threadReadStateChanged(ThreadReadStateChangedNotification(threadId: id, readState: state)),
        thread: id)
    }
  }

  // MARK: - Parts

  private static func fault(_ params: ThreadMetadataUpdateParams) -> RPCError? {
    let git = params.gitInfo
    let fields = [("sha", git?.sha), ("branch", git?.branch), ("originUrl", git?.originUrl)]
    for (name, value) in fields {
      if case .set(let text) = value, text.allSatisfy(\.isWhitespace) {
        return .invalidRequest("gitInfo.\(name) must not be empty")
      }
    }
    let hasGit = fields.contains { $0.1 != nil && $0.1 != .keep }
    guard hasGit || params.daybreakEnabled != nil || params.projectId != nil else {
      return .invalidRequest("thread metadata update must include at least one field")
    }
    if let project = params.projectId, !project.isEmpty {
      return .invalidRequest("project not found: \(project)")
    }
    return nil
  }

  /// Changes the summary of a thread, loaded or not, and tells the new one in the thread's order.
  private func alter<Response>(
    _ id: String, _ reply: @escaping AgentReply<Response>,
    check: @escaping @Sendable (ThreadSummary) throws(RPCError) -> Void,
    _ body: @escaping @Sendable (inout ThreadSummary) -> Void,
    _ done: @escaping @Sendable (ThreadSummary, ThreadStatus) -> Void
  ) {
    guard let session = session(id) else {
      return change(
        id, missing: .noRollout(id), ifLoaded: { [self] in alter(id, reply, check: check, body, done) },
        reply,
        check: check, body
      ) { done($0, .notLoaded) }
    }
    session.post { session in
      guard let summary = session.journal.summary else {
        return reply(
          .failure(.invalidRequest("ephemeral thread does not support metadata updates: \(id)")))
      }
      do throws(RPCError) {
        try check(summary)
      } catch {
        return reply(.failure(error))
      }
      session.journal.updateSummary(body)
      session.feed.ordered { _, status in done(session.journal.summary ?? summary, status) }
    } gone: {
      reply(.failure(.threadNotFound(id)))
    }
  }
}
