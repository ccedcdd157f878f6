import Glibc
import Logging
import StetRPC
import StetStore
import Synchronization

/// The way into a run for other clients: its thread can be watched, steered and stopped from another terminal while it
/// runs (X9). Whoever tries to resume the thread elsewhere is told the address.
///
/// A socket of the user's own in stet's folder, which commands can't reach. A run does not depend on it: where it can't
/// be made, the log says so.
final class ExecDoor: Sendable {
  private enum State {
    case closed
    case opening
    case open(Listening)
    /// The run is over.
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
        log.warning("other clients can't join this run: \(error)")
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
