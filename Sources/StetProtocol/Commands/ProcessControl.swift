import StetJSON

/// `process/writeStdin`: Writes to its standard input.
public struct ProcessWriteStdinParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "process/writeStdin"

  public var processHandle: String
  public var closeStdin: Bool?
  public var deltaBase64: String?

  public init(processHandle: String, closeStdin: Bool? = nil, deltaBase64: String? = nil) {
    self.processHandle = processHandle
    self.closeStdin = closeStdin
    self.deltaBase64 = deltaBase64
  }
}

/// `process/kill`: Kills it.
public struct ProcessKillParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "process/kill"

  public var processHandle: String

  public init(processHandle: String) {
    self.processHandle = processHandle
  }
}

/// `process/resizePty`: Resizes its terminal.
public struct ProcessResizePtyParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "process/resizePty"

  public var processHandle: String
  public var size: ProcessTerminalSize

  public init(processHandle: String, size: ProcessTerminalSize) {
    self.processHandle = processHandle
    self.size = size
  }
}

public struct ProcessTerminalSize: Codable, Hashable, Sendable {
  public var cols: UInt16
  public var rows: UInt16

  public init(cols: UInt16, rows: UInt16) {
    self.cols = cols
    self.rows = rows
  }
}
