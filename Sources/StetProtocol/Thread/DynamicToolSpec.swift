import StetJSON

/// A tool that the client runs.
public enum DynamicToolSpec: Codable, Hashable, Sendable {
  case function(FunctionDynamicToolSpec)
  case namespace(NamespaceDynamicToolSpec)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type
  }

  static let variants = [
    "function", "namespace",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "function": self = .function(try FunctionDynamicToolSpec(from: decoder))
    case "namespace": self = .namespace(try NamespaceDynamicToolSpec(from: decoder))
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
    switch self {
    case .function(let value): try value.encode(to: encoder)
    case .namespace(let value): try value.encode(to: encoder)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .function: "function"
    case .namespace: "namespace"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct FunctionDynamicToolSpec: Codable, Hashable, Sendable {
  public var description: String
  public var inputSchema: JSONValue
  public var name: String
  @Defaulted public var deferLoading: Bool

  public init(description: String, inputSchema: JSONValue, name: String, deferLoading: Bool = false) {
    self.description = description
    self.inputSchema = inputSchema
    self.name = name
    self.deferLoading = deferLoading
  }
}

public struct NamespaceDynamicToolSpec: Codable, Hashable, Sendable {
  public var description: String
  public var name: String
  public var tools: [JSONValue]

  public init(description: String, name: String, tools: [JSONValue]) {
    self.description = description
    self.name = name
    self.tools = tools
  }
}
