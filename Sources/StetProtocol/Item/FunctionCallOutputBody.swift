import StetJSON

/// The output of a tool: text, or content parts as the Responses API spells them.
public enum FunctionCallOutputBody: Codable, Hashable, Sendable {
  case text(String)
  case parts([JSONValue])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if case .array(let parts) = try JSONValue(from: decoder) {
      self = .parts(parts)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text): try JSONValue.string(text).encode(to: encoder)
    case .parts(let parts): try JSONValue.array(parts).encode(to: encoder)
    }
  }
}
