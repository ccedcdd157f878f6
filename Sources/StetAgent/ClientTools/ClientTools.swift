import StetWorkspace
import Synchronization

/// What clients run for themselves, by connection: files and watches (later calls of one connection wait for earlier
/// ones), apart from all threads and turns.
final class ClientTools: Sendable {
  private struct State {
    var rooms: [Int: ClientRoom] = [:]
    /// Of connections that are gone, with commands that take their time to end.
    var ending: [Int: ClientRoom] = [:]
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
    let room = state.withLock { state in
      state.ending = state.ending.filter { !$0.value.commands.isEmpty }
      let room = state.rooms.removeValue(forKey: connection)
      state.ending[connection] = room
      return room
    }
    room?.end()
  }

  /// Ends everything of everyone; returns when no command is left.
  func endAll() async {
    let rooms = state.withLock { state in
      defer { (state.rooms, state.ending) = ([:], [:]) }
      return Array(state.rooms.values) + Array(state.ending.values)
    }
    for room in rooms { room.end() }
    await withTaskGroup(of: Void.self) { group in
      for room in rooms { group.addTask { await room.commands.endNow() } }
    }
  }
}

/// What one connection started.
final class ClientRoom: Sendable {
  let peer: ClientPeer
  /// Runs the connection's file calls in their order; a slow one holds up nobody else.
  let disk = WorkspaceThread()
  let watches: ClientWatches
  let commands = ClientCommands()
  let searches = ClientSearches()

  init(peer: ClientPeer, watcher: SharedWatcher) {
    self.peer = peer
    watches = ClientWatches(peer: peer, shared: watcher)
  }

  func end() {
    watches.end()
    commands.end()
    searches.end()
  }
}
