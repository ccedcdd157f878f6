import StetProtocol
import Synchronization

/// How a question to the user ended.
public enum ApprovalAnswer: Sendable {
  /// A client answered; the value is untrusted.
  case answered(JSONValue)
  /// A client answered with an error: treated as no (fails closed).
  case failed(RPCError)
  /// The turn ended first; the call is over too.
  case cancelled
}

/// Asks the user on behalf of one turn.
public struct ApprovalDesk: Sendable {
  let feed: ThreadFeed
  let turnId: String
  /// Answers a request for approval in the user's place; nil when it has none.
  var reviewer: Reviewer?

  /// `isOutside`: a yes would let the call do what the sandbox does not (S3). `usersOnly`: why no model may decide it.
  /// `open` shows the item that the question is
  /// about; called before it takes its time.
  typealias Reviewer =
    @Sendable (
      _ request: ServerRequest, _ isOutside: Bool, _ usersOnly: String?, _ open: @Sendable () -> Void
    ) async -> JSONValue?

  init(feed: ThreadFeed, turnId: String) {
    self.feed = feed
    self.turnId = turnId
  }

  /// Which flag of `thread/status/changed` shows that the turn waits.
  public enum Waiting: Sendable {
    case approval, userInput
    /// It waits for a program, not for a person: no flag.
    case client
  }

  /// Sends a server request to all subscribers and waits for the first valid answer, or for the end of the turn.
  ///
  /// Order: the flag waitingOnApproval (unless set already), `startItem` (commands start their item after the status,
  /// file changes before: protocol.md §4), the log is made durable (R1), the request; then the answer, `beforeClear`
  /// (a declined command completes its item there, before the status), and the flag is cleared with the last open
  /// question, before this returns.
  ///
  /// - Parameters:
  ///   - isOutside: a yes would let the call do what the sandbox does not (S3).
  ///   - usersOnly: why no model may answer it; nil: one may.
  ///   - absenceMs: with no subscriber for so long the question is taken back and the answer is
  ///     `.failed`; nil waits for the next subscriber without end (A7).
  public func ask(
    _ request: ServerRequest, waiting: Waiting = .approval, isOutside: Bool = false,
    usersOnly: String? = nil, absenceMs: Int? = nil,
    startItem: (@Sendable () -> Void)? = nil,
    beforeClear: (@Sendable (ApprovalAnswer) -> Void)? = nil
  ) async -> ApprovalAnswer {
    let item = startItem.map { Once($0) }
    if waiting == .approval, let reviewer {
      let said = await reviewer(request, isOutside, usersOnly) { item?.run() }
      if Task.isCancelled { return .cancelled }
      if let said {
        item?.run()
        beforeClear?(.answered(said))
        return .answered(said)
      }
    }
    let start: @Sendable () -> Void = { item?.run() }
    guard let absenceMs else {
      return await feed.ask(
        request, turn: turnId, waiting: waiting, startItem: start, beforeClear: beforeClear)
    }
    return await withAbsenceLimit(absenceMs, request) {
      await feed.ask(request, turn: turnId, waiting: waiting, startItem: start, beforeClear: beforeClear)
    }
  }

  /// The item of a question is started once, by whoever comes to it first.
  private final class Once: Sendable {
    private let isDue = Mutex(true)
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func run() {
      let runs = isDue.withLock { isDue in
        defer { isDue = false }
        return isDue
      }
      if runs { body() }
    }
  }

  /// Tells the clients of the thread how a question stands.
  func notify(_ notification: ServerNotification) { feed.notify(notification) }

  /// Writes a record of a question into the log of the thread.
  func note(_ type: String, _ payload: JSONValue) { feed.journal.append(type, payload) }

  /// Whether a subscriber can review hunk by hunk.
  public var hasHunkReview: Bool { feed.hasHunkReview }

  /// Asks, and gives up when nobody has listened for `limit` milliseconds (at most twice as long).
  private func withAbsenceLimit(
    _ limit: Int, _ request: ServerRequest, _ ask: @escaping @Sendable () async -> ApprovalAnswer
  ) async -> ApprovalAnswer {
    let answer: ApprovalAnswer? = await withTaskGroup(of: ApprovalAnswer?.self) { group in
      group.addTask { await ask() }
      group.addTask {
        var wasAlone = false
        while !Task.isCancelled {
          let isAlone = !feed.hasSubscribers
          if isAlone, wasAlone { return nil }
          wasAlone = isAlone
          await feed.clock.sleep(limit)
        }
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    if let answer { return answer }
    if Task.isCancelled { return .cancelled }
    feed.resolveLeftRequests()
    return .failed(.connectionClosed("no client is connected to the thread"))
  }
}
