import StetJSON
import StetProtocol
import Synchronization

/// The answer that a request waits for. It is given exactly once: a second answer is ignored, and a reply that is
/// dropped without one answers with an internal error, so that no request ever hangs.
public final class Reply: Sendable {
  private let handler: Mutex<(@Sendable (Result<JSONValue, RPCError>) -> Void)?>

  public init(_ handler: @escaping @Sendable (Result<JSONValue, RPCError>) -> Void) {
    self.handler = Mutex(handler)
  }

  deinit { answer(.failure(.internalError("the request was dropped without an answer"))) }

  /// Answers, on the calling thread, before it returns.
  public func answer(_ result: Result<JSONValue, RPCError>) {
    let handler = handler.withLock { stored in
      defer { stored = nil }
      return stored
    }
    handler?(result)
  }

  public func succeed(_ result: JSONValue) { answer(.success(result)) }

  /// Answers with a typed result, its nulls written out.
  public func succeed(_ result: some Encodable) {
    do {
      answer(.success(try JSONValue(encoding: result)))
    } catch {
      answer(.failure(.internalError("the result cannot be written: \(error)")))
    }
  }

  /// Gives up the answer without sending one: the request is over by other means.
  public func discard() { handler.withLock { $0 = nil } }

  public func fail(_ error: RPCError) { answer(.failure(error)) }
}
