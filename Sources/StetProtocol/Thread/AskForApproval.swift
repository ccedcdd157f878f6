import StetJSON

/// When the user is asked before something runs.
public enum AskForApproval: Hashable, Sendable {
  case untrusted
  case onRequest
  case granular(GranularApproval)
  case never
  case unknown(JSONValue)

  static let variants = ["untrusted", "on-request", "granular", "never"]
}

/// Which kinds of request reach the user; the others are refused at once.
public struct GranularApproval: Codable, Hashable, Sendable {
  public var sandboxApproval: Bool
  public var rules: Bool
  @Defaulted public var skillApproval: Bool
  @Defaulted public var requestPermissions: Bool
  public var mcpElicitations: Bool

  private enum CodingKeys: String, CodingKey {
    case rules
    case sandboxApproval = "sandbox_approval"
    case skillApproval = "skill_approval"
    case requestPermissions = "request_permissions"
    case mcpElicitations = "mcp_elicitations"
  }

  public init(
    sandboxApproval: Bool, rules: Bool, skillApproval: Bool = false, requestPermissions: Bool = false,
    mcpElicitations: Bool
  ) {
    self.sandboxApproval = sandboxApproval
    self.rules = rules
    self.skillApproval = skillApproval
    self.requestPermissions = requestPermissions
    self.mcpElicitations = mcpElicitations
  }
}

extension AskForApproval: Codable {
  private enum CodingKeys: String, CodingKey { case granular }

  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    switch value {
    case "untrusted": self = .untrusted
    case "on-request": self = .onRequest
    case "never": self = .never
    case .object(let object) where object["granular"] != nil:
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self = .granular(try container.decode(GranularApproval.self, forKey: .granular))
    default:
      let name = value.stringValue ?? value.objectValue?.keys.first ?? value.text
      try Strictness.refuse(name, Self.variants, at: decoder.codingPath)
      self = .unknown(value)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .untrusted: try JSONValue.string("untrusted").encode(to: encoder)
    case .onRequest: try JSONValue.string("on-request").encode(to: encoder)
    case .never: try JSONValue.string("never").encode(to: encoder)
    case .unknown(let value): try value.encode(to: encoder)
    case .granular(let kinds):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(kinds, forKey: .granular)
    }
  }
}
