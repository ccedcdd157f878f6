import StetProtocol
import StetWorkspace
import Synchronization

/// The `fs/watch`es of one connection.
final class ClientWatches: Sendable {
  /// Watches of one connection: an editor's open files many times over, and far below the kernel's limit for a user.
  static let limit = 4_096

  private struct State {
    var tokens: [String: DiskWatcher.Token] = [:]
    var watcher: DiskWatcher?
    var isOver = false
  }

  private let state = Mutex(State())
  private let peer: ClientPeer
  private let shared: SharedWatcher

  init(peer: ClientPeer, shared: SharedWatcher) {
    self.peer = peer
    self.shared = shared
  }

  /// Watches; `ready` runs before the first `fs/changed`.
  func add(_ id: String, path: String, ready: () -> Void) throws {
    let watcher = try shared.get()
    let isFull = try state.withLock { state in
      state.watcher = watcher
      guard state.tokens[id] == nil else { throw RPCError.invalidRequest("watchId already exists: \(id)") }
      return state.tokens.count >= Self.limit
    }
    guard !isFull else {
      throw RPCError.invalidRequest("a connection has at most \(Self.limit) watches")
    }
    try watcher.watch(
      path,
      ready: { token in
        state.withLock { $0.tokens[id] = token }
        ready()
      },
      changed: { [peer] paths in
        peer.notify(.fsChanged(FsChangedNotification(watchId: id, changedPaths: paths)))
      })
    // The connection may have ended meanwhile.
    if state.withLock({ $0.isOver }) { remove(id) }
  }

  /// Ends a watch; an unknown one is no error.
  func remove(_ id: String) {
    let (token, watcher) = state.withLock { ($0.tokens.removeValue(forKey: id), $0.watcher) }
    if let token { watcher?.unwatch(token) }
  }

  func end() {
    let (tokens, watcher) = state.withLock { state in
      state.isOver = true
      defer { state.tokens = [:] }
      return (Array(state.tokens.values), state.watcher)
    }
    for token in tokens { watcher?.unwatch(token) }
  }
}

/// The one watcher of all connections, made when first needed.
final class SharedWatcher: Sendable {
  private let watcher = Mutex<DiskWatcher?>(nil)

  func get() throws(WorkspaceError) -> DiskWatcher {
    try watcher.withLock { watcher throws(WorkspaceError) in
      if let watcher { return watcher }
      let made = try DiskWatcher()
      watcher = made
      return made
    }
  }
}
