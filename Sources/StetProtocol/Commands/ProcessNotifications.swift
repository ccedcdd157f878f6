import StetJSON

/// `command/exec/outputDelta`: Output of a `command/exec`, to the connection that started it.
public struct CommandExecOutputDeltaNotification: Codable, Hashable, Sendable {
  public var processId: String
  public var stream: CommandExecOutputStream
  public var deltaBase64: String
  public var capReached: Bool

  public init(processId: String, stream: CommandExecOutputStream, deltaBase64: String, capReached: Bool) {
    self.processId = processId
    self.stream = stream
    self.deltaBase64 = deltaBase64
    self.capReached = capReached
  }
}

public enum CommandExecOutputStream: WireEnum {
  case stdout, stderr
  case unknown(String)

  public static let variants: [(name: String, value: CommandExecOutputStream)] = [
    ("stdout", .stdout), ("stderr", .stderr),
  ]

  public static func unlisted(_ name: String) -> CommandExecOutputStream { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `process/outputDelta`: Output of a spawned process, to the connection that started it.
public struct ProcessOutputDeltaNotification: Codable, Hashable, Sendable {
  public var processHandle: String
  public var stream: ProcessOutputStream
  public var deltaBase64: String
  public var capReached: Bool

  public init(processHandle: String, stream: ProcessOutputStream, deltaBase64: String, capReached: Bool) {
    self.processHandle = processHandle
    self.stream = stream
    self.deltaBase64 = deltaBase64
    self.capReached = capReached
  }
}

public enum ProcessOutputStream: WireEnum {
  case stdout, stderr
  case unknown(String)

  public static let variants: [(name: String, value: ProcessOutputStream)] = [
    ("stdout", .stdout), ("stderr", .stderr),
  ]

  public static func unlisted(_ name: String) -> ProcessOutputStream { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `process/exited`: A spawned process ended.
public struct ProcessExitedNotification: Codable, Hashable, Sendable {
  public var processHandle: String
  public var exitCode: Int
  public var stdout: String
  public var stdoutCapReached: Bool
  public var stderr: String
  public var stderrCapReached: Bool

  public init(
    processHandle: String, exitCode: Int, stdout: String, stdoutCapReached: Bool, stderr: String,
    stderrCapReached: Bool
  ) {
    self.processHandle = processHandle
    self.exitCode = exitCode
    self.stdout = stdout
    self.stdoutCapReached = stdoutCapReached
    self.stderr = stderr
    self.stderrCapReached = stderrCapReached
  }
}
