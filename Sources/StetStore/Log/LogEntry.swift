import StetJSON

/// A verified line of a log as a scan meets it. Only valid inside the visit: its payload is not copied.
public struct LogEntry {
  public let type: String
  public let ordinal: Int
  /// Milliseconds since 1970.
  public let timestampMs: Int64
  /// Where the line begins in the file.
  public let offset: Int64
  /// Bytes of the line with its newline.
  public let length: Int
  /// The payload's text, as it was written.
  public let payloadBytes: UnsafeRawBufferPointer
  /// The line without its newline.
  let line: UnsafeRawBufferPointer

  /// The checksum as it stands in the line: eight hexadecimal digits.
  public var sum: String { LogLine.sum(line) }

  /// Parses the payload.
  public func payload() throws(JSONError) -> JSONValue { try JSONValue(parsing: payloadBytes) }

  /// The line as a record that may be kept.
  public func record() throws(JSONError) -> LogRecord {
    LogRecord(type: type, payload: try payload(), timestampMs: timestampMs, ordinal: ordinal)
  }
}
