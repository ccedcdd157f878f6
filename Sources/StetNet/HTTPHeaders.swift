/// Header fields in the order they came; names are compared without case (RFC 9110 §5.1).
public struct HTTPHeaders: Hashable, Sendable, Sequence {
  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: String
  }

  public private(set) var fields: [Field]

  public init(_ fields: [(String, String)] = []) {
    self.fields = fields.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first field of that name.
  public subscript(_ name: String) -> String? {
    fields.first { Self.same($0.name, name) }?.value
  }

  /// Every field of that name.
  public func all(_ name: String) -> [String] {
    fields.filter { Self.same($0.name, name) }.map(\.value)
  }

  public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

  mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  static func same(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).allSatisfy { lower($0) == lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }
}
