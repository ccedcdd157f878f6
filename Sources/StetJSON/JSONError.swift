/// Why a text is not JSON, and where. Lines and columns count from 1, columns in bytes.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case unexpectedEnd, unexpectedByte, badNumber, badString, badEscape, tooDeep, trailingBytes
  }

  public let code: Code
  public let message: String
  /// Bytes before the fault.
  public let offset: Int
  public let line: Int
  public let column: Int

  public var description: String { "\(message) at line \(line), column \(column)" }

  init(_ code: Code, _ message: String, at offset: Int, in bytes: [UInt8]) {
    self.code = code
    self.message = message
    self.offset = offset
    var line = 1
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    self.line = line
    self.column = offset - lineStart + 1
  }
}
