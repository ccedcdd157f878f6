import StetJSON

/// A marked part of a text input, such as a mention.
public struct TextElement: Codable, Hashable, Sendable {
  public var byteRange: ByteRange
  public var placeholder: String?

  public init(byteRange: ByteRange, placeholder: String? = nil) {
    self.byteRange = byteRange
    self.placeholder = placeholder
  }
}

/// A range of UTF-8 bytes; the end is exclusive.
public struct ByteRange: Codable, Hashable, Sendable {
  public var end: Int
  public var start: Int

  public init(end: Int, start: Int) {
    self.end = end
    self.start = start
  }
}

/// How closely the model looks at an image.
public enum ImageDetail: WireEnum {
  case auto, low, high, original
  case unknown(String)

  public static let variants: [(name: String, value: ImageDetail)] = [
    ("auto", .auto), ("low", .low), ("high", .high), ("original", .original),
  ]

  public static func unlisted(_ name: String) -> ImageDetail { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
