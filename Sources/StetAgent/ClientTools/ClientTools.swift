import StetWorkspace
import Synchronization

/// What clients run for themselves, by connection: files and watches (later calls of one connection wait for earlier
/// ones), apart from all threads and turns.
final class ClientTools: Sendable {
  private struct State {
    var rooms: [Int: ClientRoom] = [:]
  }

  private let state = Mutex(State())
  private let watcher = SharedWatcher()

  /// What belongs to a connection; made at its first call.
  func room(_ peer: ClientPeer) -> ClientRoom {
    state.withLock { state in
      if let room = state.rooms[peer.connection] { return room }
      let room = ClientRoom(peer: peer, watcher: watcher)
      state.rooms[peer.connection] = room
      return room
    }
  }

  /// Ends what a connection started.
  func end(_ connection: Int) {
    state.withLock { $0.rooms.removeValue(forKey: connection) }?.end()
  }

  /// Ends everything of everyone.
  func endAll() {
    let rooms = state.withLock { state in
      defer { state.rooms = [:] }
      return Array(state.rooms.values)
    }
    for room in rooms { room.end() }
  }
}

/// What one connection started.
final class ClientRoom: Sendable {
  let peer: ClientPeer
  /// Runs the connection's file calls in their order; a slow one holds up nobody else.
  let disk = WorkspaceThread()
  let watches: ClientWatches

  init(peer: ClientPeer, watcher: SharedWatcher) {
    self.peer = peer
    watches = ClientWatches(peer: peer, shared: watcher)
  }

  func end() {
    watches.end()
  }
}
