import StetJSON

public enum PlanType: WireEnum {
  case free, go, plus, pro, prolite, promax, team, selfServeBusinessProlite,
    selfServeBusinessUsageBased, business, ent26, enterpriseCbpAutomation, enterpriseCbpUsageBased,
    enterprise, edu, eduPlus, eduPro, unknown
  case other(String)

  public static let variants: [(name: String, value: PlanType)] = [
    ("free", .free), ("go", .go), ("plus", .plus), ("pro", .pro), ("prolite", .prolite),
    ("promax", .promax), ("team", .team), ("self_serve_business_prolite", .selfServeBusinessProlite),
    ("self_serve_business_usage_based", .selfServeBusinessUsageBased), ("business", .business),
    ("ent26", .ent26), ("enterprise_cbp_automation", .enterpriseCbpAutomation),
    ("enterprise_cbp_usage_based", .enterpriseCbpUsageBased), ("enterprise", .enterprise),
    ("edu", .edu), ("edu_plus", .eduPlus), ("edu_pro", .eduPro), ("unknown", .unknown),
  ]

  public static func unlisted(_ name: String) -> PlanType { .other(name) }
  public var unlistedName: String? { if case .other(let name) = self { name } else { nil } }
}

/// Rate limits; all nil without an account.
public struct RateLimitSnapshot: Codable, Hashable, Sendable {
  public var limitId: String?
  public var limitName: String?
  public var normalModelSlug: String?
  public var primary: RateLimitWindow?
  public var secondary: RateLimitWindow?
  public var credits: CreditsSnapshot?
  public var individualLimit: SpendControlLimitSnapshot?
  public var spendControlReached: Bool?
  public var planType: PlanType?
  public var rateLimitReachedType: RateLimitReachedType?

  public init(
    limitId: String? = nil, limitName: String? = nil, normalModelSlug: String? = nil,
    primary: RateLimitWindow? = nil, secondary: RateLimitWindow? = nil,
    credits: CreditsSnapshot? = nil, individualLimit: SpendControlLimitSnapshot? = nil,
    spendControlReached: Bool? = nil, planType: PlanType? = nil,
    rateLimitReachedType: RateLimitReachedType? = nil
  ) {
    self.limitId = limitId
    self.limitName = limitName
    self.normalModelSlug = normalModelSlug
    self.primary = primary
    self.secondary = secondary
    self.credits = credits
    self.individualLimit = individualLimit
    self.spendControlReached = spendControlReached
    self.planType = planType
    self.rateLimitReachedType = rateLimitReachedType
  }
}

public struct CreditsSnapshot: Codable, Hashable, Sendable {
  public var hasCredits: Bool
  public var unlimited: Bool
  public var balance: String?

  public init(hasCredits: Bool, unlimited: Bool, balance: String? = nil) {
    self.hasCredits = hasCredits
    self.unlimited = unlimited
    self.balance = balance
  }
}

public struct SpendControlLimitSnapshot: Codable, Hashable, Sendable {
  public var limit: String
  public var remainingPercent: Int
  public var resetsAt: Int
  public var used: String

  public init(limit: String, remainingPercent: Int, resetsAt: Int, used: String) {
    self.limit = limit
    self.remainingPercent = remainingPercent
    self.resetsAt = resetsAt
    self.used = used
  }
}

public struct RateLimitWindow: Codable, Hashable, Sendable {
  public var usedPercent: Int
  public var resetsAt: Int?
  public var windowDurationMins: Int?

  public init(usedPercent: Int, resetsAt: Int? = nil, windowDurationMins: Int? = nil) {
    self.usedPercent = usedPercent
    self.resetsAt = resetsAt
    self.windowDurationMins = windowDurationMins
  }
}

public enum RateLimitReachedType: WireEnum {
  case rateLimitReached, workspaceOwnerCreditsDepleted, workspaceMemberCreditsDepleted,
    workspaceOwnerUsageLimitReached, workspaceMemberUsageLimitReached
  case unknown(String)

  public static let variants: [(name: String, value: RateLimitReachedType)] = [
    ("rate_limit_reached", .rateLimitReached),
    ("workspace_owner_credits_depleted", .workspaceOwnerCreditsDepleted),
    ("workspace_member_credits_depleted", .workspaceMemberCreditsDepleted),
    ("workspace_owner_usage_limit_reached", .workspaceOwnerUsageLimitReached),
    ("workspace_member_usage_limit_reached", .workspaceMemberUsageLimitReached),
  ]

  public static func unlisted(_ name: String) -> RateLimitReachedType { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
