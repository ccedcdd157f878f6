/// The first message of a TLS client (RFC 8446 §4.1.2), as far as the name of the server it wants (RFC 6066 §3).
enum ClientHello: Hashable {
  /// More bytes are needed.
  case partial
  /// Not TLS, or not in a form that tells the name.
  case unreadable
  /// The name, in lower case; nil if it names none.
  case server(String?)

  /// One record with all extensions; browsers with post-quantum keys send about two kilobytes.
  static let limit = 17 << 10

  init(_ bytes: [UInt8]) {
    guard let first = bytes.first else {
      self = .partial
      return
    }
    guard first == 0x16 else {
      self = .unreadable
      return
    }
    var message: [UInt8] = []
    var reader = ByteReader(bytes[...])
    // A hello may be spread over several records.
    while let type = reader.number(1) {
      guard type == 0x16, reader.number(2) != nil, let size = reader.number(2) else { break }
      message += reader.rest.prefix(size)
      guard reader.take(size) != nil else { break }
    }
    self = Self.read(message, isWhole: bytes.count >= Self.limit)
  }

  private static func read(_ message: [UInt8], isWhole: Bool) -> ClientHello {
    let missing = isWhole ? ClientHello.unreadable : .partial
    var reader = ByteReader(message[...])
    guard let type = reader.number(1), let size = reader.number(3) else { return missing }
    guard type == 1, size <= limit else { return .unreadable }
    guard let body = reader.take(size) else { return missing }
    reader = ByteReader(body)
    // Version and random, session, cipher suites, compression methods.
    guard reader.take(34) != nil, reader.vector(1) != nil, reader.vector(2) != nil, reader.vector(1) != nil
    else {
      return .unreadable
    }
    guard !reader.rest.isEmpty else { return .server(nil) }
    guard let extensions = reader.vector(2) else { return .unreadable }
    reader = ByteReader(extensions)
    while !reader.rest.isEmpty {
      guard let kind = reader.number(2), let content = reader.vector(2) else { return .unreadable }
      guard kind == 0 else { continue }
      var names = ByteReader(content)
      guard let list = names.vector(2) else { return .unreadable }
      names = ByteReader(list)
      guard names.number(1) == 0, let name = names.vector(2), names.rest.isEmpty,
        let text = String(validating: name, as: UTF8.self)
      else { return .unreadable }
      return .server(text.lowercased())
    }
    return .server(nil)
  }
}

/// Takes numbers and length-prefixed bytes from the front; nil when there are too few.
private struct ByteReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func number(_ size: Int) -> Int? {
    take(size)?.reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func take(_ size: Int) -> ArraySlice<UInt8>? {
    guard rest.count >= size else { return nil }
    defer { rest = rest.dropFirst(size) }
    return rest.prefix(size)
  }

  mutating func vector(_ size: Int) -> ArraySlice<UInt8>? {
    guard let count = number(size) else { return nil }
    return take(count)
  }
}
