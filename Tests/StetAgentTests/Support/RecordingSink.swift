import StetAgent
import StetProtocol
import Synchronization

/// Takes everything that the agent sends, in order, and answers its requests by script.
final class RecordingSink: ThreadEventSink {
  enum Entry: Sendable {
    case notification(ServerNotification)
    case request(ServerRequest)
    /// A reply or another mark of the test, for its place among the notifications.
    case mark(String)
  }

  private struct State {
    var entries: [Entry] = []
    var watchers: [(@Sendable ([Entry]) -> Bool, CheckedContinuation<Void, Never>)] = []
    var answer: (@Sendable (ServerRequest) async -> Result<JSONValue, RPCError>?)?
    var hunkReview = false
    var isAlone = false
  }

  private let state = Mutex(State())

  var entries: [Entry] { state.withLock { $0.entries } }
  var notifications: [ServerNotification] {
    entries.compactMap { if case .notification(let value) = $0 { value } else { nil } }
  }

  func setAnswer(_ answer: @escaping @Sendable (ServerRequest) async -> Result<JSONValue, RPCError>?) {
    state.withLock { $0.answer = answer }
  }

  func mark(_ text: String) { add(.mark(text)) }

  /// Returns when `condition` holds for what came so far.
  func until(_ condition: @escaping @Sendable ([Entry]) -> Bool) async {
    await withCheckedContinuation { continuation in
      let holds = state.withLock { state in
        if condition(state.entries) { return true }
        state.watchers.append((condition, continuation))
        return false
      }
      if holds { continuation.resume() }
    }
  }

  // MARK: - ThreadEventSink

  func notify(_ notification: ServerNotification, thread: String) { add(.notification(notification)) }

  func notifyJoining(_ notification: ServerNotification, thread: String) { add(.notification(notification)) }

  func request(
    _ request: ServerRequest, thread: String,
    completion: @escaping @Sendable (Result<JSONValue, RPCError>) -> Void
  ) -> any PendingRequestToken {
    add(.request(request))
    let token = Token(sink: self)
    if let answer = state.withLock({ $0.answer }) {
      Task { [self] in
        guard let result = await answer(request), token.finish() else { return }
        mark("resolved")
        completion(result)
      }
    }
    return token
  }

  func hasHunkReview(thread: String) -> Bool { state.withLock { $0.hunkReview } }

  /// From here on a client of stet listens.
  func takeHunkReviews() { state.withLock { $0.hunkReview = true } }

  /// From here on nobody listens.
  func leaveAlone() { state.withLock { $0.isAlone = true } }

  func hasSubscribers(thread: String) -> Bool { state.withLock { !$0.isAlone } }

  // MARK: - Parts

  private func add(_ entry: Entry) {
    let ready = state.withLock { state in
      state.entries.append(entry)
      let ready = state.watchers.filter { $0.0(state.entries) }.map(\.1)
      state.watchers.removeAll { $0.0(state.entries) }
      return ready
    }
    for continuation in ready { continuation.resume() }
  }

  private final class Token: PendingRequestToken {
    private let open = Mutex(true)
    private let sink: RecordingSink

    init(sink: RecordingSink) { self.sink = sink }

    func finish() -> Bool {
      open.withLock { open in
        defer { open = false }
        return open
      }
    }

    func resolve() {
      if finish() { sink.mark("resolved") }
    }
  }
}

extension RecordingSink.Entry {
  /// A short name for order tests: the method with what matters of its content.
  var short: String {
    switch self {
    case .mark(let text): return text
    case .request(let request): return "request \(request.method)"
    case .notification(let notification):
      switch notification {
      case .threadStatusChanged(let value): return "status \(Self.name(value.status))"
      case .itemStarted(let value): return "started \(value.item.type)"
      case .itemCompleted(let value): return "completed \(value.item.type)"
      case .turnCompleted(let value): return "turn/completed \(value.turn.status.name)"
      case .error(let value): return "error \(value.willRetry ? "retry" : "final")"
      case .agentMessageDelta: return "delta"
      default: return notification.method
      }
    }
  }

  private static func name(_ status: ThreadStatus) -> String {
    switch status {
    case .active(let flags): flags.isEmpty ? "active" : "active " + flags.map(\.name).joined(separator: ",")
    case .idle: "idle"
    case .systemError: "systemError"
    case .notLoaded: "notLoaded"
    case .unknown: "unknown"
    }
  }

  var turnCompleted: Turn? {
    if case .notification(.turnCompleted(let value)) = self { value.turn } else { nil }
  }
}
