import StetJSON
import StetProtocol
import StetRPC
import Synchronization

/// A client of an app-server.
///
/// The handlers are called serially from one thread, in the order of the wire; completions of `send` come in that same
/// order. They must return soon: while one runs, nothing else is delivered.
public final class AppClient: Sendable {
  /// What the server tells and asks, and the end. Each is called from the connection's thread.
  public struct Events: Sendable {
    public var onNotification: @Sendable (ServerNotification) -> Void
    /// Answer with `answer` or `refuse`, now or later, from any thread.
    public var onRequest: @Sendable (RequestID, ServerRequest) -> Void
    /// Called once; the reason is nil when the server simply ended.
    public var onClose: @Sendable (String?) -> Void
    /// The number of a thread's message, after it was handed over (protocol.md §7.3); only from servers with `events`.
    public var onSequence: @Sendable (_ thread: String, _ seq: Int) -> Void

    public init(
      onNotification: @escaping @Sendable (ServerNotification) -> Void = { _ in },
      onRequest: @escaping @Sendable (RequestID, ServerRequest) -> Void = { _, _ in },
      onClose: @escaping @Sendable (String?) -> Void = { _ in },
      onSequence: @escaping @Sendable (_ thread: String, _ seq: Int) -> Void = { _, _ in }
    ) {
      self.onNotification = onNotification
      self.onRequest = onRequest
      self.onClose = onClose
      self.onSequence = onSequence
    }
  }

  private let connection: Connection
  /// Server requests that wait for an answer. A server that has more open than it has calls is not expected; an
  /// entry goes when it is answered or resolved.
  private let open: Mutex<[RequestID: Reply]>

  /// Connects over a transport and begins to deliver.
  public init(_ transport: any Transport, events: Events) {
    connection = Connection(SequenceTap(transport, note: events.onSequence))
    open = Mutex([:])
    connection.start(
      onRequest: { [weak self] id, method, params, reply in
        guard let self else { return }
        keep(reply, for: id)
        events.onRequest(id, ServerRequest.decode(method: method, params: params))
      },
      onNotification: { [weak self] method, params in
        let notification = ServerNotification.decode(method: method, params: params)
        if case .serverRequestResolved(let resolved) = notification { self?.forget(resolved.requestId) }
        events.onNotification(notification)
      },
      onClose: { [weak self] reason in
        self?.forgetAll()
        events.onClose(reason)
      })
  }

  deinit { connection.close() }

  /// Opens the conversation: `initialize`, then `initialized`.
  public func initialize(
    clientInfo: ClientInfo, capabilities: InitializeCapabilities?
  ) async throws -> InitializeResponse {
    let response = try await call(InitializeParams(clientInfo: clientInfo, capabilities: capabilities))
    connection.notify("initialized")
    return response
  }

  /// Calls a method and waits for its typed result. Throws the server's `RPCError`, or one that says that the answer
  /// could not be read.
  public func call<Call: ClientCall>(_ params: Call) async throws(RPCError) -> Call.Response {
    let value = try await connection.call(Call.method, Self.wireParams(params))
    do {
      return try value.decode()
    } catch {
      throw .internalError("the answer to \(Call.method) cannot be read: \(error)")
    }
  }

  /// Sends a request without waiting. `completion` is called once, in order with notifications.
  public func send(
    _ request: ClientRequest, completion: @escaping @Sendable (Result<JSONValue, RPCError>) -> Void
  ) {
    do {
      connection.call(request.method, try request.params(), completion: completion)
    } catch {
      completion(.failure(.internalError("the params of \(request.method) cannot be written: \(error)")))
    }
  }

  public func notify(_ method: String) { connection.notify(method) }

  /// Answers a request of the server. A second answer, or one to a request that is over, is ignored.
  public func answer(_ id: RequestID, _ result: JSONValue) { take(id)?.succeed(result) }

  /// Answers a request of the server with a typed result.
  public func answer(_ id: RequestID, with result: some Encodable) { take(id)?.succeed(result) }

  /// Answers a request of the server with an error; approvals then fail closed.
  public func refuse(_ id: RequestID, _ error: RPCError) { take(id)?.fail(error) }

  public func close() { connection.close() }

  private static func wireParams<Call: ClientCall>(_ params: Call) throws(RPCError) -> JSONValue? {
    if params is any ParameterlessCall { return nil }
    do {
      return try params.params()
    } catch {
      throw .internalError("the params of \(Call.method) cannot be written: \(error)")
    }
  }

  private func take(_ id: RequestID) -> Reply? { open.withLock { $0.removeValue(forKey: id) } }

  /// A request is sent again with the same id when a thread is resumed: the new reply takes the place of the old.
  private func keep(_ reply: Reply, for id: RequestID) {
    open.withLock { $0.updateValue(reply, forKey: id) }?.discard()
  }

  /// Somebody else answered, or the turn is over: nothing is to be sent for it any more.
  private func forget(_ id: RequestID) { take(id)?.discard() }

  private func forgetAll() {
    let replies = open.withLock { open in
      defer { open = [:] }
      return Array(open.values)
    }
    for reply in replies { reply.discard() }
  }
}
