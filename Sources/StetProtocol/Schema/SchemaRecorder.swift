import StetJSON

/// A decoder that has nothing to decode: it notes which members a type asks for, and gives it samples.
///
/// A string member gets a text that names the member. A union refuses that text and lists what it would have taken;
/// then each variant is decoded with its name (`SchemaBook`).
final class SchemaRecorder: WholeValueDecoder {
  private static let probe = "\u{1}"

  let book: SchemaBook
  private let tag: (key: String, variant: String)?
  fileprivate var members: [(name: String, schema: JSONValue)] = []
  fileprivate var optional: Set<String> = []
  fileprivate var nullable: Set<String> = []
  fileprivate var single: JSONValue?

  init(book: SchemaBook, tag: (key: String, variant: String)? = nil) {
    self.book = book
    self.tag = tag
  }

  /// The member that a refused text stood for; nil for other texts.
  static func key(ofProbe text: String) -> String? {
    text.hasPrefix(probe) ? String(text.dropFirst(probe.count)) : nil
  }

  /// What was asked for.
  var schema: JSONValue {
    if let single, members.isEmpty { return single }
    var properties = JSONObject()
    for (name, schema) in members { properties[name] = nullable.contains(name) ? schema.orNull : schema }
    var object: JSONObject = ["type": "object", "properties": .object(properties)]
    let required = members.map(\.name).filter { !optional.contains($0) && !nullable.contains($0) }
    if !required.isEmpty { object["required"] = .array(required.map(JSONValue.string)) }
    return .object(object)
  }

  fileprivate func member<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    if let tag, tag.key == name, let sample = tag.variant as? T {
      note(name, ["type": "string", "enum": [.string(tag.variant)]])
      return sample
    }
    let (schema, sample) = try book.refer(type)
    note(name, schema)
    return (Self.probe + name) as? T ?? sample
  }

  private func note(_ name: String, _ schema: JSONValue) {
    if !members.contains(where: { $0.name == name }) { members.append((name, schema)) }
  }

  // MARK: Decoder

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  /// For types that keep all members: any object will do.
  var value: JSONValue { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(RecordedMembers<Key>(recorder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw SchemaFault(description: "a type decodes an array by itself")
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { RecordedValue(recorder: self) }
}

private struct RecordedMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recorder: SchemaRecorder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool {
    recorder.optional.insert(key.stringValue)
    return true
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    recorder.nullable.insert(key.stringValue)
    return false
  }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try recorder.member(type, key.stringValue)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    throw SchemaFault(description: "a type decodes the members of `\(key.stringValue)` by itself")
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw SchemaFault(description: "a type decodes the elements of `\(key.stringValue)` by itself")
  }

  func superDecoder() throws -> any Decoder { recorder }
  func superDecoder(forKey key: Key) throws -> any Decoder { recorder }
}

private struct RecordedValue: SingleValueDecodingContainer {
  let recorder: SchemaRecorder
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let (schema, sample) = try recorder.book.refer(type)
    recorder.single = schema
    return sample
  }
}
