import StetProtocol
import StetRPC
import Synchronization

/// One conversation with an MCP server: requests with deadlines that progress moves, and what the server asks.
///
/// Every call is answered once: by the server, by its deadline, by cancellation, or by the end of the server.
final class MCPClient: Sendable {
  typealias Answer = @Sendable (Result<JSONValue, RPCError>) -> Void

  /// What the server sends by itself; called in order from one task.
  struct Handlers: Sendable {
    var request: @Sendable (_ method: String, _ params: JSONValue, _ answer: @escaping Answer) -> Void
    var notification: @Sendable (_ method: String, _ params: JSONValue) -> Void
    var closed: @Sendable (_ reason: String?) -> Void
  }

  private struct Pending {
    let continuation: CheckedContinuation<Result<JSONValue, RPCError>, Never>
    let timeoutMs: Int
    let onProgress: (@Sendable (String) -> Void)?
    var deadlineMs: Int64
    var timer: Task<Void, Never>?
  }

  private struct State {
    var nextId: Int64 = 1
    var pending: [Int64: Pending] = [:]
    var isClosed = false
  }

  private let transport: any Transport
  private let clock: AgentClock
  private let state = Mutex(State())

  init(_ transport: any Transport, clock: AgentClock) {
    self.transport = transport
    self.clock = clock
  }

  func start(_ handlers: Handlers) {
    transport.start(
      receive: { [weak self] message in self?.receive(message, handlers) },
      closed: { [weak self] reason in
        self?.closed(reason)
        handlers.closed(reason)
      })
  }

  /// - Parameters:
  ///   - timeoutMs: without an answer or progress for so long, the call fails.
  ///   - onProgress: gets what the server says meanwhile.
  func call(
    _ method: String, _ params: JSONObject, timeoutMs: Int, onProgress: (@Sendable (String) -> Void)? = nil
  ) async throws(RPCError) -> JSONValue {
    let id = state.withLock { state in
      defer { state.nextId += 1 }
      return state.nextId
    }
    var params = params
    if onProgress != nil { params["_meta"] = ["progressToken": .int(id)] }
    let message = Message.request(id: .int(id), method: method, params: .object(params))
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let pending = Pending(
          continuation: continuation, timeoutMs: timeoutMs, onProgress: onProgress,
          deadlineMs: clock.nowMs() + Int64(timeoutMs))
        guard add(pending, id) else { return continuation.resume(returning: .failure(.mcpStopped)) }
        transport.send(message)
        // The handler below finds nothing when the task was cancelled before this.
        if Task.isCancelled { giveUp(id, .mcpCancelled) }
      }
    } onCancel: {
      giveUp(id, .mcpCancelled)
    }
    return try result.get()
  }

  func notify(_ method: String, _ params: JSONValue? = nil) {
    transport.send(.notification(method: method, params: params))
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  func close() { transport.close() }

  // MARK: - Parts

  private func add(_ pending: Pending, _ id: Int64) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      var pending = pending
      pending.timer = Task { [weak self, clock] in
        while let wait = self?.remaining(id) { await clock.sleep(wait) }
      }
      state.pending[id] = pending
      return true
    }
  }

  /// Milliseconds until a call is late; nil when it is over, or over now.
  private func remaining(_ id: Int64) -> Int? {
    let now = clock.nowMs()
    guard let pending = state.withLock({ $0.pending[id] }), !Task.isCancelled else { return nil }
    if pending.deadlineMs > now { return Int(pending.deadlineMs - now) }
    giveUp(id, .mcpTimeout(pending.timeoutMs))
    return nil
  }

  private func finish(_ id: Int64, _ result: Result<JSONValue, RPCError>) -> Bool {
    guard let pending = state.withLock({ $0.pending.removeValue(forKey: id) }) else { return false }
    pending.timer?.cancel()
    pending.continuation.resume(returning: result)
    return true
  }

  private func giveUp(_ id: Int64, _ error: RPCError) {
    guard finish(id, .failure(error)) else { return }
    notify("notifications/cancelled", ["requestId": .int(id), "reason": .string(error.message)])
  }

  private func closed(_ reason: String?) {
    let left = state.withLock { state in
      state.isClosed = true
      return state.pending.keys.sorted()
    }
    for id in left { _ = finish(id, .failure(.mcpStopped)) }
  }

  private func receive(_ message: Message, _ handlers: Handlers) {
    switch message {
    case .result(.int(let id), let value): _ = finish(id, .success(value))
    case .error(.int(let id), let error): _ = finish(id, .failure(error))
    case .result, .error: break  // an id that was never given out
    case .notification("notifications/progress", let params, _, _): progress(params ?? .null)
    case .notification(let method, let params, _, _): handlers.notification(method, params ?? .null)
    case .request(let id, let method, let params, _):
      handlers.request(method, params ?? .null) { [transport] in
        transport.send(Message(answering: id, $0))
      }
    }
  }

  private func progress(_ params: JSONValue) {
    guard let id = params["progressToken"]?.intValue.map(Int64.init) else { return }
    let now = clock.nowMs()
    let tell = state.withLock { state -> (@Sendable (String) -> Void)? in
      guard let timeout = state.pending[id]?.timeoutMs else { return nil }
      state.pending[id]?.deadlineMs = now + Int64(timeout)
      return state.pending[id]?.onProgress
    }
    let total = params["total"]?.doubleValue.map { " of \(Self.short($0))" } ?? ""
    let done = params["progress"]?.doubleValue.map { Self.short($0) + total } ?? ""
    tell?(params["message"]?.stringValue ?? done)
  }

  private static func short(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}

extension RPCError {
  static let mcpStopped = RPCError(code: internalErrorCode, message: "the server stopped")
  static let mcpCancelled = RPCError(code: internalErrorCode, message: "aborted by user")
  static func mcpTimeout(_ ms: Int) -> RPCError {
    RPCError(code: internalErrorCode, message: "no answer and no progress for \((ms + 999) / 1_000) seconds")
  }
}
