import CCurl
import Glibc
import Synchronization

/// The network thread: commands in, curl_multi, transfers out.
///
/// One `perform, read messages, check limits, poll` round for each wake-up. Commands come from any thread through a
/// list and `curl_multi_wakeup`, which the poll sees at once. Without a request there is no timer.
final class CurlLoop: Sendable {
  /// More requests at once than any session has threads, tools and probes; beyond it something is broken.
  static let maxTransfers = 256
  /// How long a poll may last when nothing is due: libcurl shortens it by its own timers.
  private static let longPollMs = 3_600_000

  enum Command: Sendable {
    case start(Transfer), cancel(Transfer), release(Transfer), resume(Transfer), wake
  }

  let settings: NetSettings
  private let shared = Mutex(Shared())

  private struct Shared {
    var commands: [Command] = []
    var wakeup: Wakeup?
    var thread: pthread_t?
    var isStopped = false
  }

  /// The multi handle as other threads may use it: only to wake it, only under the lock, gone before its clean-up.
  private struct Wakeup: @unchecked Sendable {
    let library: CurlLibrary
    let multi: CurlLibrary.Handle
  }

  init(settings: NetSettings) { self.settings = settings }

  /// Hands a command to the thread, starting it if there is none. Any thread, never blocks on the network.
  func post(_ command: Command) {
    let refused: NetError? = shared.withLock { shared in
      if shared.isStopped { return .cancelled }
      shared.commands.append(command)
      if shared.thread == nil {
        guard let thread = startThread() else {
          shared.commands.removeLast()
          return NetError(.other, "the network thread cannot be started", underlying: "pthread_create")
        }
        shared.thread = thread
      } else if let wakeup = shared.wakeup {
        _ = wakeup.library.multiWakeup(wakeup.multi)
      }
      return nil
    }
    if let refused, case .start(let transfer) = command { transfer.finish(.failure(refused)) }
  }

  /// Ends the thread; with `wait`, returns when it is gone.
  func stop(wait: Bool) {
    let thread: pthread_t? = shared.withLock { shared in
      shared.isStopped = true
      if let wakeup = shared.wakeup { _ = wakeup.library.multiWakeup(wakeup.multi) }
      defer { shared.thread = nil }
      return shared.thread
    }
    guard let thread else { return }
    if wait { pthread_join(thread, nil) } else { pthread_detach(thread) }
  }

  private func startThread() -> pthread_t? {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      return nil
    }
    return thread
  }

  // MARK: on the network thread

  private func run() {
    // Signals belong to the main thread; SIGPIPE stays blocked here, since the TLS library writes without MSG_NOSIGNAL.
    var every = sigset_t()
    sigfillset(&every)
    pthread_sigmask(SIG_BLOCK, &every, nil)
    do throws(NetError) {
      let library = try CurlLibrary.shared.get()
      guard let multi = library.multiInit() else { throw NetError(.other, "libcurl: out of memory") }
      let round = CurlRound(library: library, multi: multi, settings: settings)
      let isStopped = shared.withLock { shared in
        shared.wakeup = Wakeup(library: library, multi: multi)
        return shared.isStopped
      }
      if !isStopped { serve(round) }
      shared.withLock { $0.wakeup = nil }
      round.end()
      failCommands(.cancelled)
    } catch {
      // Without the library every request fails the same way, until the process ends.
      while true {
        failCommands(error)
        let isDone = shared.withLock { shared in
          guard shared.commands.isEmpty, !shared.isStopped else { return shared.isStopped }
          if let thread = shared.thread { pthread_detach(thread) }
          shared.thread = nil
          return true
        }
        if isDone { return }
      }
    }
  }

  private func serve(_ round: CurlRound) {
    while true {
      let (commands, isStopped) = shared.withLock { shared in
        defer { shared.commands = [] }
        return (shared.commands, shared.isStopped)
      }
      for command in commands { round.apply(command) }
      if isStopped { return }
      let dueMs = round.turn()
      round.poll(timeoutMs: min(dueMs ?? Self.longPollMs, Self.longPollMs))
    }
  }

  private func failCommands(_ error: NetError) {
    let commands = shared.withLock { shared in
      defer { shared.commands = [] }
      return shared.commands
    }
    for case .start(let transfer) in commands { transfer.finish(.failure(error)) }
  }
}
