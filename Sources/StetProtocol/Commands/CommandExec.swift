import StetJSON

/// `command/exec`: Runs one command outside any thread and answers when it ends.
public struct CommandExecParams: ClientCall {
  public typealias Response = CommandExecResponse
  public static let method = "command/exec"

  public var command: [String]
  public var cwd: String?
  public var disableOutputCap: Bool?
  public var disableTimeout: Bool?
  public var env: [String: String?]?
  public var outputBytesCap: UInt?
  public var permissionProfile: String?
  public var processId: String?
  public var sandboxPolicy: SandboxPolicy?
  public var size: CommandExecTerminalSize?
  public var streamStdin: Bool?
  public var streamStdoutStderr: Bool?
  public var timeoutMs: Int?
  public var tty: Bool?

  public init(
    command: [String], cwd: String? = nil, disableOutputCap: Bool? = nil, disableTimeout: Bool? = nil,
    env: [String: String?]? = nil, outputBytesCap: UInt? = nil, permissionProfile: String? = nil,
    processId: String? = nil, sandboxPolicy: SandboxPolicy? = nil,
    size: CommandExecTerminalSize? = nil, streamStdin: Bool? = nil, streamStdoutStderr: Bool? = nil,
    timeoutMs: Int? = nil, tty: Bool? = nil
  ) {
    self.command = command
    self.cwd = cwd
    self.disableOutputCap = disableOutputCap
    self.disableTimeout = disableTimeout
    self.env = env
    self.outputBytesCap = outputBytesCap
    self.permissionProfile = permissionProfile
    self.processId = processId
    self.sandboxPolicy = sandboxPolicy
    self.size = size
    self.streamStdin = streamStdin
    self.streamStdoutStderr = streamStdoutStderr
    self.timeoutMs = timeoutMs
    self.tty = tty
  }
}

public struct CommandExecResponse: Codable, Hashable, Sendable {
  public var exitCode: Int
  public var stdout: String
  public var stderr: String

  public init(exitCode: Int, stdout: String, stderr: String) {
    self.exitCode = exitCode
    self.stdout = stdout
    self.stderr = stderr
  }
}
