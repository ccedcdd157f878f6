/// A JSON value. Whole numbers that fit are `int`; every other number is `double`. Objects keep their order.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
  /// An object that nobody has looked into: equal to the `object` that its text reads as.
  case verbatim(JSONText)

  /// Parses one JSON text (RFC 8259) that fills the whole input. Invalid UTF-8 and lone surrogates become U+FFFD.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    var reader = JSONReader(Array(bytes))
    self = try reader.readValue()
    try reader.finish()
  }

  public init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }

  /// The compact bytes of the value; equal trees with equal member order give equal bytes.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.bytes
  }

  /// The compact text of the value.
  public var text: String { String(decoding: serialized(), as: UTF8.self) }

  /// The same value with the members of every object, at every depth, in code-unit order.
  public func sortedKeys() -> JSONValue {
    switch self {
    case .array(let elements): .array(elements.map { $0.sortedKeys() })
    case .object(let object): .object(JSONObject(object.sorted().map { ($0.key, $0.value.sortedKeys()) }))
    case .verbatim(let text): text.value.sortedKeys()
    default: self
    }
  }
}

extension JSONValue {
  /// The member of an object; nil when there is none or this is no object.
  public subscript(key: String) -> JSONValue? {
    get { objectValue?[key] }
    set {
      guard var object = objectValue else { return }
      object[key] = newValue
      self = .object(object)
    }
  }

  /// The element of an array; nil when there is none or this is no array.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number, nil for fractions and for numbers that do not fit.
  public var intValue: Int? {
    switch self {
    case .int(let value): Int(exactly: value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  public var doubleValue: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  public var arrayValue: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  public var objectValue: JSONObject? {
    switch self {
    case .object(let value): value
    case .verbatim(let text): text.value.objectValue
    default: nil
    }
  }
}

extension JSONValue: Hashable {
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.string(let left), .string(let right)): left == right
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    case (.verbatim(let left), .verbatim(let right)) where left == right: true
    case (.verbatim(let left), _): left.value == right
    case (_, .verbatim(let right)): left == right.value
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .int(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    case .verbatim(let text): text.value.hash(into: &hasher)
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

extension JSONValue {
  public init(_ value: String) { self = .string(value) }
  public init(_ value: Int) { self = .int(Int64(value)) }
  public init(_ value: Bool) { self = .bool(value) }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { text }
}
