/// The bridge between Codable types and JSON. Member order follows the order in which a type encodes its members.
public enum JSONCoder {
  /// What a nil optional becomes. `OmitIfNil` members are left out in both cases.
  public enum Nulls: Sendable { case explicit, omit }

  /// Decodes a type from a value; throws `DecodingError` with the path to the fault.
  public static func decode<T: Decodable>(_ type: T.Type, from value: JSONValue) throws -> T {
    try ValueDecoder(value: value, codingPath: []).unwrap(type)
  }

  /// Decodes a type from a JSON text; throws `JSONError` or `DecodingError`.
  public static func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
    try decode(type, from: JSONValue(parsing: bytes))
  }

  /// Encodes a value as a tree; throws what the type's own `encode(to:)` throws.
  public static func encode<T: Encodable>(_ value: T, nulls: Nulls = .explicit) throws -> JSONValue {
    try ValueEncoder.encode(value, nulls: nulls, codingPath: [])
  }

  /// Encodes a value as compact bytes.
  public static func encodeBytes<T: Encodable>(_ value: T, nulls: Nulls = .explicit) throws -> [UInt8] {
    try encode(value, nulls: nulls).serialized()
  }
}

/// A decoder that has the value which it decodes at hand as a whole.
public protocol WholeValueDecoder: Decoder {
  var value: JSONValue { get }
}

extension JSONValue: Codable {
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? ValueDecoder {
      self = decoder.value
      return
    }
    if let decoder = decoder as? any WholeValueDecoder {
      self = decoder.value
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .int(number)
    } else if let number = try? container.decode(Double.self) {
      self = .double(number)
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let elements = try? container.decode([JSONValue].self) {
      self = .array(elements)
    } else {
      let members = try container.decode([String: JSONValue].self)
      self = .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if let encoder = encoder as? ValueEncoder {
      encoder.slot.value = self
      return
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let flag): try container.encode(flag)
    case .int(let number): try container.encode(number)
    case .double(let number): try container.encode(number)
    case .string(let text): try container.encode(text)
    case .array(let elements): try container.encode(elements)
    case .object(let object):
      try container.encode(Dictionary(uniqueKeysWithValues: object.map { ($0.key, $0.value) }))
    case .verbatim(let text): try text.value.encode(to: encoder)
    }
  }
}

extension JSONObject: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    guard let object = value.objectValue else {
      throw DecodingError.typeMismatch(
        JSONObject.self, .init(codingPath: decoder.codingPath, debugDescription: "expected an object"))
    }
    self = object
  }

  public func encode(to encoder: any Encoder) throws { try JSONValue.object(self).encode(to: encoder) }
}
