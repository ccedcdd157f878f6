import StetJSON

/// `account/updated`: The account in use changed.
public struct AccountUpdatedNotification: Codable, Hashable, Sendable {
  public var authMode: AuthMode?
  public var planType: PlanType?

  public init(authMode: AuthMode? = nil, planType: PlanType? = nil) {
    self.authMode = authMode
    self.planType = planType
  }
}

public enum AuthMode: WireEnum {
  case apikey, chatgpt, chatgptAuthTokens, headers, agentIdentity, personalAccessToken, bedrockApiKey,
    bedrockAccessKeys
  case unknown(String)

  public static let variants: [(name: String, value: AuthMode)] = [
    ("apikey", .apikey), ("chatgpt", .chatgpt), ("chatgptAuthTokens", .chatgptAuthTokens),
    ("headers", .headers), ("agentIdentity", .agentIdentity),
    ("personalAccessToken", .personalAccessToken), ("bedrockApiKey", .bedrockApiKey),
    ("bedrockAccessKeys", .bedrockAccessKeys),
  ]

  public static func unlisted(_ name: String) -> AuthMode { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `account/login/completed`: A log-in ended.
public struct AccountLoginCompletedNotification: Codable, Hashable, Sendable {
  public var success: Bool
  public var error: String?
  public var loginId: String?
  public var onboardingEntrypoint: DesktopOnboardingEntrypoint?

  public init(
    success: Bool, error: String? = nil, loginId: String? = nil,
    onboardingEntrypoint: DesktopOnboardingEntrypoint? = nil
  ) {
    self.success = success
    self.error = error
    self.loginId = loginId
    self.onboardingEntrypoint = onboardingEntrypoint
  }
}

public enum DesktopOnboardingEntrypoint: WireEnum {
  case lifeSciences
  case unknown(String)

  public static let variants: [(name: String, value: DesktopOnboardingEntrypoint)] = [
    ("life_sciences", .lifeSciences)
  ]

  public static func unlisted(_ name: String) -> DesktopOnboardingEntrypoint { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `account/rateLimits/updated`: Rate limits; follows every model response.
public struct AccountRateLimitsUpdatedNotification: Codable, Hashable, Sendable {
  public var rateLimits: RateLimitSnapshot

  public init(rateLimits: RateLimitSnapshot) {
    self.rateLimits = rateLimits
  }
}

/// `remoteControl/status/changed`: State of remote control; one arrives soon after `initialize`.
public struct RemoteControlStatusChangedNotification: Codable, Hashable, Sendable {
  public var status: RemoteControlConnectionStatus
  public var serverName: String
  public var installationId: String
  public var environmentId: String?

  public init(
    status: RemoteControlConnectionStatus, serverName: String, installationId: String,
    environmentId: String? = nil
  ) {
    self.status = status
    self.serverName = serverName
    self.installationId = installationId
    self.environmentId = environmentId
  }
}

public enum RemoteControlConnectionStatus: WireEnum {
  case disabled, connecting, connected, errored
  case unknown(String)

  public static let variants: [(name: String, value: RemoteControlConnectionStatus)] = [
    ("disabled", .disabled), ("connecting", .connecting), ("connected", .connected),
    ("errored", .errored),
  ]

  public static func unlisted(_ name: String) -> RemoteControlConnectionStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
