import StetJSON

/// One line of a thread log.
public struct LogRecord: Hashable, Sendable {
  /// Names the kind of record: 1-64 of `A-Z a-z 0-9 _ . / -`.
  public let type: String
  public let payload: JSONValue
  /// Milliseconds since 1970.
  public let timestampMs: Int64
  /// Counts from 0; grows by one with each record of a log.
  public let ordinal: Int

  public init(type: String, payload: JSONValue, timestampMs: Int64, ordinal: Int) {
    self.type = type
    self.payload = payload
    self.timestampMs = timestampMs
    self.ordinal = ordinal
  }
}
