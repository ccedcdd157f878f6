import CPlatform

/// A picture as its file tells of it: the kind and the size in pixels, read from the first bytes and never from a name.
public struct Picture: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
  }

  public let kind: Kind
  /// Pixels; 0 where the file does not say.
  public let width: Int
  public let height: Int

  /// Nil for bytes that are no PNG, JPEG, GIF or WebP.
  public init?(_ bytes: [UInt8]) {
    guard let kind = Self.kind(bytes) else { return nil }
    self.kind = kind
    (width, height) = Self.size(bytes, kind) ?? (0, 0)
  }

  private static func kind(_ bytes: [UInt8]) -> Kind? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return .png }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if bytes.starts(with: Array("GIF8".utf8)) { return .gif }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return .webp
    }
    return nil
  }

  /// The bytes of a file with no side over `side` pixels and at most `limit` bytes: the same ones where they are so,
  /// else the smaller of a new PNG and a new JPEG. Takes up to a second: not for the cooperative pool.
  public static func fitted(
    _ bytes: [UInt8], side: Int, limit: Int
  ) throws(WorkspaceError) -> (bytes: [UInt8], kind: Kind) {
    guard let picture = Picture(bytes) else {
      throw WorkspaceError(.wrongKind, "it is no PNG, JPEG, GIF or WebP image", hint: "Convert it first.")
    }
    if max(picture.width, picture.height) <= side, bytes.count <= limit { return (bytes, picture.kind) }
    guard picture.kind == .png || picture.kind == .jpeg else {
      throw WorkspaceError(
        .tooLarge,
        "it has \(picture.width) x \(picture.height) pixels and \(bytes.count) bytes; \(side) pixels a side and "
          + "\(limit) bytes are the limits, and only PNG and JPEG can be made smaller here",
        hint: "Convert it to PNG or JPEG.")
    }
    var made = stet_picture()
    defer { stet_picture_free(&made) }
    guard stet_picture_fit(bytes, bytes.count, Int32(clamping: side), limit, &made), let start = made.bytes
    else {
      let problem = withUnsafeBytes(of: made.problem) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw WorkspaceError(
        .library, "it can't be made smaller", hint: "Make it smaller first.", underlying: problem)
    }
    return (Array(UnsafeBufferPointer(start: start, count: made.size)), made.is_jpeg ? .jpeg : .png)
  }
}

extension Picture {
  /// A picture in few pixels: red, green, blue and alpha of each, row by row, upright.
  public struct Thumbnail: Hashable, Sendable {
    public let pixels: [UInt8]
    public let width: Int
    public let height: Int
  }

  /// The picture with no side over `side` pixels; nil for what is no PNG or JPEG, or cannot be decoded. Takes up to a
  /// second: not for the cooperative pool.
  public static func thumbnail(_ bytes: [UInt8], side: Int) -> Thumbnail? {
    guard let picture = Picture(bytes), picture.kind == .png || picture.kind == .jpeg else { return nil }
    var made = stet_picture()
    defer { stet_picture_free(&made) }
    guard stet_picture_thumbnail(bytes, bytes.count, Int32(clamping: max(1, side)), &made),
      let start = made.bytes
    else { return nil }
    return Thumbnail(
      pixels: Array(UnsafeBufferPointer(start: start, count: made.size)), width: Int(made.width),
      height: Int(made.height))
  }
}

// MARK: - Sizes

extension Picture {
  private static func size(_ bytes: [UInt8], _ kind: Kind) -> (Int, Int)? {
    func big(_ place: Int, _ count: Int) -> Int {
      bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }
    func little(_ place: Int, _ count: Int) -> Int {
      bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    switch kind {
    case .png: return bytes.count >= 24 ? (big(16, 4), big(20, 4)) : nil
    case .gif: return bytes.count >= 10 ? (little(6, 2), little(8, 2)) : nil
    case .jpeg: return jpegFrame(bytes).map { (big($0 + 2, 2), big($0, 2)) }
    case .webp:
      guard bytes.count >= 30 else { return nil }
      switch bytes[15] {
      case UInt8(ascii: "X"): return (little(24, 3) + 1, little(27, 3) + 1)
      case UInt8(ascii: "L"): return (little(21, 4) & 0x3FFF + 1, little(21, 4) >> 14 & 0x3FFF + 1)
      default: return (little(26, 2) & 0x3FFF, little(28, 2) & 0x3FFF)
      }
    }
  }

  /// Where the height stands in the header of the frame (ITU-T T.81, B.2.2).
  private static func jpegFrame(_ bytes: [UInt8]) -> Int? {
    var place = 2
    while place + 9 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      if marker == 0xFF {  // a fill byte
        place += 1
        continue
      }
      if 0xC0...0xCF ~= marker, marker != 0xC4, marker != 0xC8, marker != 0xCC { return place + 5 }
      place += 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
    }
    return nil
  }
}
