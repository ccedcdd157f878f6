/// One JSON value as its text, kept as it came: written again byte for byte, read only when somebody looks into it.
public struct JSONText: Hashable, Sendable {
  public let bytes: [UInt8]

  /// Takes text that `JSONWriter` made.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Takes text from anywhere; nil unless it is one whole value, so that nothing malformed goes on.
  public init?(checking bytes: UnsafeRawBufferPointer) {
    guard Self.isOneValue(bytes) else { return nil }
    self.bytes = Array(bytes)
  }

  /// Whether text from anywhere is one whole value, without blanks between its parts.
  public static func isOneValue(_ bytes: UnsafeRawBufferPointer) -> Bool { JSONShape.isOneValue(bytes) }

  /// The value, parsed on each call; null if the text is none after all.
  public var value: JSONValue {
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      return .null
    }
  }
}
