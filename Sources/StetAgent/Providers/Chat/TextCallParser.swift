import StetJSON

/// Reads the inside of a call that came as text.
enum TextCallParser {
  enum Outcome {
    case call(name: String, arguments: String)
    /// Well formed, but no tool of the thread.
    case unknown
    case broken
  }

  /// - Parameters:
  ///   - bytes: from the opening tag on, without the closing one.
  ///   - tools: schemas of the parameters, by tool.
  static func call(_ bytes: ArraySlice<UInt8>, _ tools: [String: JSONValue], isXML: Bool) -> Outcome {
    var text = String(decoding: bytes, as: UTF8.self)[...]
    if !isXML { text = text.dropFirst("<tool_call>".count) }
    text = text.drop(while: \.isWhitespace)
    return text.hasPrefix("<function=") ? xml(text, tools) : json(text, tools)
  }

  // MARK: - Parts

  private static func json(_ text: Substring, _ tools: [String: JSONValue]) -> Outcome {
    let call: JSONValue
    do {
      call = try JSONValue(parsing: String(text))
    } catch {
      return .broken
    }
    guard let name = call["name"]?.stringValue, tools.keys.contains(name) else { return .unknown }
    let arguments = call["arguments"] ?? call["parameters"] ?? .object(JSONObject())
    return .call(name: name, arguments: arguments.stringValue ?? arguments.text)
  }

  private static func xml(_ text: Substring, _ tools: [String: JSONValue]) -> Outcome {
    var rest = text.dropFirst("<function=".count)
    guard let end = rest.firstIndex(of: ">") else { return .broken }
    let name = String(rest[..<end])
    guard let schema = tools[name] else { return .unknown }
    rest = rest[rest.index(after: end)...]
    var arguments = JSONObject()
    while let opener = rest.firstRange(of: "<parameter=") {
      rest = rest[opener.upperBound...]
      guard let close = rest.firstIndex(of: ">") else { return .broken }
      let key = String(rest[..<close])
      rest = rest[rest.index(after: close)...]
      guard let end = rest.firstRange(of: "</parameter>") else { return .broken }
      arguments[key] = value(rest[..<end.lowerBound], schema["properties"]?[key]?["type"]?.stringValue)
      rest = rest[end.upperBound...]
    }
    return .call(name: name, arguments: JSONValue.object(arguments).text)
  }

  /// The text between the tags, without the line breaks that set it off; as JSON where the schema wants no text.
  private static func value(_ text: Substring, _ type: String?) -> JSONValue {
    var text = text
    if text.first?.isNewline == true { text = text.dropFirst() }
    if text.last?.isNewline == true { text = text.dropLast() }
    if type == "string" { return .string(String(text)) }
    do {
      return try JSONValue(parsing: String(text))
    } catch {
      return .string(String(text))
    }
  }
}
