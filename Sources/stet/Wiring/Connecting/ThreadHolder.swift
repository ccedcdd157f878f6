import StetConfig
import StetRPC
import StetStore

/// Another process of the user's that has a thread open and lets others join.
struct ThreadHolder: Sendable {
  let thread: String
  let pid: Int32
  let address: SocketAddress

  /// Nil when no other process has the thread open, or the one that has takes no clients.
  init?(of thread: String, home: StetHome) {
    guard let pid = ThreadWriterLock.holder(of: thread, directory: home.locksDirectory),
      let words = ListenerRecord.address(of: pid, directory: home.serversDirectory)
    else { return nil }
    do { address = try SocketAddress(words) } catch { return nil }
    self.thread = thread
    self.pid = pid
  }

  /// Whether the thread can be opened by another process now.
  func hasLeft(_ home: StetHome) -> Bool {
    ThreadWriterLock.isFree(thread, directory: home.locksDirectory)
  }
}
