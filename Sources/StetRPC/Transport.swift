import StetProtocol

/// A way for messages between two sides, in order, in both directions.
public protocol Transport: AnyObject, Sendable {
  /// Begins to deliver. `receive` and, exactly once and last, `closed` are called from one thread of the transport;
  /// `closed` names the reason unless the other side simply ended. Messages can still be sent then, since who has
  /// said all may still listen; `close` ends it. Call `start` once.
  func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void)

  /// Sends one message. Waits while the other side is slow, so it is to be called from a thread that may wait;
  /// messages of one thread keep their order. A message to a closed transport vanishes.
  func send(_ message: Message)

  /// Bytes that the other side has taken so far, where the transport can tell; else 0. It shows that a peer reads,
  /// though slowly, while one long message is on its way.
  var sentBytes: Int { get }

  /// Whether the other side may still read what is sent though it has said all: true of a script that closed its end
  /// and waits for the answers. False once nobody reads.
  var isHeard: Bool { get }

  /// Ends the transport; what was received but not delivered is dropped. May be called from any thread, repeatedly.
  func close()
}

extension Transport {
  public var sentBytes: Int { 0 }
  public var isHeard: Bool { false }
}
