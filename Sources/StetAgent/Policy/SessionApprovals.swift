import StetProcess
import Synchronization

/// What the user accepted for the session: exact tuples of script, directory and sandbox (S11), rules of this thread, and
/// paths of edits. Lives as long as the thread is loaded, never longer. Safe from any thread.
final class SessionApprovals: Sendable {
  /// A session that accepted more has stopped reading; the oldest are asked about again.
  static let limit = 1_000

  struct Command: Hashable, Sendable {
    let script: String
    let cwd: String
    /// What it may touch: what is harmless to read may not be so with a network. Nil: it runs without walls.
    let walls: SandboxPolicyKind?

    /// The walls as a part of an id.
    var wallsKey: String {
      switch walls {
      case nil, .dangerFullAccess: "none"
      case .readOnly: "read"
      case .workspaceWrite(let roots, let network):
        "write\(network ? " and network" : ""):\(roots.joined(separator: ":"))"
      }
    }

    /// By bytes: to Swift two scripts can be equal that are two to a shell.
    static func == (left: Command, right: Command) -> Bool {
      left.walls == right.walls && left.script.utf8.elementsEqual(right.script.utf8)
        && left.cwd.utf8.elementsEqual(right.cwd.utf8)
    }
  }

  /// A path of edits, and what the user was told to be against it.
  struct Path: Sendable {
    /// Why the sandbox policy would not have let it be written: all that holds, not only the first.
    struct Concern: OptionSet, Sendable {
      /// It lies outside of the workspace, or grants rights, or instructs.
      static let place = Concern(rawValue: 1)
      /// Nothing may be written.
      static let readOnly = Concern(rawValue: 2)

      let rawValue: UInt8
    }

    /// A real path.
    let path: String
    let concern: Concern

    /// By bytes, as of a command.
    func isAt(_ other: String) -> Bool { path.utf8.elementsEqual(other.utf8) }

    func covers(_ other: Path) -> Bool { isAt(other.path) && concern.isSuperset(of: other.concern) }
  }

  /// All that holds at one moment.
  struct State: Sendable {
    var commands: [Command] = []
    var rules: [PrefixRule] = []
    var paths: [Path] = []
    var hosts: [HostRule] = []
  }

  private let state = Mutex(State())

  init() {}

  var all: State { state.withLock { $0 } }

  func accept(_ command: Command) {
    state.withLock { state in
      state.commands.append(command)
      if state.commands.count > Self.limit { state.commands.removeFirst() }
    }
  }

  func accepts(_ command: Command) -> Bool { state.withLock { $0.commands.contains(command) } }

  var rules: [PrefixRule] { state.withLock { $0.rules } }

  func accept(_ rules: [PrefixRule]) {
    state.withLock { state in
      state.rules += rules.filter { !state.rules.contains($0) }
      if state.rules.count > Self.limit { state.rules.removeFirst(state.rules.count - Self.limit) }
    }
  }

  var hosts: [HostRule] { state.withLock { $0.hosts } }

  /// Commands of this thread may reach the host.
  func accept(_ rule: HostRule) {
    state.withLock { state in
      if !state.hosts.contains(rule) { state.hosts.append(rule) }
      if state.hosts.count > Self.limit { state.hosts.removeFirst() }
    }
  }

  /// Edits of these need no more questions, as long as no more is against them than was when the user accepted them.
  func accept(_ paths: [Path]) {
    state.withLock { state in
      for path in paths where !state.paths.contains(where: { $0.covers(path) }) {
        state.paths.removeAll { path.covers($0) }
        state.paths.append(path)
      }
      if state.paths.count > Self.limit { state.paths.removeFirst(state.paths.count - Self.limit) }
    }
  }

  func accepts(_ paths: [Path]) -> Bool {
    state.withLock { state in
      paths.allSatisfy { path in state.paths.contains { $0.covers(path) } }
    }
  }

  /// Takes back; what is not there stays so.
  func revoke(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
}

extension ToolContext {
  var sessionApprovals: SessionApprovals { threadMemory.value { SessionApprovals() } }
}
