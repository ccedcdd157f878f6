import Synchronization

/// Background commands that ended before the model asked for their last output: each is kept until it was asked for
/// once, so that a poll never loses the end of a command. Lives with the thread. Safe from any thread.
final class EndedCommands: Sendable {
  /// As many as may run at once (T8); the oldest are forgotten.
  static let limit = ProcessRegistry.limit

  private let commands = Mutex<[RunningCommand]>([])

  init() {}

  func add(_ command: RunningCommand) {
    commands.withLock { commands in
      commands.append(command)
      if commands.count > Self.limit { commands.removeFirst() }
    }
  }

  func take(_ processId: String) -> RunningCommand? {
    commands.withLock { commands in
      guard let index = commands.firstIndex(where: { $0.processId == processId }) else { return nil }
      return commands.remove(at: index)
    }
  }
}

extension ToolContext {
  var endedCommands: EndedCommands { threadMemory.value { EndedCommands() } }
}
