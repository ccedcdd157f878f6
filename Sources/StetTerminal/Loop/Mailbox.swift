import CPlatform
import Glibc

/// Messages of other threads for the run loop, in the order they were posted.
///
/// A lock, an array, one wake-up: `descriptor` is readable while there is something to drain. Neighbours may be
/// merged (pieces of one streamed item); nothing is ever dropped while the mailbox is open. Any thread posts, one drains.
public final class Mailbox<Message: Sendable>: @unchecked Sendable {
  /// Some seconds of the densest stream. Past it the poster waits, so that a frozen screen costs no more memory;
  /// the server's outbox merges what comes meanwhile.
  public let capacity: Int
  /// Poll it for reading.
  public let descriptor: Int32

  private let merge: @Sendable (inout Message, Message) -> Bool
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let space = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var messages: [Message] = []
  private var isOpen = true

  /// `merge` may put the second message into the first, which was posted before it and is still waiting, and say so.
  public init(
    capacity: Int = 65_536, merge: @escaping @Sendable (inout Message, Message) -> Bool = { _, _ in false }
  ) {
    self.capacity = max(1, capacity)
    self.merge = merge
    descriptor = stet_eventfd()
    precondition(descriptor >= 0, "no descriptor left for a mailbox")
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(space, nil)
  }

  deinit {
    pthread_cond_destroy(space)
    pthread_mutex_destroy(mutex)
    space.deallocate()
    mutex.deallocate()
    Glibc.close(descriptor)
  }

  /// Adds a message; waits while the mailbox is full, so never from the thread that drains. False after `close`.
  @discardableResult public func post(_ message: Message) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if isOpen, !messages.isEmpty, merge(&messages[messages.count - 1], message) { return true }
    while isOpen && messages.count >= capacity { pthread_cond_wait(space, mutex) }
    guard isOpen else { return false }
    messages.append(message)
    if messages.count == 1 { stet_eventfd_signal(descriptor) }
    return true
  }

  /// Takes everything that is there. Never waits.
  public func drain() -> [Message] {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if messages.isEmpty { return [] }
    stet_eventfd_drain(descriptor)
    pthread_cond_broadcast(space)
    defer { messages = [] }
    return messages
  }

  /// Lets waiting posters go; what is posted from now on is dropped. For the end of the loop.
  public func close() {
    pthread_mutex_lock(mutex)
    isOpen = false
    pthread_cond_broadcast(space)
    pthread_mutex_unlock(mutex)
  }
}
