import StetProtocol

/// The connection that calls one of the client's own tools, as far as the agent knows it: what the call starts belongs
/// to it, ends with it, and is told to it alone.
public struct ClientPeer: Sendable {
  /// Numbers are never used twice in one process.
  public let connection: Int
  /// Enqueues a notification for this connection and returns; in order with the replies to it.
  public let notify: @Sendable (ServerNotification) -> Void

  public init(connection: Int, notify: @escaping @Sendable (ServerNotification) -> Void) {
    self.connection = connection
    self.notify = notify
  }
}
