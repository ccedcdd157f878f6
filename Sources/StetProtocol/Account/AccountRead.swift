import StetJSON

/// `account/read`: Tells which account is in use.
public struct GetAccountParams: ClientCall {
  public typealias Response = GetAccountResponse
  public static let method = "account/read"

  public var refreshToken: Bool?

  public init(refreshToken: Bool? = nil) {
    self.refreshToken = refreshToken
  }
}

public struct GetAccountResponse: Codable, Hashable, Sendable {
  public var account: Account?
  public var requiresOpenaiAuth: Bool
  public var workspaceRouting: WorkspaceRouting?

  public init(
    account: Account? = nil, requiresOpenaiAuth: Bool, workspaceRouting: WorkspaceRouting? = nil
  ) {
    self.account = account
    self.requiresOpenaiAuth = requiresOpenaiAuth
    self.workspaceRouting = workspaceRouting
  }
}

public enum Account: Codable, Hashable, Sendable {
  case apiKey
  case chatgpt(ChatgptAccount)
  case amazonBedrock(usesCodexManagedCredentials: Bool)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, usesCodexManagedCredentials
  }

  static let variants = [
    "apiKey", "chatgpt", "amazonBedrock",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "apiKey": self = .apiKey
    case "chatgpt": self = .chatgpt(try ChatgptAccount(from: decoder))
    case "amazonBedrock":
      self = .amazonBedrock(
        usesCodexManagedCredentials: try container.decodeIfPresent(
          Bool.self, forKey: .usesCodexManagedCredentials) ?? false)
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
    case .chatgpt(let value): try value.encode(to: encoder)
    case .amazonBedrock(let value): try container.encode(value, forKey: .usesCodexManagedCredentials)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .apiKey: "apiKey"
    case .chatgpt: "chatgpt"
    case .amazonBedrock: "amazonBedrock"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct ChatgptAccount: Codable, Hashable, Sendable {
  public var email: String?
  public var planType: PlanType

  public init(email: String? = nil, planType: PlanType) {
    self.email = email
    self.planType = planType
  }
}

public struct WorkspaceRouting: Codable, Hashable, Sendable {
  public var accountRoutingOverride: AccountRoutingOverride
  public var backendOrigin: String
  public var chatgptAccountId: String

  public init(
    accountRoutingOverride: AccountRoutingOverride, backendOrigin: String, chatgptAccountId: String
  ) {
    self.accountRoutingOverride = accountRoutingOverride
    self.backendOrigin = backendOrigin
    self.chatgptAccountId = chatgptAccountId
  }
}

public enum AccountRoutingOverride: WireEnum {
  case nOCONSTRAINT, us, usCr
  case unknown(String)

  public static let variants: [(name: String, value: AccountRoutingOverride)] = [
    ("NO_CONSTRAINT", .nOCONSTRAINT), ("us", .us), ("us_cr", .usCr),
  ]

  public static func unlisted(_ name: String) -> AccountRoutingOverride { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
