import StetProtocol
import Synchronization

/// The commands of one connection, by the ids that their client gave them. `command/exec` and `process/spawn` have
/// spaces of their own.
final class ClientCommands: Sendable {
  /// Commands of one connection at a time; each has a process, three descriptors and a task.
  static let limit = 64

  enum Space: Hashable, Sendable {
    case exec, spawn

    /// The method that begins such a command, for errors.
    var method: String { self == .exec ? "command/exec" : "process/spawn" }
  }

  struct Key: Hashable, Sendable {
    let space: Space
    let id: String
  }

  private struct State {
    var commands: [Key: ClientCommand] = [:]
    var isOver = false
    var unnamed = 0
  }

  private let state = Mutex(State())

  /// Takes a command in; nil: an id that no client could give.
  func add(_ command: ClientCommand, _ space: Space, id: String?) throws(RPCError) -> Key {
    try state.withLock { state throws(RPCError) in
      state.unnamed += 1
      let key = Key(space: space, id: id ?? "\0\(state.unnamed)")
      guard state.commands[key] == nil else {
        let what = space == .exec ? "command/exec process id: " : "process handle: "
        throw .invalidRequest("duplicate active \(what)\(JSONValue.string(key.id).text)")
      }
      guard state.commands.count < Self.limit else {
        throw .invalidRequest("a connection runs at most \(Self.limit) commands at a time")
      }
      guard !state.isOver else { throw .invalidRequest("the connection has ended") }
      state.commands[key] = command
      return key
    }
  }

  func find(_ space: Space, _ id: String) throws(RPCError) -> ClientCommand {
    guard let command = state.withLock({ $0.commands[Key(space: space, id: id)] }) else {
      let what = space == .exec ? "no active command/exec for process id " : "no active process for handle "
      throw .invalidRequest(what + JSONValue.string(id).text)
    }
    return command
  }

  func remove(_ key: Key) {
    state.withLock { $0.commands.removeValue(forKey: key) }?.close()
  }

  func end() {
    let commands = state.withLock { state in
      state.isOver = true
      return Array(state.commands.values)
    }
    for command in commands { command.end(.terminate) }
  }

  /// Ends what is left at once; returns when it is gone.
  func endNow() async {
    end()
    let commands = state.withLock { Array($0.commands.values) }
    await withTaskGroup(of: Void.self) { group in
      for command in commands { group.addTask { await command.endNow() } }
    }
  }

  var isEmpty: Bool { state.withLock { $0.commands.isEmpty } }
}
