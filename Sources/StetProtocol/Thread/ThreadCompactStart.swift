import StetJSON

/// `thread/compact/start`: Starts a turn that replaces the history the model sees with a summary.
public struct ThreadCompactStartParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/compact/start"

  public var threadId: String
  /// stet: what the user wants the summary to hold above all.
  @OmitIfNil public var stetInstructions: String?

  public init(threadId: String, stetInstructions: String? = nil) {
    self.threadId = threadId
    self.stetInstructions = stetInstructions
  }
}

/// `thread/revert`: Takes back a turn and all later ones from the history; never touches files.
public struct ThreadRevertParams: ClientCall {
  public typealias Response = ThreadRevertResponse
  public static let method = "thread/revert"

  public var threadId: String
  public var beforeTurnId: String

  public init(threadId: String, beforeTurnId: String) {
    self.threadId = threadId
    self.beforeTurnId = beforeTurnId
  }
}

public struct ThreadRevertResponse: Codable, Hashable, Sendable {
  public var thread: Thread
  public var turnsBackwardsCursor: String?
  public var itemsBackwardsCursor: String?

  public init(thread: Thread, turnsBackwardsCursor: String? = nil, itemsBackwardsCursor: String? = nil) {
    self.thread = thread
    self.turnsBackwardsCursor = turnsBackwardsCursor
    self.itemsBackwardsCursor = itemsBackwardsCursor
  }
}

/// `thread/inject_items`: Adds raw Responses items to the history of the model. They are not shown.
public struct ThreadInjectItemsParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/inject_items"

  public var threadId: String
  public var items: [JSONValue]

  public init(threadId: String, items: [JSONValue]) {
    self.threadId = threadId
    self.items = items
  }
}

/// `thread/shellCommand`: Runs a shell command of the user, outside the sandbox; the model sees its output.
public struct ThreadShellCommandParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/shellCommand"

  public var threadId: String
  public var command: String
  public var timeoutMs: Int?

  public init(threadId: String, command: String, timeoutMs: Int? = nil) {
    self.threadId = threadId
    self.command = command
    self.timeoutMs = timeoutMs
  }
}
