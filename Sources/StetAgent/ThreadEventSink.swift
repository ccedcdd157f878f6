import StetProtocol

/// Where everything that a client may see of a thread goes. StetServer's Outbox implements it.
///
/// The methods are called while a thread's lock is held: they must enqueue and return, never block and never call
/// back into the agent on the same stack.
public protocol ThreadEventSink: Sendable {
  /// Enqueues a notification, first in first out for each thread.
  ///
  /// The sink decides who gets it: `thread/started`, `thread/status/changed` and the other rows of protocol.md §3 that
  /// go to every connection, the rest to the subscribers of `thread`.
  func notify(_ notification: ServerNotification, thread: String)

  /// Enqueues what only the clients want that are about to resume `thread`: they were answered, and the goal that
  /// follows every resume has not come yet.
  func notifyJoining(_ notification: ServerNotification, thread: String)

  /// Sends a request to all subscribers of `thread`; the first valid answer wins (A7).
  ///
  /// `completion` is called at most once, never on the caller's stack, and after `serverRequest/resolved` was
  /// enqueued. With no subscriber the request waits for the next one. The returned token ends the request from this
  /// side (the turn is over): then `completion` is not called any more.
  func request(
    _ request: ServerRequest, thread: String,
    completion: @escaping @Sendable (Result<JSONValue, RPCError>) -> Void
  ) -> any PendingRequestToken

  /// Whether a subscriber of `thread` negotiated per-hunk review (protocol.md §7).
  func hasHunkReview(thread: String) -> Bool

  /// Whether anybody listens to `thread`.
  func hasSubscribers(thread: String) -> Bool
}

/// A server request that waits for its answer.
public protocol PendingRequestToken: Sendable {
  /// Ends the request without an answer; the clients get `serverRequest/resolved`. Calling it again does nothing.
  func resolve()
}
