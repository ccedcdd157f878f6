import StetJSON

/// `command/exec/write`: Writes to the standard input of such a command.
public struct CommandExecWriteParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "command/exec/write"

  public var processId: String
  public var closeStdin: Bool?
  public var deltaBase64: String?

  public init(processId: String, closeStdin: Bool? = nil, deltaBase64: String? = nil) {
    self.processId = processId
    self.closeStdin = closeStdin
    self.deltaBase64 = deltaBase64
  }
}

/// `command/exec/terminate`: Ends such a command.
public struct CommandExecTerminateParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "command/exec/terminate"

  public var processId: String

  public init(processId: String) {
    self.processId = processId
  }
}

/// `command/exec/resize`: Resizes its terminal.
public struct CommandExecResizeParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "command/exec/resize"

  public var processId: String
  public var size: CommandExecTerminalSize

  public init(processId: String, size: CommandExecTerminalSize) {
    self.processId = processId
    self.size = size
  }
}

public struct CommandExecTerminalSize: Codable, Hashable, Sendable {
  public var cols: UInt16
  public var rows: UInt16

  public init(cols: UInt16, rows: UInt16) {
    self.cols = cols
    self.rows = rows
  }
}
