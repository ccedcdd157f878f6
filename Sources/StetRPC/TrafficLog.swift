import DequeModule
import StetJSON
import StetProtocol
import Synchronization

/// The last messages of a connection, kept in memory for reports of trouble; the oldest make room for new ones.
public final class TrafficLog: Sendable {
  public enum Direction: String, Sendable { case clientToServer = "c2s", serverToClient = "s2c" }

  public struct Entry: Sendable {
    public let direction: Direction
    /// Milliseconds of the clock that the log was given.
    public let atMs: Int64
    /// The message as JSON, cut to `maxEntryBytes`.
    public let text: String
  }

  /// Enough for some turns of an ordinary conversation, little beside everything else in the process.
  public static let defaultBytes = 4 << 20
  /// One message must not push all others out.
  static let maxEntryBytes = 1 << 16

  private struct State {
    var entries = Deque<Entry>()
    var bytes = 0
  }

  private let state = Mutex(State())
  private let capacity: Int
  private let now: @Sendable () -> Int64

  public init(maxBytes: Int = TrafficLog.defaultBytes, now: @escaping @Sendable () -> Int64) {
    capacity = maxBytes
    self.now = now
  }

  public func record(_ direction: Direction, _ message: Message) {
    let bytes = message.jsonValue.serialized().prefix(Self.maxEntryBytes)
    let entry = Entry(direction: direction, atMs: now(), text: String(decoding: bytes, as: UTF8.self))
    state.withLock { state in
      state.entries.append(entry)
      state.bytes += entry.text.utf8.count
      while state.bytes > capacity, let oldest = state.entries.popFirst() {
        state.bytes -= oldest.text.utf8.count
      }
    }
  }

  public var entries: [Entry] { state.withLock { Array($0.entries) } }
}

/// A transport whose traffic is logged.
public final class LoggedTransport: Transport {
  private let inner: any Transport
  private let log: TrafficLog
  private let outgoing: TrafficLog.Direction

  /// - Parameter outgoing: the direction of what is sent through this end.
  public init(_ inner: any Transport, log: TrafficLog, outgoing: TrafficLog.Direction) {
    self.inner = inner
    self.log = log
    self.outgoing = outgoing
  }

  public func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    let incoming: TrafficLog.Direction =
      outgoing == .clientToServer ? .serverToClient : .clientToServer
    inner.start(
      receive: { [log] message in
        log.record(incoming, message)
        receive(message)
      }, closed: closed)
  }

  public func send(_ message: Message) {
    log.record(outgoing, message)
    inner.send(message)
  }

  public var sentBytes: Int { inner.sentBytes }
  public var isHeard: Bool { inner.isHeard }

  public func close() { inner.close() }
}
