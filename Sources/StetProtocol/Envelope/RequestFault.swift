import StetJSON

/// Puts a decoding error into the words of Codex's decoder, which clients know.
enum RequestFault {
  static func error(_ fault: any Error, in params: JSONValue) -> RPCError {
    .invalidRequest("Invalid request: " + text(fault, in: params))
  }

  private static func text(_ fault: any Error, in params: JSONValue) -> String {
    switch fault as? DecodingError {
    case .keyNotFound(let key, _): "missing field `\(key.stringValue)`"
    case .valueNotFound(let type, let context), .typeMismatch(let type, let context):
      "invalid type: \(found(value(at: context.codingPath, in: params))), expected \(wanted(type))"
    case .dataCorrupted(let context):
      outOfRange(context, in: params) ?? context.debugDescription
    default: String(describing: fault)
    }
  }

  /// A number that does not fit its type: "-1 does not fit UInt32".
  private static func outOfRange(_ context: DecodingError.Context, in params: JSONValue) -> String? {
    guard case .int(let number)? = value(at: context.codingPath, in: params) else { return nil }
    let type = context.debugDescription.split(separator: " ").last.map(String.init) ?? ""
    guard let name = integerNames[type] else { return nil }
    return "invalid value: integer `\(number)`, expected \(name)"
  }

  private static func value(at path: [any CodingKey], in params: JSONValue) -> JSONValue? {
    var value: JSONValue? = params
    for key in path { value = key.intValue.flatMap { value?[$0] } ?? value?[key.stringValue] }
    return value
  }

  private static func found(_ value: JSONValue?) -> String {
    switch value {
    case .null?, nil: "null"
    case .bool(let flag)?: "boolean `\(flag)`"
    case .int(let number)?: "integer `\(number)`"
    case .double(let number)?: "floating point `\(number)`"
    case .string(let text)?: "string \(JSONValue.string(text).text)"
    case .array?: "sequence"
    case .object?, .verbatim?: "map"
    }
  }

  private static let integerNames = [
    "Int": "i64", "Int64": "i64", "Int32": "i32", "UInt": "usize", "UInt64": "u64", "UInt32": "u32",
    "UInt16": "u16",
  ]

  private static func wanted(_ type: Any.Type) -> String {
    let name = String(describing: type)
    if let integer = integerNames[name] { return integer }
    return switch name {
    case "String": "a string"
    case "Bool": "a boolean"
    case "Double": "f64"
    case "JSONObject": "a map"
    default: name.hasPrefix("Array<") ? "a sequence" : "struct \(name)"
    }
  }
}
