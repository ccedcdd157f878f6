import StetProtocol

extension Agent {
  /// Loads a stored thread or joins a loaded one. Order: `thread/status/changed` (only when it was loaded now), the
  /// reply, `thread/tokenUsage/updated` for the caller (only when it asked for turns), `thread/goal/updated` or
  /// `…/cleared`; then, for a joined thread, the server sends open requests again.
  ///
  /// - Parameter found: runs when there is such a thread, before anything else of it is told.
  public func threadResume(
    _ params: ThreadResumeParams, found: @escaping @Sendable () -> Void = {},
    reply: @escaping AgentReply<ThreadResumeResponse>
  ) {
    do throws(RPCError) {
      // Also of a loaded thread, whose rights the call does not change.
      _ = try ThreadPlan.mode(sandbox: params.sandbox, permissions: params.permissions)
    } catch {
      return reply(.failure(error))
    }
    load(params.threadId, overrides: params, found: found) { [self] result in
      switch result {
      case .failure(let error): reply(.failure(error))
      case .success(let (session, isNew)):
        if session.isEphemeral { return reply(.failure(.noRollout(params.threadId))) }
        if !isNew { found() }
        resume(session, params, reply)
      }
    }
  }

  /// Reads what the reply shows, then replies in the thread's order; begins anew should a turn have begun or been
  /// taken back meanwhile.
  private func resume(
    _ session: ThreadSession, _ params: ThreadResumeParams,
    _ reply: @escaping AgentReply<ThreadResumeResponse>
  ) {
    let before = session.feed.history
    onHistory(reply) { [self] in
      let shown = try ResumedHistory(try pages(session.id, before), params)
      session.glance { [self] session in
        let now = session.feed.history
        guard now.stored == before.stored, now.live.count == before.live.count else {
          return resume(session, params, reply)
        }
        // The first client may come long after the thread was loaded: by a call that needs no subscription.
        let isFirst = session.isUnseen.exchange(false, ordering: .acquiringAndReleasing)
        if isFirst { beginWithClient(session) }
        session.feed.ordered { live, status, usage in
          var response = session.resumeResponse(shown.turns(live), status)
          response.initialTurnsPage = shown.page(live)
          response.turnsBackwardsCursor = shown.turnsCursor
          response.itemsBackwardsCursor = shown.itemsCursor
          reply(.success(response))
          if let usage, params.excludeTurns != true || params.initialTurnsPage != nil {
            services.sink.notifyJoining(.threadTokenUsageUpdated(usage), thread: session.id)
          }
          services.sink.notify(session.goalNotice(turn: nil), thread: session.id)
        }
        guard isFirst else { return }
        for notice in session.loadNotices { session.feed.warn(notice) }
      } gone: {
        reply(.failure(.threadNotFound(params.threadId)))
      }
    }
  }

  /// What a thread does once somebody watches. Posted before the answer: what the client asks next comes later, so no
  /// short turn outruns these words.
  private func beginWithClient(_ session: ThreadSession) {
    session.glance { session in
      await session.snapshots.recovered(session.feed)
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
}
