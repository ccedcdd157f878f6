/// One JSON value as its text, kept as it came: written again byte for byte, read only when somebody looks into it.
///
/// Only for text that `JSONWriter` made. What other programs wrote is parsed, so that nothing malformed goes on.
public struct JSONText: Hashable, Sendable {
  public let bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value, parsed on each call; null if the text is none after all.
  public var value: JSONValue {
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      return .null
    }
  }
}
