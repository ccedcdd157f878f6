import StetProtocol

/// The arguments of a call, read with errors that a model can act on (T11).
struct ToolArguments {
  private let object: JSONObject

  init(_ call: ToolCall) throws(ToolArgumentError) {
    guard let object = call.arguments.objectValue else {
      throw ToolArgumentError("\(call.name): the arguments are no JSON object.")
    }
    self.object = object
  }

  func string(_ name: String) throws(ToolArgumentError) -> String {
    guard let text = try optionalString(name) else {
      let given = object.keys.joined(separator: ", ")
      throw ToolArgumentError("The argument `\(name)` is missing\(given.isEmpty ? "" : "; given: \(given)").")
    }
    return text
  }

  func optionalString(_ name: String) throws(ToolArgumentError) -> String? {
    guard let value = object[name], !value.isNull else { return nil }
    guard let text = value.stringValue else {
      throw ToolArgumentError("The argument `\(name)` must be a string.")
    }
    return text
  }

  /// A whole number within bounds; numbers in strings are taken too, as small models write them.
  func int(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws(ToolArgumentError) -> Int
  {
    guard let value = object[name], !value.isNull else { return fallback }
    guard let number = value.intValue ?? value.stringValue.flatMap({ Int($0) }) else {
      throw ToolArgumentError("The argument `\(name)` must be a whole number.")
    }
    return min(max(number, range.lowerBound), range.upperBound)
  }

  func bool(_ name: String, default fallback: Bool) throws(ToolArgumentError) -> Bool {
    guard let value = object[name], !value.isNull else { return fallback }
    if let flag = value.boolValue { return flag }
    switch value.stringValue {
    case "true": return true
    case "false": return false
    default: throw ToolArgumentError("The argument `\(name)` must be true or false.")
    }
  }

  func array(_ name: String) throws(ToolArgumentError) -> [JSONValue] {
    guard let elements = object[name]?.arrayValue else {
      throw ToolArgumentError("The argument `\(name)` must be an array.")
    }
    return elements
  }
}

struct ToolArgumentError: Error {
  let cause: String
  init(_ cause: String) { self.cause = cause }

  var output: ToolOutput { .failure(cause, "Call the tool again with arguments that follow its schema.") }
}

/// Definitions of function tools, short: the whole first request has 10,000 bytes.
enum ToolDefinition {
  static func function(
    _ name: String, _ description: String, _ properties: JSONObject, required: [String] = []
  ) -> JSONValue {
    [
      "type": "function", "name": .string(name), "description": .string(description), "strict": false,
      "parameters": [
        "type": "object", "properties": .object(properties),
        "required": .array(required.map(JSONValue.string)),
        "additionalProperties": false,
      ],
    ]
  }

  static func text(_ description: String) -> JSONValue {
    ["type": "string", "description": .string(description)]
  }
  static func number(_ description: String) -> JSONValue {
    ["type": "number", "description": .string(description)]
  }
  static func flag(_ description: String) -> JSONValue {
    ["type": "boolean", "description": .string(description)]
  }
}
