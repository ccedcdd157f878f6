import StetJSON

/// Whether the model may start sub-agents by itself. Always `explicitRequestOnly` in stet.
public enum MultiAgentMode: Hashable, Sendable, HasDefault {
  case explicitRequestOnly, proactive
  case custom(String)
  case unknown(JSONValue)

  public static var absent: MultiAgentMode { .explicitRequestOnly }
}

extension MultiAgentMode: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    switch value {
    case "explicitRequestOnly": self = .explicitRequestOnly
    case "proactive": self = .proactive
    default: self = value["custom"]?.stringValue.map(MultiAgentMode.custom) ?? .unknown(value)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    let value: JSONValue =
      switch self {
      case .explicitRequestOnly: "explicitRequestOnly"
      case .proactive: "proactive"
      case .custom(let text): ["custom": .string(text)]
      case .unknown(let value): value
      }
    try value.encode(to: encoder)
  }
}
