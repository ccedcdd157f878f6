/// An optional member that is left out when it is nil, also where the rest of the message writes its nulls.
///
/// Codex writes out most nulls in results and notifications but leaves some members away (protocol.md marks them `?`).
@propertyWrapper
public struct OmitIfNil<Value> {
  public var wrappedValue: Value?
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }
}

extension OmitIfNil: Sendable where Value: Sendable {}
extension OmitIfNil: Equatable where Value: Equatable {}
extension OmitIfNil: Hashable where Value: Hashable {}

extension OmitIfNil: Decodable where Value: Decodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }
}

extension OmitIfNil: Encodable where Value: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

// Synthesised Codable code picks these two over the general ones: that is what makes an absent member possible.
extension KeyedDecodingContainer {
  public func decode<Value: Decodable>(
    _: OmitIfNil<Value>.Type, forKey key: Key
  ) throws -> OmitIfNil<Value> {
    OmitIfNil(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
  }
}

extension KeyedEncodingContainer {
  public mutating func encode<Value: Encodable>(_ member: OmitIfNil<Value>, forKey key: Key) throws {
    if let value = member.wrappedValue { try encode(value, forKey: key) }
  }
}
