import StetJSON

/// `process/spawn`: Starts a process without a sandbox and answers at once.
public struct ProcessSpawnParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "process/spawn"

  public var command: [String]
  public var cwd: String
  public var processHandle: String
  public var env: [String: String?]?
  /// Null: no cap.
  public var outputBytesCap: Settable<UInt>
  public var size: ProcessTerminalSize?
  public var streamStdin: Bool?
  public var streamStdoutStderr: Bool?
  /// Null: no limit.
  public var timeoutMs: Settable<Int>
  public var tty: Bool?

  public init(
    command: [String], cwd: String, processHandle: String, env: [String: String?]? = nil,
    outputBytesCap: Settable<UInt> = .keep, size: ProcessTerminalSize? = nil, streamStdin: Bool? = nil,
    streamStdoutStderr: Bool? = nil, timeoutMs: Settable<Int> = .keep, tty: Bool? = nil
  ) {
    self.command = command
    self.cwd = cwd
    self.processHandle = processHandle
    self.env = env
    self.outputBytesCap = outputBytesCap
    self.size = size
    self.streamStdin = streamStdin
    self.streamStdoutStderr = streamStdoutStderr
    self.timeoutMs = timeoutMs
    self.tty = tty
  }
}
