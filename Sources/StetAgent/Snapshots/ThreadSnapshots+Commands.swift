import StetProtocol
import StetWorkspace
import Synchronization

/// Undo of what commands change: a look at the workspace before and after each.
extension ThreadSnapshots {
  /// A command waits so long for the first look; beyond it, it runs without undo.
  static let patience: Duration = .seconds(3)

  /// Takes in the workspace in the background, so that the first command finds it done.
  nonisolated func prepare() {
    let (stores, directory, log) = (stores, directory, log)
    stores.lookout.post {
      do { try stores.store(for: directory).prepare() } catch {
        log.error("looking at the workspace: \(error)")
      }
    }
  }

  /// To be called before a command starts. Nil: what it changes can't be undone.
  func commandBegins(_ via: String, turn: String) async -> CommandWindow? {
    let key = TurnKey(thread: thread, turn: turn)
    if let problem = await begin(turn) {
      log.error("keeping files for undo: \(problem)")
      uncovered.insert(turn)
      return nil
    }
    let (stores, directory, log) = (stores, directory, log)
    let answer = FirstAnswer<CommandWindow>()
    stores.lookout.post {
      do {
        let store = try stores.store(for: directory)
        let window = store.commandBegins(key, via: via)
        // Nobody waits any more: what changed meanwhile can't be told from the command's doing.
        if !answer.give(window), let window { store.commandEnded(window) }
      } catch {
        log.error("looking at the workspace: \(error)")
        _ = answer.give(nil)
      }
    }
    let window = await answer.wait(Self.patience)
    guard window == nil else { return window }
    uncovered.insert(turn)
    do { try await onStore { try $0.markCommand(key, via: via) } } catch {
      log.error("keeping files for undo: \(error)")
    }
    return nil
  }

  func commandEnded(_ window: CommandWindow) async {
    do {
      try await stores.lookout.run { [stores, directory] in
        try stores.store(for: directory).commandEnded(window)
      }
    } catch {
      log.error("looking at the workspace: \(error)")
    }
  }

  /// What undo does not cover here and was not said in this thread yet.
  func takeNotices() async -> [CoverageNotice] {
    do {
      let found = try await stores.lookout.run { [stores, directory] in
        try stores.store(for: directory).notices
      }
      return said.withLock { said in found.filter { said.insert($0.text).inserted } }
    } catch {
      log.error("looking at the workspace: \(error)")
      return []
    }
  }

  /// The commands during which stet was killed, as sentences, once: what they changed is in no record.
  func takeLost() async -> [String] {
    do {
      let lost = try await stores.lookout.run { [stores, directory, thread] in
        try stores.store(for: directory).takeLost(thread: thread)
      }
      return lost.map {
        "stet was killed in a turn that ran `\(Self.short($0.via))`: what that command changed can't be undone"
      }
    } catch {
      log.error("looking for what a crash left: \(error)")
      return []
    }
  }

  /// Takes back what a killed process left half written in this workspace, before any tool reads or writes there, and
  /// tells of it.
  nonisolated func recover(_ feed: ThreadFeed) {
    WorkspaceThread.shared.post { self.takeBack(feed) }
  }

  /// The same, and waits for it.
  nonisolated func recovered(_ feed: ThreadFeed) async {
    do { try await WorkspaceThread.shared.run { self.takeBack(feed) } } catch {
      log.error("taking back what a crash left: \(error)")
    }
  }

  /// Blocks: for the workspace's thread.
  private nonisolated func takeBack(_ feed: ThreadFeed) {
    do {
      let found = try stores.store(for: directory).takeRecovered()
      Self.tell(RecoveredWords.sentences(found, directory), feed)
    } catch {
      log.error("taking back what a crash left: \(error)")
      let text = RecoveredWords.failure(error)
      if said.withLock({ $0.insert(text).inserted }) { Self.tell([text], feed) }
    }
  }

  static func tell(_ sentences: [String], _ feed: ThreadFeed) {
    for text in sentences {
      feed.notify(
        .stetSnapshotDegraded(
          StetSnapshotDegradedNotification(threadId: feed.threadId, reason: "crash", detail: text)))
    }
  }

  /// Whether the changes of a command could be undone, as far as that is known by now.
  nonisolated func covers() -> Bool {
    do {
      return try stores.store(for: directory).coverage.map { $0 == .full } ?? true
    } catch {
      return false
    }
  }
}

/// An answer for who waits no longer than they like.
private final class FirstAnswer<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Value?, Never>)
    case given(Value?)
    case over
  }

  private let state = Mutex(State.open)

  /// False when nobody waits for it any more.
  func give(_ value: Value?) -> Bool {
    let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
      switch state {
      case .waiting(let waiter):
        state = .over
        return waiter
      case .open: state = .given(value)
      case .given, .over: break
      }
      return nil
    }
    guard let waiter else { return state.withLock { if case .given = $0 { true } else { false } } }
    waiter.resume(returning: value)
    return true
  }

  /// Nil also when the limit has passed or the task is cancelled.
  func wait(_ limit: Duration) async -> Value? {
    let timer = Task {
      do { try await Task.sleep(for: limit) } catch { return }
      self.giveUp()
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let value: Value?? = state.withLock { state in
          switch state {
          case .open where !Task.isCancelled:
            state = .waiting(continuation)
            return nil
          case .given(let value):
            state = .over
            return .some(value)
          default:
            state = .over
            return .some(nil)
          }
        }
        if let value { continuation.resume(returning: value) }
      }
    } onCancel: {
      giveUp()
    }
  }

  private func giveUp() {
    let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
      guard case .waiting(let waiter) = state else { return nil }
      state = .over
      return waiter
    }
    waiter?.resume(returning: nil)
  }
}
