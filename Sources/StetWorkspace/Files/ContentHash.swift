import StetHash

/// The SHA-256 of raw bytes, in hexadecimal: what compare-and-swap and the wire call a file's hash.
public struct ContentHash: Hashable, Sendable, Codable, CustomStringConvertible {
  public let hex: String

  public init(hex: String) { self.hex = hex }

  public static func of(_ bytes: [UInt8]) -> ContentHash { ContentHash(hex: SHA256.hash(bytes).hex) }

  public init(from decoder: any Decoder) throws {
    hex = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  public var description: String { hex }
}
