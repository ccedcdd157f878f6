/// The place that an encoder fills.
final class Slot {
  var value: JSONValue?
}

/// Encodes into a value tree.
final class ValueEncoder: Encoder {
  let slot: Slot
  let nulls: JSONCoder.Nulls
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  /// The container that was asked for last; its content is read when encoding ends.
  private var collect: (() -> JSONValue)?

  init(nulls: JSONCoder.Nulls, codingPath: [any CodingKey]) {
    slot = Slot()
    self.nulls = nulls
    self.codingPath = codingPath
  }

  /// Encodes one value; a type that writes nothing at all becomes an empty object.
  static func encode<T: Encodable>(
    _ value: T, nulls: JSONCoder.Nulls, codingPath: [any CodingKey]
  ) throws -> JSONValue {
    if let value = value as? JSONValue { return value }
    let encoder = ValueEncoder(nulls: nulls, codingPath: codingPath)
    try value.encode(to: encoder)
    return encoder.finish()
  }

  func finish() -> JSONValue { slot.value ?? collect?() ?? .object(JSONObject()) }

  func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
    let members = MemberSink()
    adopt(members.value)
    return KeyedEncodingContainer(KeyedSink<Key>(members: members, nulls: nulls, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let elements = ElementSink()
    adopt(elements.value)
    return UnkeyedSink(elements: elements, nulls: nulls, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleSink(encoder: self) }

  /// A type may ask for several keyed containers (an enum's tag beside its payload): their members join.
  private func adopt(_ content: @escaping () -> JSONValue) {
    guard let earlier = collect else {
      collect = content
      return
    }
    collect = {
      guard var joined = earlier().objectValue, let added = content().objectValue else {
        return content()
      }
      for (key, value) in added { joined[key] = value }
      return .object(joined)
    }
  }
}

struct SingleSink: SingleValueEncodingContainer {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  mutating func encodeNil() throws { encoder.slot.value = .null }
  mutating func encode(_ value: Bool) throws { encoder.slot.value = .bool(value) }
  mutating func encode(_ value: String) throws { encoder.slot.value = .string(value) }
  mutating func encode(_ value: Double) throws { encoder.slot.value = .double(value) }
  mutating func encode(_ value: Float) throws { encoder.slot.value = .double(Double(value)) }
  mutating func encode(_ value: Int) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: Int8) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: Int16) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: Int32) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: Int64) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: UInt) throws { encoder.slot.value = JSONValue(wide: UInt64(value)) }
  mutating func encode(_ value: UInt8) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: UInt16) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: UInt32) throws { encoder.slot.value = .int(Int64(value)) }
  mutating func encode(_ value: UInt64) throws { encoder.slot.value = JSONValue(wide: UInt64(value)) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    encoder.slot.value = try ValueEncoder.encode(value, nulls: encoder.nulls, codingPath: codingPath)
  }
}

extension JSONValue {
  /// An unsigned number: whole while it fits, else the nearest double.
  init(wide number: UInt64) { self = Int64(exactly: number).map(JSONValue.int) ?? .double(Double(number)) }
}
