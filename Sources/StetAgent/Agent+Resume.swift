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
        resume(session, isNew: isNew, params, found, reply)
      }
    }
  }

  /// Reads what the reply shows, then replies in the thread's order; begins anew should a turn have begun or been
  /// taken back meanwhile.
  private func resume(
    _ session: ThreadSession, isNew: Bool, _ params: ThreadResumeParams,
    _ found: @escaping @Sendable () -> Void, _ reply: @escaping AgentReply<ThreadResumeResponse>
  ) {
    let before = session.feed.history
    onHistory(reply) { [self] in
      var readings = 0
      let shown: ResumedHistory
      do {
        shown = try services.histories.reading {
          readings += 1
          return try ResumedHistory(try pages(session.id, before), params)
        }
      } catch {
        guard self.session(session.id) !== session else { throw error }
        // It was deleted under the reading: the call finds that out.
        return threadResume(params, found: found, reply: reply)
      }
      // Who loads the thread has just been through it: only what was found since is news.
      let notices = isNew && readings == 1 ? [] : try services.histories.notices(before.stored)
      session.glance { [self] session in
        let now = session.feed.history
        guard now.stored == before.stored, now.live.count == before.live.count else {
          return resume(session, isNew: isNew, params, found, reply)
        }
        // The first client may come long after the thread was loaded: by a call that needs no subscription.
        let isFirst = session.isUnseen.exchange(false, ordering: .acquiringAndReleasing)
        if isFirst { beginWithClient(session) }
        _ = session.news(notices)
        session.feed.ordered { live, status, usage in
          var response = session.resumeResponse(shown.turns(live), status)
          response.initialTurnsPage = shown.page(live)
          response.turnsBackwardsCursor = shown.turnsCursor
          response.itemsBackwardsCursor = shown.itemsCursor
          reply(.success(response))
          if let usage, params.excludeTurns != true || params.initialTurnsPage != nil {
            services.sink.notifyJoining(.threadTokenUsageUpdated(usage), thread: session.id)
          }
          // Damage is told at each read, to who reads.
          for text in isFirst ? [] : notices {
            services.sink.notifyJoining(
              .warning(WarningNotification(threadId: session.id, message: text)), thread: session.id)
          }
          services.sink.notify(session.goalNotice(turn: nil), thread: session.id)
        }
        guard isFirst else { return }
        for notice in session.loadNotices { session.feed.warn(notice) }
      } gone: { [self] in
        // It was unloaded just now: the call finds what became of it.
        threadResume(params, found: found, reply: reply)
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
