import Synchronization

/// What the user accepted for the session: exact tuples of script, directory and sandbox (S11), and paths of edits.
/// Lives as long as the thread is loaded, never longer. Safe from any thread.
final class SessionApprovals: Sendable {
  /// A session that accepted more has stopped reading; the oldest are asked about again.
  static let limit = 1_000

  struct Command: Hashable, Sendable {
    let script: String
    let cwd: String
    let sandboxed: Bool
  }

  private struct State {
    var commands: [Command] = []
    var paths: [String] = []
  }

  private let state = Mutex(State())

  init() {}

  func accept(_ command: Command) {
    state.withLock { state in
      state.commands.append(command)
      if state.commands.count > Self.limit { state.commands.removeFirst() }
    }
  }

  func accepts(_ command: Command) -> Bool { state.withLock { $0.commands.contains(command) } }

  /// Edits of these real paths need no more questions where the sandbox would have made them ask.
  func accept(paths: [String]) {
    state.withLock { state in
      state.paths += paths
      if state.paths.count > Self.limit { state.paths.removeFirst(state.paths.count - Self.limit) }
    }
  }

  func accepts(paths: [String]) -> Bool { state.withLock { state in paths.allSatisfy(state.paths.contains) } }
}

extension ToolContext {
  var sessionApprovals: SessionApprovals { threadMemory.value { SessionApprovals() } }
}
