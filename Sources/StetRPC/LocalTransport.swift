import StetProtocol

/// One end of a pair inside one process. Each end delivers on a thread of its own, never from within a `send`.
public final class LocalTransport: Transport {
  /// Messages on their way to one end. A sender waits beyond this, as it would on a full pipe.
  static let capacity = 256

  private let inbound: BlockingQueue<Message>
  private let outbound: BlockingQueue<Message>

  private init(inbound: BlockingQueue<Message>, outbound: BlockingQueue<Message>) {
    self.inbound = inbound
    self.outbound = outbound
  }

  /// Two ends that are connected with each other.
  public static func pair() -> (LocalTransport, LocalTransport) {
    let first = BlockingQueue<Message>(capacity: capacity)
    let second = BlockingQueue<Message>(capacity: capacity)
    return (
      LocalTransport(inbound: first, outbound: second), LocalTransport(inbound: second, outbound: first)
    )
  }

  public func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    WorkerThread.start { [inbound] in
      while let message = inbound.pop() { receive(message) }
      closed(nil)
    }
  }

  public func send(_ message: Message) { outbound.push(message) }

  /// What is already on its way to the other end still arrives.
  public func close() {
    inbound.close()
    outbound.close()
  }

  deinit { close() }
}
