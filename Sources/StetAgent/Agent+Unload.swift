import StetProtocol

/// Threads that leave memory, and what is done to their files while they are out of it.
extension Agent {
  /// How long a thread stays in memory that nobody listens to and that does nothing, in milliseconds: a client that
  /// comes back after a pause finds it as it was (protocol.md §4).
  static let idleMs: Int64 = 30 * 60_000

  /// Takes a thread out of memory, if it is there: its turn ends, its status becomes notLoaded. Then runs `body`; until
  /// that calls `finish` nobody loads the thread again, so it has the files to itself. Who asks for the thread meanwhile
  /// waits, and then finds what `body` left.
  ///
  /// - Parameter ifLoaded: runs in the place of all that when the thread is in memory; nil unloads it.
  func withdraw(
    _ id: String, ifLoaded: (@Sendable () -> Void)? = nil,
    _ body: @escaping @Sendable (_ finish: @escaping @Sendable () -> Void) -> Void
  ) {
    enum Found {
      case nothing, waits, refused
      case loaded(ThreadSession)
    }
    let found: Found = threads.withLock { threads in
      switch threads[id] {
      case nil:
        threads[id] = .withdrawn([])
        return .nothing
      case .session where ifLoaded != nil: return .refused
      case .session(let session):
        threads[id] = .withdrawn([])
        return .loaded(session)
      case .loading(let waiting):
        threads[id] = .loading(waiting + [{ [self] _ in withdraw(id, ifLoaded: ifLoaded, body) }])
        return .waits
      case .withdrawn(let waiting):
        threads[id] = .withdrawn(waiting + [{ [self] in withdraw(id, ifLoaded: ifLoaded, body) }])
        return .waits
      }
    }
    let finish: @Sendable () -> Void = { [self] in
      let waiting = threads.withLock { threads -> [@Sendable () -> Void] in
        guard case .withdrawn(let waiting)? = threads.removeValue(forKey: id) else { return [] }
        return waiting
      }
      for waiter in waiting { waiter() }
    }
    switch found {
    case .waits: break
    case .refused: ifLoaded?()
    case .nothing: body(finish)
    case .loaded(let session):
      Task { [services] in
        await session.close()
        services.sink.notify(
          .threadStatusChanged(ThreadStatusChangedNotification(threadId: id, status: .notLoaded)), thread: id)
        body(finish)
      }
    }
  }

  /// Lets go of a thread that its only client is done with: unloaded, it can be opened by another process. A thread
  /// that lives in memory alone, or whose commands run on, stays. `done` runs in either case.
  public func threadLeave(_ id: String, done: @escaping @Sendable () -> Void) {
    guard let session = session(id), session.journal.path != nil, session.processes.all.isEmpty else {
      return done()
    }
    withdraw(id) { finish in
      finish()
      done()
    }
  }

  /// A thread has lost its last subscriber, or was loaded without one: after half an hour in which nobody subscribes and
  /// nothing happens in it, it is unloaded and `thread/closed` tells so. A thread that can't be saved stays: it would be
  /// lost.
  public func threadIdle(_ id: String) {
    guard let session = session(id), session.watchesIdle() else { return }
    // It holds nothing of the agent: one that is gone must not live on for half an hour.
    Task { [weak self, weak session, clock = services.clock] in
      while let since = session?.idleSinceMs {
        let end = since + Self.idleMs
        let left = end - clock.nowMs()
        if left > 0 {
          await clock.sleep(Int(left))
          // Woken early: everything ends.
          if clock.nowMs() < end { return }
          continue
        }
        guard let self, let session else { return }
        if session.feed.hasSubscribers || !session.canBeClosed {
          session.endIdleWatch()
          // The last one may have left between the look and the end of the watch.
          if session.canBeClosed, !session.feed.hasSubscribers { threadIdle(id) }
          return
        }
        guard session.isAtRest else {
          session.touch()
          continue
        }
        return withdraw(id) { [services] finish in
          services.sink.notify(.threadClosed(ThreadClosedNotification(threadId: id)), thread: id)
          finish()
        }
      }
    }
  }
}

/// Whether anybody needs the thread in memory.
extension ThreadSession {
  /// Something was asked of the thread, or happened in it.
  nonisolated func touch() { touchedAtMs.store(services.clock.nowMs(), ordering: .relaxed) }

  /// True for the first that watches.
  nonisolated func watchesIdle() -> Bool {
    touch()
    return !isIdleWatched.exchange(true, ordering: .acquiringAndReleasing)
  }

  nonisolated func endIdleWatch() { isIdleWatched.store(false, ordering: .releasing) }

  nonisolated var idleSinceMs: Int64 { touchedAtMs.load(ordering: .relaxed) }

  /// No turn, no command, no question.
  nonisolated var isAtRest: Bool { feed.activeTurn == nil && processes.all.isEmpty }

  /// A thread that was to be saved and can't be lives here alone.
  nonisolated var canBeClosed: Bool { journal.path != nil || isEphemeral }
}
