import StetProtocol
import StetRPC
import Synchronization

/// A transport that takes a message only when the test lets it.
final class StuckTransport: Transport {
  private let monitor = Monitor()
  nonisolated(unsafe) private var allowed = 0
  nonisolated(unsafe) private var isClosed = false
  let sent = Mutex<[Message]>([])
  private let progress = Atomic<Int>(0)
  private let receive = Mutex<(@Sendable (Message) -> Void)?>(nil)

  func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    self.receive.withLock { $0 = receive }
  }

  /// Brings a message of the client.
  func deliver(_ message: Message) { receive.withLock { $0 }?(message) }

  func send(_ message: Message) {
    monitor.locked {
      while allowed == 0 && !isClosed { monitor.wait() }
      allowed -= 1
      if !isClosed { sent.withLock { $0.append(message) } }
    }
  }

  func close() {
    monitor.locked {
      isClosed = true
      monitor.wakeAll()
    }
  }

  /// Lets so many messages through.
  func allow(_ count: Int) {
    monitor.locked {
      allowed += count
      monitor.wakeAll()
    }
  }

  /// Takes a part of a message that is not yet through.
  func trickle(_ bytes: Int) { progress.wrappingAdd(bytes, ordering: .relaxed) }

  var sentBytes: Int { progress.load(ordering: .relaxed) }

  var closed: Bool { monitor.locked { isClosed } }
}

/// A clock that the test sets.
final class VirtualClock: Sendable {
  let ms = Mutex<Int64>(0)
  @Sendable func now() -> Int64 { ms.withLock { $0 } }
  func set(_ value: Int64) { ms.withLock { $0 = value } }
}
