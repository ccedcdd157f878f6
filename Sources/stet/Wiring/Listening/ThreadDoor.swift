import Glibc
import Logging
import StetRPC
import StetStore
import Synchronization

/// The way for other clients to threads that are open in this process: they can be watched, steered and stopped from
/// another terminal while they run (X9). Who resumes such a thread elsewhere joins it, or is told the address.
///
/// A socket of the user's own in stet's folder, which commands can't reach. Nothing depends on it: where it can't be
/// made, the log says so.
final class ThreadDoor: Sendable {
  private enum State {
    case closed
    case opening
    case open(Listening)
    /// The server's end is near.
    case gone
  }

  private let backend: Backend
  private let surroundings: Surroundings
  private let log: Logger
  private let state = Mutex(State.closed)

  init(_ backend: Backend, _ surroundings: Surroundings, log: Logger) {
    self.backend = backend
    self.surroundings = surroundings
    self.log = log
  }

  /// Whether it was never opened.
  var isUntouched: Bool {
    state.withLock { if case .closed = $0 { true } else { false } }
  }

  /// Returns at once; the turn does not wait for it.
  func open() {
    let isFirst = state.withLock { state in
      guard case .closed = state else { return false }
      state = .opening
      return true
    }
    guard isFirst else { return }
    WorkerThread.start { [self] in
      do {
        let home = surroundings.home
        let path = ListenerRecord.socketPath(of: getpid(), directory: home.serversDirectory)
        let listening = try Listening(
          .unix(path: path), tokenFile: nil, home: home, directory: surroundings.directory, log: log)
        let isWanted = state.withLock { state in
          guard case .opening = state else { return false }
          listening.serve(backend.server)
          state = .open(listening)
          return true
        }
        if !isWanted { listening.stop() }
      } catch {
        log.warning("other clients can't join the threads of this process: \(error)")
      }
    }
  }

  /// Takes no more clients; those that came lose their connection with the server.
  func close() {
    let listening = state.withLock { state -> Listening? in
      defer { state = .gone }
      if case .open(let listening) = state { return listening }
      return nil
    }
    listening?.stop()
  }
}
