import StetConfig
import StetHash
import StetProtocol

/// A tool as its server describes it; all of it is the server's word.
struct MCPToolInfo: Sendable, Hashable {
  /// Characters of a description that a model gets.
  static let descriptionLimit = 2_000
  /// Bytes of a schema; a larger one is left out, the model calls the tool by its description.
  static let schemaLimit = 32 << 10

  let server: String
  let name: String
  /// As it came, for clients.
  let raw: JSONValue

  init(server: String, name: String, raw: JSONValue) {
    self.server = server
    self.name = name
    self.raw = raw
  }

  init?(_ raw: JSONValue, server: String) {
    guard let name = raw["name"]?.stringValue, !name.isEmpty else { return nil }
    self.init(server: server, name: name, raw: raw)
  }

  var description: String { String((raw["description"]?.stringValue ?? "").prefix(Self.descriptionLimit)) }
  var title: String? { raw["title"]?.stringValue ?? raw["annotations"]?["title"]?.stringValue }
  var readOnlyHint: Bool? { raw["annotations"]?["readOnlyHint"]?.boolValue }

  /// The name that the model uses (M3).
  var wireName: String { MCPToolName.make(server: server, tool: name) }

  var definition: JSONValue {
    var schema = raw["inputSchema"]?.objectValue ?? JSONObject()
    if JSONValue.object(schema).serialized().count > Self.schemaLimit { schema = JSONObject() }
    if schema["type"] == nil { schema["type"] = "object" }
    if schema["properties"] == nil { schema["properties"] = [:] }
    return [
      "type": "function", "name": .string(wireName), "description": .string(description), "strict": false,
      "parameters": .object(schema),
    ]
  }

  /// What an "always" is bound to: the program and what it says of the tool (M5).
  func fingerprint(_ config: MCPServerConfig) -> String {
    let program: JSONValue
    switch config.transport {
    case .stdio(let command, let arguments, _):
      program = .array(([command] + arguments).map(JSONValue.string))
    case .http(let url): program = .string(url)
    }
    let text: JSONValue = [
      program, raw["description"] ?? .null, raw["inputSchema"] ?? .null, raw["annotations"] ?? .null,
    ]
    return SHA256.hash(text.sortedKeys().text).hex
  }
}
