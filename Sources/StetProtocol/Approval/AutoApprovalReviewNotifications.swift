import StetJSON

/// `item/autoApprovalReview/started`: A model began to judge an approval request.
public struct ItemGuardianApprovalReviewStartedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var startedAtMs: Int
  public var reviewId: String
  public var targetItemId: String?
  public var review: GuardianApprovalReview
  public var action: JSONValue

  public init(
    threadId: String, turnId: String, startedAtMs: Int, reviewId: String, targetItemId: String? = nil,
    review: GuardianApprovalReview, action: JSONValue
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.startedAtMs = startedAtMs
    self.reviewId = reviewId
    self.targetItemId = targetItemId
    self.review = review
    self.action = action
  }
}

public struct GuardianApprovalReview: Codable, Hashable, Sendable {
  public var status: GuardianApprovalReviewStatus
  public var riskLevel: GuardianRiskLevel?
  public var userAuthorization: GuardianUserAuthorization?
  public var rationale: String?

  public init(
    status: GuardianApprovalReviewStatus, riskLevel: GuardianRiskLevel? = nil,
    userAuthorization: GuardianUserAuthorization? = nil, rationale: String? = nil
  ) {
    self.status = status
    self.riskLevel = riskLevel
    self.userAuthorization = userAuthorization
    self.rationale = rationale
  }
}

public enum GuardianRiskLevel: WireEnum {
  case low, medium, high, critical
  case unknown(String)

  public static let variants: [(name: String, value: GuardianRiskLevel)] = [
    ("low", .low), ("medium", .medium), ("high", .high), ("critical", .critical),
  ]

  public static func unlisted(_ name: String) -> GuardianRiskLevel { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum GuardianApprovalReviewStatus: WireEnum {
  case inProgress, approved, denied, timedOut, aborted
  case unknown(String)

  public static let variants: [(name: String, value: GuardianApprovalReviewStatus)] = [
    ("inProgress", .inProgress), ("approved", .approved), ("denied", .denied), ("timedOut", .timedOut),
    ("aborted", .aborted),
  ]

  public static func unlisted(_ name: String) -> GuardianApprovalReviewStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum GuardianUserAuthorization: WireEnum {
  case unknown, low, medium, high
  case other(String)

  public static let variants: [(name: String, value: GuardianUserAuthorization)] = [
    ("unknown", .unknown), ("low", .low), ("medium", .medium), ("high", .high),
  ]

  public static func unlisted(_ name: String) -> GuardianUserAuthorization { .other(name) }
  public var unlistedName: String? { if case .other(let name) = self { name } else { nil } }
}

/// `item/autoApprovalReview/completed`: A model judged an approval request.
public struct ItemGuardianApprovalReviewCompletedNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var turnId: String
  public var startedAtMs: Int
  public var completedAtMs: Int
  public var reviewId: String
  public var targetItemId: String?
  public var decisionSource: AutoReviewDecisionSource
  public var review: GuardianApprovalReview
  public var action: JSONValue

  public init(
    threadId: String, turnId: String, startedAtMs: Int, completedAtMs: Int, reviewId: String,
    targetItemId: String? = nil, decisionSource: AutoReviewDecisionSource,
    review: GuardianApprovalReview, action: JSONValue
  ) {
    self.threadId = threadId
    self.turnId = turnId
    self.startedAtMs = startedAtMs
    self.completedAtMs = completedAtMs
    self.reviewId = reviewId
    self.targetItemId = targetItemId
    self.decisionSource = decisionSource
    self.review = review
    self.action = action
  }
}

public enum AutoReviewDecisionSource: WireEnum {
  case agent
  case unknown(String)

  public static let variants: [(name: String, value: AutoReviewDecisionSource)] = [
    ("agent", .agent)
  ]

  public static func unlisted(_ name: String) -> AutoReviewDecisionSource { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `guardianWarning`: A warning of the model that judges approvals.
public struct GuardianWarningNotification: Codable, Hashable, Sendable {
  public var threadId: String
  public var message: String

  public init(threadId: String, message: String) {
    self.threadId = threadId
    self.message = message
  }
}
