import StetJSON

/// Why a type has no schema: its decoder does what `SchemaRecorder` does not follow.
public struct SchemaFault: Error, CustomStringConvertible {
  public let description: String
}

/// JSON Schemas (draft 7) of message types, had from their decoders: each type is decoded out of a recorder, which
/// notes what is asked for. So the schemas and the decoders have one source (A11).
final class SchemaBook {
  /// The schemas of the types that were met, by name.
  private(set) var definitions: [String: JSONValue] = [:]
  private var samples: [ObjectIdentifier: Any] = [:]
  private var underWay: Set<ObjectIdentifier> = []

  /// The schema of a type, spelt out. Types within are references into `definitions`.
  func describe<T: Decodable>(_ type: T.Type) throws -> JSONValue { try record(type).schema }

  /// The schema of a type as a member: plain types are spelt out, others are references.
  func schema<T: Decodable>(of type: T.Type) throws -> JSONValue { try refer(type).schema }

  /// The same, and a value of the type.
  func refer<T: Decodable>(_ type: T.Type) throws -> (schema: JSONValue, sample: T) {
    if let plain = Self.plain(type) { return plain }
    if let container = type as? any SchemaContainer.Type {
      let (schema, sample) = try container.describe(in: self)
      guard let sample = sample as? T else { throw SchemaFault(description: "no sample of \(type)") }
      return (schema, sample)
    }
    let name = String(describing: type)
    let reference: JSONValue = ["$ref": .string("#/definitions/\(name)")]
    let key = ObjectIdentifier(type)
    if let known = samples[key] as? T { return (reference, known) }
    guard underWay.insert(key).inserted else { throw SchemaFault(description: "\(type) contains itself") }
    defer { underWay.remove(key) }
    let (schema, sample) = try record(type)
    definitions[name] = schema
    samples[key] = sample
    return (reference, sample)
  }

  private func record<T: Decodable>(_ type: T.Type) throws -> (schema: JSONValue, sample: T) {
    if let names = (type as? any WireEnum.Type)?.wireNames { return (Self.names(names), try sample(names)) }
    if let shaped = type as? any ShapedByValue.Type {
      let shapes = shaped.shapes
      return (["anyOf": .array(try shapes.map(schema))], try sample(shapes.first?.names ?? ["x"]))
    }
    let recorder = SchemaRecorder(book: self)
    do {
      // Strictly, so that a union says what it takes.
      let sample = try Strictness.$isOn.withValue(true) { try T(from: recorder) }
      return (recorder.schema, sample)
    } catch DecodingError.dataCorrupted(let context) {
      guard let refused = context.underlyingError as? UnknownVariant else {
        throw DecodingError.dataCorrupted(context)
      }
      return try union(type, refused)
    }
  }

  /// A union that is told apart by the member which was refused.
  private func union<T: Decodable>(
    _ type: T.Type, _ refused: UnknownVariant
  ) throws -> (schema: JSONValue, sample: T) {
    guard let key = SchemaRecorder.key(ofProbe: refused.name) else {
      throw SchemaFault(description: "\(type) refuses `\(refused.name)`")
    }
    let variants = try refused.variants.map { variant in
      let recorder = SchemaRecorder(book: self, tag: (key, variant))
      let sample = try Strictness.$isOn.withValue(true) { try T(from: recorder) }
      return (recorder.schema, sample)
    }
    guard let sample = variants.first?.1 else { throw SchemaFault(description: "\(type) has no variant") }
    return (["oneOf": .array(variants.map(\.0))], sample)
  }

  private func schema(_ shape: WireShape) throws -> JSONValue {
    switch shape {
    case .names(let names): return Self.names(names)
    case .text: return ["type": "string"]
    case .number: return ["type": "integer", "format": "int64"]
    case .list(let type): return ["type": "array", "items": try schema(of: type)]
    case .member(let key, let type):
      return [
        "type": "object", "properties": [key: try schema(of: type)], "required": [.string(key)],
        "additionalProperties": false,
      ]
    case .object(let type): return try schema(of: type)
    }
  }

  private func sample<T: Decodable>(_ names: [String]) throws -> T {
    try JSONCoder.decode(T.self, from: .string(names.first ?? ""))
  }

  private static func names(_ names: [String]) -> JSONValue {
    ["type": "string", "enum": .array(names.map(JSONValue.string))]
  }

  /// The schemas of what JSON itself knows.
  private static func plain<T>(_ type: T.Type) -> (schema: JSONValue, sample: T)? {
    let known: (JSONValue, Any)? =
      switch type {
      case is Bool.Type: (["type": "boolean"], false)
      case is String.Type: (["type": "string"], "")
      case is Double.Type: (["type": "number"], 0.0)
      case is Int.Type: (["type": "integer", "format": "int64"], 0)
      case is Int64.Type: (["type": "integer", "format": "int64"], Int64(0))
      case is Int32.Type: (["type": "integer", "format": "int32"], Int32(0))
      case is UInt.Type: (["type": "integer", "format": "uint", "minimum": 0], UInt(0))
      case is UInt64.Type: (["type": "integer", "format": "uint64", "minimum": 0], UInt64(0))
      case is UInt32.Type: (["type": "integer", "format": "uint32", "minimum": 0], UInt32(0))
      case is UInt16.Type: (["type": "integer", "format": "uint16", "minimum": 0], UInt16(0))
      case is UInt8.Type: (["type": "integer", "format": "uint8", "minimum": 0], UInt8(0))
      case is JSONValue.Type: ([:], JSONValue.null)
      case is JSONObject.Type: (["type": "object"], JSONObject())
      default: nil
      }
    guard let known, let sample = known.1 as? T else { return nil }
    return (known.0, sample)
  }
}

/// A type of the standard library that holds others.
private protocol SchemaContainer {
  static func describe(in book: SchemaBook) throws -> (JSONValue, Any)
}

extension Array: SchemaContainer where Element: Decodable {
  static func describe(in book: SchemaBook) throws -> (JSONValue, Any) {
    (["type": "array", "items": try book.schema(of: Element.self)], [Element]())
  }
}

extension Dictionary: SchemaContainer where Key == String, Value: Decodable {
  static func describe(in book: SchemaBook) throws -> (JSONValue, Any) {
    (["type": "object", "additionalProperties": try book.schema(of: Value.self)], [String: Value]())
  }
}

extension Optional: SchemaContainer where Wrapped: Decodable {
  static func describe(in book: SchemaBook) throws -> (JSONValue, Any) {
    (try book.schema(of: Wrapped.self).orNull, Wrapped?.none as Any)
  }
}

extension WireShape {
  fileprivate var names: [String]? { if case .names(let names) = self { names } else { nil } }
}

extension WireEnum {
  fileprivate static var wireNames: [String] { variants.map(\.name) }
}

extension JSONValue {
  /// The schema that takes null too.
  var orNull: JSONValue {
    if self == [:] { return self }
    if let type = self["type"]?.stringValue, self["enum"] == nil {
      var schema = self
      schema["type"] = [.string(type), "null"]
      return schema
    }
    return ["anyOf": [self, ["type": "null"]]]
  }
}
