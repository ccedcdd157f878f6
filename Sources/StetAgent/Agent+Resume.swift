import StetProtocol

extension Agent {
  /// Loads a stored thread or joins a loaded one. Order: `thread/status/changed` (only when it was loaded now), the
  /// reply, `thread/goal/updated` or `…/cleared`; then, for a joined thread, the server sends open requests again.
  public func threadResume(_ params: ThreadResumeParams, reply: @escaping AgentReply<ThreadResumeResponse>) {
    load(params.threadId, overrides: params) { [self] result in
      switch result {
      case .failure(let error): reply(.failure(error))
      case .success(let (session, isNew)):
        if session.isEphemeral { return reply(.failure(.noRollout(params.threadId))) }
        resume(session, isNew: isNew, params, reply)
      }
    }
  }

  /// Reads what the reply shows, then replies in the thread's order; begins anew should a turn have begun or been
  /// taken back meanwhile.
  private func resume(
    _ session: ThreadSession, isNew: Bool, _ params: ThreadResumeParams,
    _ reply: @escaping AgentReply<ThreadResumeResponse>
  ) {
    let before = session.feed.history
    onHistory(reply) { [self] in
      let shown = try ResumedHistory(try pages(session.id, before), params)
      session.glance { [self] session in
        let now = session.feed.history
        guard now.stored == before.stored, now.live.count == before.live.count else {
          return resume(session, isNew: isNew, params, reply)
        }
        // Posted before the answer: what the client asks next comes later, so no short turn outruns these words.
        if isNew {
          session.glance { session in
            await session.snapshots.tellRecovered(session.feed)
            for text in await session.snapshots.takeLost() {
              session.feed.notify(
                .stetSnapshotDegraded(
                  StetSnapshotDegradedNotification(threadId: session.id, reason: "crash", detail: text)))
            }
            await session.startServers()
            // A small prompt is read ahead of the first message; a large one waits for it (R4).
            if session.mayGoOn || !session.hasLargePrompt { session.post { await $0.goOn() } }
          }
        }
        session.feed.ordered { live, status in
          if isNew {
            services.sink.notify(
              .threadStatusChanged(ThreadStatusChangedNotification(threadId: session.id, status: status)),
              thread: session.id)
          }
          var response = session.resumeResponse(shown.turns(live), status)
          response.initialTurnsPage = shown.page(live)
          response.turnsBackwardsCursor = shown.turnsCursor
          response.itemsBackwardsCursor = shown.itemsCursor
          reply(.success(response))
          services.sink.notify(session.goalNotice(turn: nil), thread: session.id)
        }
        guard isNew else { return }
        for notice in session.loadNotices { session.feed.warn(notice) }
      } gone: {
        reply(.failure(.threadNotFound(params.threadId)))
      }
    }
  }
}
