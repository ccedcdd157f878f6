import StetJSON

/// `account/rateLimits/read`: Reads the rate limits of the account.
public struct GetAccountRateLimitsParams: ParameterlessCall {
  public typealias Response = GetAccountRateLimitsResponse
  public static let method = "account/rateLimits/read"

  public init() {}
}

public struct GetAccountRateLimitsResponse: Codable, Hashable, Sendable {
  public var rateLimits: RateLimitSnapshot
  public var accountId: String?
  public var ordinaryUsageAllowed: Bool?
  public var rateLimitResetCredits: JSONValue?
  @OmitIfNil public var rateLimitUpsell: JSONValue?
  public var rateLimitsByLimitId: [String: RateLimitSnapshot]?

  public init(
    rateLimits: RateLimitSnapshot, accountId: String? = nil, ordinaryUsageAllowed: Bool? = nil,
    rateLimitResetCredits: JSONValue? = nil, rateLimitUpsell: JSONValue? = nil,
    rateLimitsByLimitId: [String: RateLimitSnapshot]? = nil
  ) {
    self.rateLimits = rateLimits
    self.accountId = accountId
    self.ordinaryUsageAllowed = ordinaryUsageAllowed
    self.rateLimitResetCredits = rateLimitResetCredits
    self.rateLimitUpsell = rateLimitUpsell
    self.rateLimitsByLimitId = rateLimitsByLimitId
  }
}
