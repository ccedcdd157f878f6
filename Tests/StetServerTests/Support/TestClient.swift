import StetJSON
import StetProtocol
import StetRPC
import Synchronization
import Testing

/// A client that sends raw messages and records everything it gets, in order.
final class TestClient: Sendable {
  private struct State {
    var messages: [Message] = []
    var isClosed = false
    var nextID: Int64 = 1
    var asked: [RequestID: String] = [:]
    var waiters: [(condition: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func wake() -> [CheckedContinuation<Void, Never>] {
      let snapshot = self
      let ready = waiters.filter { $0.condition(snapshot) }
      waiters.removeAll { $0.condition(snapshot) }
      return ready.map(\.continuation)
    }
  }

  private let state = Mutex(State())
  let transport: LocalTransport

  init(_ transport: LocalTransport) {
    self.transport = transport
    transport.start(
      receive: { [weak self] message in self?.change { $0.messages.append(message) } },
      closed: { [weak self] _ in self?.change { $0.isClosed = true } })
  }

  private func change(_ body: (inout State) -> Void) {
    let ready = state.withLock { state in
      body(&state)
      return state.wake()
    }
    for continuation in ready { continuation.resume() }
  }

  private func until(_ condition: @escaping @Sendable (State) -> Bool) async {
    await withCheckedContinuation { continuation in
      change { $0.waiters.append((condition, continuation)) }
    }
  }

  // MARK: Sending

  /// Sends a request and returns its id without waiting.
  @discardableResult func ask(_ method: String, _ params: JSONValue?, id: RequestID? = nil) -> RequestID {
    let id =
      id
      ?? state.withLock { state in
        defer { state.nextID += 1 }
        return .int(state.nextID)
      }
    state.withLock { $0.asked[id] = method }
    transport.send(.request(id: id, method: method, params: params))
    return id
  }

  /// The method that a request asked for.
  func method(of id: RequestID) -> String? { state.withLock { $0.asked[id] } }

  func answer(_ id: RequestID, _ result: JSONValue) { transport.send(.result(id: id, result)) }

  /// Sends a request and waits for its result; throws its error.
  @discardableResult func call(_ method: String, _ params: JSONValue?) async throws -> JSONValue {
    try await response(to: ask(method, params)).get()
  }

  func response(to id: RequestID) async -> Result<JSONValue, RPCError> {
    let found: @Sendable (Message) -> Result<JSONValue, RPCError>? = { message in
      switch message {
      case .result(id, let value): .success(value)
      case .error(id, let error): .failure(error)
      default: nil
      }
    }
    await until { $0.isClosed || $0.messages.contains { found($0) != nil } }
    return messages.compactMap(found).last ?? .failure(.connectionClosed(nil))
  }

  func error(_ method: String, _ params: JSONValue?) async -> RPCError? {
    if case .failure(let error) = await response(to: ask(method, params)) { error } else { nil }
  }

  @discardableResult func initialize(
    name: String = "probe", experimental: Bool = true, stet: JSONValue? = nil, optOut: [String] = []
  ) async throws -> JSONValue {
    var capabilities: JSONObject = [
      "experimentalApi": .bool(experimental),
      "optOutNotificationMethods": .array(optOut.map(JSONValue.string)),
    ]
    capabilities["stet"] = stet
    let result = try await call(
      "initialize",
      ["clientInfo": ["name": .string(name), "version": "1.2"], "capabilities": .object(capabilities)])
    transport.send(.notification(method: "initialized", params: nil))
    return result
  }

  // MARK: What came

  var messages: [Message] { state.withLock { $0.messages } }
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func closed() async { await until { $0.isClosed } }

  /// The params of the notifications of a method that came so far.
  func notes(_ method: String) -> [JSONValue] { messages.compactMap { $0.params(of: method) } }

  /// Waits for the n-th notification of a method.
  func note(_ method: String, _ count: Int = 1) async -> JSONValue {
    await until { $0.messages.compactMap { $0.params(of: method) }.count >= count }
    return notes(method)[count - 1]
  }

  /// Waits for the n-th request of the server.
  func request(_ count: Int = 1) async -> (id: RequestID, method: String, params: JSONValue) {
    await until { $0.messages.compactMap(\.serverRequest).count >= count }
    return messages.compactMap(\.serverRequest)[count - 1]
  }

  /// Waits until everything that the server has sent before now has come.
  func settle() async throws { _ = await error("no/such/method", [:]) }

  /// Methods of notifications and requests, `#id` for results and `!id` for errors.
  var order: [String] {
    messages.map { message in
      switch message {
      case .notification(let method, _, _, _): method
      case .request(_, let method, _, _): method
      case .result(let id, _): "#\(id)"
      case .error(let id, _): "!\(id)"
      }
    }
  }
}

extension Message {
  func params(of method: String) -> JSONValue? {
    if case .notification(method, let params, _, _) = self { params ?? .null } else { nil }
  }

  var serverRequest: (id: RequestID, method: String, params: JSONValue)? {
    if case .request(let id, let method, let params, _) = self { (id, method, params ?? .null) } else { nil }
  }
}

/// Whether the elements occur in this order, with anything between them.
func isSubsequence(_ part: [String], of whole: [String]) -> Bool {
  var rest = part[...]
  for element in whole where element == rest.first { rest = rest.dropFirst() }
  return rest.isEmpty
}
