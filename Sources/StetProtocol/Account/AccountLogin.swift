import StetJSON

/// `account/login/start`: Begins a log-in.
public enum LoginAccountParams: ClientCall {
  public typealias Response = LoginAccountResponse
  public static let method = "account/login/start"

  case apiKey(apiKey: String)
  case chatgpt(ChatgptLoginAccountParams)
  case chatgptDeviceCode
  case chatgptAuthTokens(ChatgptAuthTokensLoginAccountParams)
  case amazonBedrock(AmazonBedrockLoginAccountParams)
  case amazonBedrockAccessKeys(AmazonBedrockAccessKeysLoginAccountParams)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, apiKey
  }

  static let variants = [
    "apiKey", "chatgpt", "chatgptDeviceCode", "chatgptAuthTokens", "amazonBedrock",
    "amazonBedrockAccessKeys",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "apiKey":
      self = .apiKey(
        apiKey: try container.decode(String.self, forKey: .apiKey))
    case "chatgpt": self = .chatgpt(try ChatgptLoginAccountParams(from: decoder))
    case "chatgptDeviceCode": self = .chatgptDeviceCode
    case "chatgptAuthTokens":
      self = .chatgptAuthTokens(try ChatgptAuthTokensLoginAccountParams(from: decoder))
    case "amazonBedrock": self = .amazonBedrock(try AmazonBedrockLoginAccountParams(from: decoder))
    case "amazonBedrockAccessKeys":
      self = .amazonBedrockAccessKeys(try AmazonBedrockAccessKeysLoginAccountParams(from: decoder))
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
    case .apiKey(let value): try container.encode(value, forKey: .apiKey)
    case .chatgpt(let value): try value.encode(to: encoder)
    case .chatgptAuthTokens(let value): try value.encode(to: encoder)
    case .amazonBedrock(let value): try value.encode(to: encoder)
    case .amazonBedrockAccessKeys(let value): try value.encode(to: encoder)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .apiKey: "apiKey"
    case .chatgpt: "chatgpt"
    case .chatgptDeviceCode: "chatgptDeviceCode"
    case .chatgptAuthTokens: "chatgptAuthTokens"
    case .amazonBedrock: "amazonBedrock"
    case .amazonBedrockAccessKeys: "amazonBedrockAccessKeys"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct ChatgptLoginAccountParams: Codable, Hashable, Sendable {
  public var appBrand: LoginAppBrand?
  public var codexStreamlinedLogin: Bool?
  public var useHostedLoginSuccessPage: Bool?

  public init(
    appBrand: LoginAppBrand? = nil, codexStreamlinedLogin: Bool? = nil,
    useHostedLoginSuccessPage: Bool? = nil
  ) {
    self.appBrand = appBrand
    self.codexStreamlinedLogin = codexStreamlinedLogin
    self.useHostedLoginSuccessPage = useHostedLoginSuccessPage
  }
}

public struct ChatgptAuthTokensLoginAccountParams: Codable, Hashable, Sendable {
  public var accessToken: String
  public var chatgptAccountId: String
  public var chatgptPlanType: String?

  public init(accessToken: String, chatgptAccountId: String, chatgptPlanType: String? = nil) {
    self.accessToken = accessToken
    self.chatgptAccountId = chatgptAccountId
    self.chatgptPlanType = chatgptPlanType
  }
}

public struct AmazonBedrockLoginAccountParams: Codable, Hashable, Sendable {
  public var apiKey: String
  public var region: String

  public init(apiKey: String, region: String) {
    self.apiKey = apiKey
    self.region = region
  }
}

public struct AmazonBedrockAccessKeysLoginAccountParams: Codable, Hashable, Sendable {
  public var accessKeyId: String
  public var region: String
  public var secretAccessKey: String
  public var sessionToken: String?

  public init(accessKeyId: String, region: String, secretAccessKey: String, sessionToken: String? = nil) {
    self.accessKeyId = accessKeyId
    self.region = region
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
  }
}

public enum LoginAccountResponse: Codable, Hashable, Sendable {
  case apiKey
  case chatgpt(ChatgptLoginAccountResponse)
  case chatgptDeviceCode(ChatgptDeviceCodeLoginAccountResponse)
  case chatgptAuthTokens
  case amazonBedrock
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type
  }

  static let variants = [
    "apiKey", "chatgpt", "chatgptDeviceCode", "chatgptAuthTokens", "amazonBedrock",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "apiKey": self = .apiKey
    case "chatgpt": self = .chatgpt(try ChatgptLoginAccountResponse(from: decoder))
    case "chatgptDeviceCode":
      self = .chatgptDeviceCode(try ChatgptDeviceCodeLoginAccountResponse(from: decoder))
    case "chatgptAuthTokens": self = .chatgptAuthTokens
    case "amazonBedrock": self = .amazonBedrock
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
    case .chatgptDeviceCode(let value): try value.encode(to: encoder)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .apiKey: "apiKey"
    case .chatgpt: "chatgpt"
    case .chatgptDeviceCode: "chatgptDeviceCode"
    case .chatgptAuthTokens: "chatgptAuthTokens"
    case .amazonBedrock: "amazonBedrock"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct ChatgptLoginAccountResponse: Codable, Hashable, Sendable {
  public var authUrl: String
  public var loginId: String

  public init(authUrl: String, loginId: String) {
    self.authUrl = authUrl
    self.loginId = loginId
  }
}

public struct ChatgptDeviceCodeLoginAccountResponse: Codable, Hashable, Sendable {
  public var loginId: String
  public var userCode: String
  public var verificationUrl: String

  public init(loginId: String, userCode: String, verificationUrl: String) {
    self.loginId = loginId
    self.userCode = userCode
    self.verificationUrl = verificationUrl
  }
}

public enum LoginAppBrand: WireEnum {
  case codex, chatgpt
  case unknown(String)

  public static let variants: [(name: String, value: LoginAppBrand)] = [
    ("codex", .codex), ("chatgpt", .chatgpt),
  ]

  public static func unlisted(_ name: String) -> LoginAppBrand { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `account/login/cancel`: Ends a log-in that is under way.
public struct CancelLoginAccountParams: ClientCall {
  public typealias Response = CancelLoginAccountResponse
  public static let method = "account/login/cancel"

  public var loginId: String

  public init(loginId: String) {
    self.loginId = loginId
  }
}

public struct CancelLoginAccountResponse: Codable, Hashable, Sendable {
  public var status: CancelLoginAccountStatus

  public init(status: CancelLoginAccountStatus) {
    self.status = status
  }
}

public enum CancelLoginAccountStatus: WireEnum {
  case canceled, notFound
  case unknown(String)

  public static let variants: [(name: String, value: CancelLoginAccountStatus)] = [
    ("canceled", .canceled), ("notFound", .notFound),
  ]

  public static func unlisted(_ name: String) -> CancelLoginAccountStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `account/logout`: Logs out.
public struct LogoutAccountParams: ParameterlessCall {
  public typealias Response = EmptyResponse
  public static let method = "account/logout"

  public init() {}
}
