import StetJSON

/// A command that ran or may run.
public struct CommandExecutionItem: Codable, Hashable, Sendable {
  public var id: String
  public var pluginId: String?
  public var scriptPath: String?
  /// One shell-quoted string.
  public var command: String
  public var cwd: String
  /// Set once the command runs.
  public var processId: String?
  /// `agent` before the command runs, `unifiedExecStartup` once it does.
  @Defaulted public var source: CommandExecutionSource
  public var status: CommandExecutionStatus
  public var commandActions: [CommandAction]
  /// Standard output and error, merged in order of arrival.
  public var aggregatedOutput: String?
  public var exitCode: Int?
  public var durationMs: Int?
  /// stet: `{denied}` where the sandbox may be why it failed, with the walls in words.
  @OmitIfNil public var stet: JSONValue?

  public init(
    id: String, pluginId: String? = nil, scriptPath: String? = nil, command: String, cwd: String,
    processId: String? = nil, source: CommandExecutionSource = .agent, status: CommandExecutionStatus,
    commandActions: [CommandAction], aggregatedOutput: String? = nil, exitCode: Int? = nil,
    durationMs: Int? = nil, stet: JSONValue? = nil
  ) {
    self.id = id
    self.pluginId = pluginId
    self.scriptPath = scriptPath
    self.command = command
    self.cwd = cwd
    self.processId = processId
    self.source = source
    self.status = status
    self.commandActions = commandActions
    self.aggregatedOutput = aggregatedOutput
    self.exitCode = exitCode
    self.durationMs = durationMs
    self.stet = stet
  }
}
