/// Collects members; nested containers report when the object is read.
final class MemberSink {
  private var members: [(key: String, value: () -> JSONValue)] = []

  func set(_ key: String, _ value: @escaping @autoclosure () -> JSONValue) { members.append((key, value)) }
  func value() -> JSONValue { .object(JSONObject(members.map { ($0.key, $0.value()) })) }
}

/// Collects elements; nested containers report when the array is read.
final class ElementSink {
  private var elements: [() -> JSONValue] = []

  var count: Int { elements.count }
  func append(_ value: @escaping @autoclosure () -> JSONValue) { elements.append(value) }
  func value() -> JSONValue { .array(elements.map { $0() }) }
}

struct KeyedSink<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let members: MemberSink
  let nulls: JSONCoder.Nulls
  let codingPath: [any CodingKey]

  private func put(_ value: JSONValue, _ key: Key) { members.set(key.stringValue, value) }

  /// Nil members are written as null unless the caller leaves them out.
  private func putOptional(_ value: JSONValue?, _ key: Key) {
    if let value { put(value, key) } else if nulls == .explicit { put(.null, key) }
  }

  mutating func encodeNil(forKey key: Key) throws { put(.null, key) }
  mutating func encode(_ value: Bool, forKey key: Key) throws { put(.bool(value), key) }
  mutating func encode(_ value: String, forKey key: Key) throws { put(.string(value), key) }
  mutating func encode(_ value: Double, forKey key: Key) throws { put(.double(value), key) }
  mutating func encode(_ value: Float, forKey key: Key) throws { put(.double(Double(value)), key) }
  mutating func encode(_ value: Int, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: Int8, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: Int16, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: Int32, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: Int64, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: UInt, forKey key: Key) throws { put(JSONValue(wide: UInt64(value)), key) }
  mutating func encode(_ value: UInt8, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: UInt16, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: UInt32, forKey key: Key) throws { put(.int(Int64(value)), key) }
  mutating func encode(_ value: UInt64, forKey key: Key) throws { put(JSONValue(wide: UInt64(value)), key) }
  mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
    putOptional(value.map { value in .bool(value) }, key)
  }
  mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws {
    putOptional(value.map { value in .string(value) }, key)
  }
  mutating func encodeIfPresent(_ value: Double?, forKey key: Key) throws {
    putOptional(value.map { value in .double(value) }, key)
  }
  mutating func encodeIfPresent(_ value: Float?, forKey key: Key) throws {
    putOptional(value.map { value in .double(Double(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: Int?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: Int8?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: Int16?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: Int32?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: UInt?, forKey key: Key) throws {
    putOptional(value.map { value in JSONValue(wide: UInt64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws {
    putOptional(value.map { value in .int(Int64(value)) }, key)
  }
  mutating func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
    putOptional(value.map { value in JSONValue(wide: UInt64(value)) }, key)
  }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    put(try ValueEncoder.encode(value, nulls: nulls, codingPath: codingPath + [key]), key)
  }

  mutating func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
    putOptional(
      try value.map { try ValueEncoder.encode($0, nulls: nulls, codingPath: codingPath + [key]) }, key)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    let nested = MemberSink()
    members.set(key.stringValue, nested.value())
    return KeyedEncodingContainer(
      KeyedSink<Nested>(members: nested, nulls: nulls, codingPath: codingPath + [key]))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let nested = ElementSink()
    members.set(key.stringValue, nested.value())
    return UnkeyedSink(elements: nested, nulls: nulls, codingPath: codingPath + [key])
  }

  mutating func superEncoder() -> any Encoder { superEncoder(named: "super", codingPath) }
  mutating func superEncoder(forKey key: Key) -> any Encoder {
    superEncoder(named: key.stringValue, codingPath + [key])
  }

  private func superEncoder(named name: String, _ path: [any CodingKey]) -> any Encoder {
    let encoder = ValueEncoder(nulls: nulls, codingPath: path)
    members.set(name, encoder.finish())
    return encoder
  }
}

struct UnkeyedSink: UnkeyedEncodingContainer {
  let elements: ElementSink
  let nulls: JSONCoder.Nulls
  let codingPath: [any CodingKey]
  var count: Int { elements.count }
  private var path: [any CodingKey] { codingPath + [IndexKey(count)] }

  mutating func encodeNil() throws { elements.append(.null) }
  mutating func encode(_ value: Bool) throws { elements.append(.bool(value)) }
  mutating func encode(_ value: String) throws { elements.append(.string(value)) }
  mutating func encode(_ value: Double) throws { elements.append(.double(value)) }
  mutating func encode(_ value: Float) throws { elements.append(.double(Double(value))) }
  mutating func encode(_ value: Int) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: Int8) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: Int16) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: Int32) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: Int64) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: UInt) throws { elements.append(JSONValue(wide: UInt64(value))) }
  mutating func encode(_ value: UInt8) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: UInt16) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: UInt32) throws { elements.append(.int(Int64(value))) }
  mutating func encode(_ value: UInt64) throws { elements.append(JSONValue(wide: UInt64(value))) }

  mutating func encode<T: Encodable>(_ value: T) throws {
    let encoded = try ValueEncoder.encode(value, nulls: nulls, codingPath: path)
    elements.append(encoded)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type) -> KeyedEncodingContainer<Nested> {
    let nested = MemberSink()
    let sink = KeyedSink<Nested>(members: nested, nulls: nulls, codingPath: path)
    elements.append(nested.value())
    return KeyedEncodingContainer(sink)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let nested = ElementSink()
    let sink = UnkeyedSink(elements: nested, nulls: nulls, codingPath: path)
    elements.append(nested.value())
    return sink
  }

  mutating func superEncoder() -> any Encoder {
    let encoder = ValueEncoder(nulls: nulls, codingPath: path)
    elements.append(encoder.finish())
    return encoder
  }
}
