import StetJSON

/// `item/commandExecution/outputDelta`: Output of a command, as text.
public struct CommandExecutionOutputDeltaNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var delta: String

  public init(threadId: String, turnId: String, itemId: String, delta: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.delta = delta
  }
}

/// `item/commandExecution/terminalInteraction`: The model wrote to the standard input of a running command.
public struct TerminalInteractionNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var processId: String
  public var stdin: String

  public init(threadId: String, turnId: String, itemId: String, processId: String, stdin: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.processId = processId
    self.stdin = stdin
  }
}

/// `item/fileChange/patchUpdated`: The changes of a running file change.
public struct FileChangePatchUpdatedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var changes: [FileUpdateChange]

  public init(threadId: String, turnId: String, itemId: String, changes: [FileUpdateChange]) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.changes = changes
  }
}

/// `item/mcpToolCall/progress`: Progress of an MCP tool call.
public struct McpToolCallProgressNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var itemId: String
  public var message: String

  public init(threadId: String, turnId: String, itemId: String, message: String) {
    self.threadId = threadId
    self.turnId = turnId
    self.itemId = itemId
    self.message = message
  }
}
