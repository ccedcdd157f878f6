import StetProtocol

/// What an MCP server wants to know, as questions one after the other, and the answer as it wants it.
///
/// The schema comes from the server: what is not understood is asked for as text.
struct ElicitationForm: Sendable {
  struct Choice: Sendable, Hashable {
    let value: JSONValue
    let title: String
  }

  enum Kind: Sendable, Hashable {
    case text, number, wholeNumber
    case choice([Choice])
    /// Several of the choices, separated by commas.
    case list([Choice])
  }

  struct Field: Sendable, Hashable {
    let name: String
    let kind: Kind
    let isRequired: Bool
    let title: String
    let note: String
  }

  /// More is no question that a terminal can ask.
  static let fieldLimit = 32

  let message: String
  let fields: [Field]

  init(message: String, schema: JSONValue?) {
    self.message = message
    let required = Set((schema?["required"]?.arrayValue ?? []).compactMap(\.stringValue))
    var fields: [Field] = []
    for (name, property) in schema?["properties"]?.objectValue ?? JSONObject() {
      guard fields.count < Self.fieldLimit else { break }
      fields.append(
        Field(
          name: name, kind: Self.kind(property), isRequired: required.contains(name),
          title: property["title"]?.stringValue ?? name, note: property["description"]?.stringValue ?? ""))
    }
    self.fields = fields
  }

  /// The questions; without fields it is whether to go on.
  func questions(server: String) -> [ToolRequestUserInputQuestion] {
    guard !fields.isEmpty else {
      return [
        ToolRequestUserInputQuestion(
          id: "", header: "\(server) asks", question: message,
          options: [.init(label: "Yes", description: ""), .init(label: "No", description: "")])
      ]
    }
    return fields.map { field in
      var text = message + "\n" + field.title + (field.note.isEmpty ? "" : ": " + field.note)
      var options: [ToolRequestUserInputOption]?
      switch field.kind {
      case .choice(let choices): options = choices.map { .init(label: $0.title, description: "") }
      case .list(let choices):
        text += " (some of: \(choices.map(\.title).joined(separator: ", ")); separated by commas)"
      case .text, .number, .wholeNumber: break
      }
      if !field.isRequired { text += " (may stay empty)" }
      return ToolRequestUserInputQuestion(
        id: field.name, header: "\(server) asks", question: text, options: options)
    }
  }

  /// Why a text is no answer to a field; nil if it is one.
  func problem(with text: String, field index: Int) -> String? {
    guard fields.indices.contains(index) else { return nil }
    if text.isEmpty { return fields[index].isRequired ? "an answer is needed" : nil }
    return Self.value(text, fields[index].kind) == nil ? "that is not what is asked for" : nil
  }

  /// The answer to the server.
  func response(_ answers: [String: ToolRequestUserInputAnswer]) -> McpServerElicitationRequestResponse {
    guard !fields.isEmpty else {
      let agrees = answers[""]?.answers.first == "Yes"
      return McpServerElicitationRequestResponse(
        action: agrees ? .accept : .decline, content: agrees ? .object([:]) : nil)
    }
    var content = JSONObject()
    for field in fields {
      guard let text = answers[field.name]?.answers.first, !text.isEmpty else { continue }
      content[field.name] = Self.value(text, field.kind)
    }
    return McpServerElicitationRequestResponse(action: .accept, content: .object(content))
  }

  // MARK: - Reading

  private static func kind(_ property: JSONValue) -> Kind {
    if let choices = choices(property) { return .choice(choices) }
    switch property["type"]?.stringValue {
    case "boolean": return .choice([Choice(value: true, title: "Yes"), Choice(value: false, title: "No")])
    case "number": return .number
    case "integer": return .wholeNumber
    case "array": return .list(property["items"].flatMap(choices) ?? [])
    default: return .text
    }
  }

  private static func choices(_ property: JSONValue) -> [Choice]? {
    if let values = property["enum"]?.arrayValue, !values.isEmpty {
      let names = property["enumNames"]?.arrayValue ?? []
      return values.enumerated().map { index, value in
        let name = names.indices.contains(index) ? names[index].stringValue : nil
        return Choice(value: value, title: name ?? value.stringValue ?? value.text)
      }
    }
    guard let values = (property["oneOf"] ?? property["anyOf"])?.arrayValue, !values.isEmpty else {
      return nil
    }
    return values.compactMap { entry in
      entry["const"].map {
        Choice(value: $0, title: entry["title"]?.stringValue ?? $0.stringValue ?? $0.text)
      }
    }
  }

  private static func value(_ text: String, _ kind: Kind) -> JSONValue? {
    switch kind {
    case .text: return .string(text)
    case .number: return Double(text).flatMap { $0.isFinite ? .double($0) : nil }
    case .wholeNumber: return Int64(text).map(JSONValue.int)
    case .choice(let choices): return choices.first { $0.title == text }?.value
    case .list(let choices):
      var values: [JSONValue] = []
      for part in text.split(separator: ",") {
        let word = String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        if choices.isEmpty {
          values.append(.string(word))
        } else {
          guard let choice = choices.first(where: { $0.title == word }) else { return nil }
          values.append(choice.value)
        }
      }
      return .array(values)
    }
  }
}
