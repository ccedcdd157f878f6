import StetJSON

/// `hook/started` and `hook/completed`: A program of the user's that runs at an event.
public struct HookRunNotification: Codable, Hashable, Sendable {
  public var threadId: String
  /// Null for what belongs to no turn.
  public var turnId: String?
  /// `{id, eventName, handlerType, executionMode, scope, source, sourcePath, displayOrder, status, statusMessage~,
  /// startedAt, completedAt~, durationMs~, entries: [{kind, text}]}`; times in Unix seconds.
  public var run: JSONValue

  public init(threadId: String, turnId: String? = nil, run: JSONValue) {
    self.threadId = threadId
    self.turnId = turnId
    self.run = run
  }
}
