import StetJSON

/// A type with a value that stands for an absent member.
public protocol HasDefault {
  static var absent: Self { get }
}

extension Bool: HasDefault {
  public static var absent: Bool { false }
}

extension Int: HasDefault {
  public static var absent: Int { 0 }
}

extension Array: HasDefault {
  public static var absent: [Element] { [] }
}

/// A member that may be absent on the wire and then has its type's default; it is always written.
@propertyWrapper
public struct Defaulted<Value: HasDefault> {
  public var wrappedValue: Value
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension Defaulted: Sendable where Value: Sendable {}
extension Defaulted: Equatable where Value: Equatable {}
extension Defaulted: Hashable where Value: Hashable {}

extension Defaulted: Decodable where Value: Decodable {
  public init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.singleValueContainer().decode(Value.self)
  }
}

extension Defaulted: Encodable where Value: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension KeyedDecodingContainer {
  /// Synthesised Codable code picks this over the general one, which would demand the member.
  public func decode<Value: Decodable & HasDefault>(
    _: Defaulted<Value>.Type, forKey key: Key
  ) throws -> Defaulted<Value> {
    Defaulted(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? Value.absent)
  }
}
