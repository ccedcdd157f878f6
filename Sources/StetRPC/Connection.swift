import StetJSON
import StetProtocol
import Synchronization

/// One side of a conversation: sends requests and notifications, matches answers to requests, and hands over what the
/// other side asks.
///
/// Everything that comes in is handed over in order from one thread, completions of requests included; `send` never
/// waits. When the connection ends, every outstanding request fails, then `onClose` is called.
public final class Connection: Sendable {
  /// Messages that may wait for a slow peer. Requests of a user interface are few; a peer that leaves this many
  /// unread is gone.
  static let outboundCapacity = 8192

  public typealias Completion = @Sendable (Result<JSONValue, RPCError>) -> Void

  private struct State {
    var nextID: Int64 = 1
    var pending: [RequestID: Completion] = [:]
    var closedBecause: String??
  }

  private let transport: any Transport
  private let outbound = BlockingQueue<Message>(capacity: outboundCapacity)
  private let state = Mutex(State())

  public init(_ transport: any Transport) { self.transport = transport }

  deinit {
    outbound.close()
    transport.close()
  }

  /// Begins. The handlers are called from the connection's thread, in the order of arrival. Call it once.
  public func start(
    onRequest: @escaping @Sendable (RequestID, String, JSONValue?, Reply) -> Void,
    onNotification: @escaping @Sendable (String, JSONValue?) -> Void,
    onClose: @escaping @Sendable (String?) -> Void
  ) {
    WorkerThread.start { [outbound, transport] in
      while let message = outbound.pop() { transport.send(message) }
    }
    transport.start(
      receive: { [weak self, outbound] message in
        switch message {
        case .request(let id, let method, let params, _):
          let reply = Reply { _ = outbound.offer(Message(answering: id, $0)) }
          onRequest(id, method, params, reply)
        case .notification(let method, let params, _, _): onNotification(method, params)
        case .result(let id, let value): self?.complete(id, .success(value))
        case .error(let id, let error): self?.complete(id, .failure(error))
        }
      },
      closed: { [weak self] reason in
        self?.end(reason)
        onClose(reason)
      })
  }

  /// Sends a request; `completion` is called once, from the connection's thread, or at once when it is closed. Gives
  /// the request's id, nil when the connection is closed.
  @discardableResult
  public func call(_ method: String, _ params: JSONValue?, completion: @escaping Completion) -> RequestID? {
    let id: RequestID? = state.withLock { state in
      guard state.closedBecause == nil else { return nil }
      let id = RequestID.int(state.nextID)
      state.nextID += 1
      state.pending[id] = completion
      return id
    }
    guard let id else {
      completion(.failure(.connectionClosed(closeReason)))
      return nil
    }
    if !outbound.offer(.request(id: id, method: method, params: params)) {
      complete(id, .failure(.connectionClosed("the other side does not read")))
    }
    return id
  }

  /// Sends a request and waits for its answer. Its continuation runs in no order with notifications; use the other
  /// form where order matters.
  public func call(_ method: String, _ params: JSONValue?) async throws(RPCError) -> JSONValue {
    let result = await withCheckedContinuation { continuation in
      call(method, params) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  public func notify(_ method: String, _ params: JSONValue? = nil) {
    _ = outbound.offer(.notification(method: method, params: params))
  }

  /// Ends the connection; outstanding requests fail.
  public func close() {
    outbound.close()
    transport.close()
  }

  private var closeReason: String? { state.withLock { $0.closedBecause ?? nil } }

  private func complete(_ id: RequestID, _ result: Result<JSONValue, RPCError>) {
    // Answers to ids that wait for none are ignored.
    state.withLock { $0.pending.removeValue(forKey: id) }?(result)
  }

  private func end(_ reason: String?) {
    let left = state.withLock { state in
      state.closedBecause = .some(reason)
      defer { state.pending = [:] }
      return state.pending
    }
    close()
    for (_, completion) in left.sorted(by: { $0.key.description < $1.key.description }) {
      completion(.failure(.connectionClosed(reason)))
    }
  }
}

extension Message {
  /// The message that answers a request.
  public init(answering id: RequestID, _ result: Result<JSONValue, RPCError>) {
    switch result {
    case .success(let value): self = .result(id: id, value)
    case .failure(let error): self = .error(id: id, error)
    }
  }
}
