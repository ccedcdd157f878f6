import StetJSON

/// A member for which absent and null mean different things: leave it, clear it, set it.
public enum Settable<Value: Codable & Hashable & Sendable>: Hashable, Sendable {
  case keep
  case clear
  case set(Value)

  /// What holds after this change of `current`.
  public func applied(to current: Value?) -> Value? {
    switch self {
    case .keep: current
    case .clear: nil
    case .set(let value): value
    }
  }
}

extension Settable: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self = container.decodeNil() ? .clear : .set(try container.decode(Value.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .set(let value) = self { try container.encode(value) } else { try container.encodeNil() }
  }
}

// Synthesised Codable code picks these two over the general ones: that is how an absent member can be told apart.
extension KeyedDecodingContainer {
  public func decode<Value>(_: Settable<Value>.Type, forKey key: Key) throws -> Settable<Value> {
    guard contains(key) else { return .keep }
    return try decodeNil(forKey: key) ? .clear : .set(decode(Value.self, forKey: key))
  }
}

extension KeyedEncodingContainer {
  public mutating func encode<Value>(_ member: Settable<Value>, forKey key: Key) throws {
    switch member {
    case .keep: break
    case .clear: try encodeNil(forKey: key)
    case .set(let value): try encode(value, forKey: key)
    }
  }
}
