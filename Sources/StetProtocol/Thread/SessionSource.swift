import StetJSON

/// What kind of client opened a thread: a name, or an object for sub-agents and custom sources.
public enum SessionSource: Hashable, Sendable {
  case cli, vscode, exec, appServer, unknown
  case custom(String)
  /// The parts of a sub-agent's source, as they came.
  case subAgent(JSONValue)
  case unlisted(JSONValue)
}

extension SessionSource: Codable {
  private enum CodingKeys: String, CodingKey { case custom, subAgent }

  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    switch value {
    case "cli": self = .cli
    case "vscode": self = .vscode
    case "exec": self = .exec
    case "appServer": self = .appServer
    case "unknown": self = .unknown
    default:
      if let name = value["custom"]?.stringValue {
        self = .custom(name)
      } else if let parts = value["subAgent"] {
        self = .subAgent(parts)
      } else {
        self = .unlisted(value)
      }
    }
  }

  public func encode(to encoder: any Encoder) throws { try jsonValue.encode(to: encoder) }

  /// The source as it stands on the wire.
  public var jsonValue: JSONValue {
    switch self {
    case .cli: "cli"
    case .vscode: "vscode"
    case .exec: "exec"
    case .appServer: "appServer"
    case .unknown: "unknown"
    case .custom(let name): ["custom": .string(name)]
    case .subAgent(let parts): ["subAgent": parts]
    case .unlisted(let value): value
    }
  }
}
