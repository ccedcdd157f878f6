import StetJSON

/// Who answers approval requests.
public enum ApprovalsReviewer: WireEnum {
  case user, autoReview, guardianSubagent
  case unknown(String)

  public static let variants: [(name: String, value: ApprovalsReviewer)] = [
    ("user", .user), ("auto_review", .autoReview), ("guardian_subagent", .guardianSubagent),
  ]

  public static func unlisted(_ name: String) -> ApprovalsReviewer { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum Personality: WireEnum {
  case none, friendly, pragmatic
  case unknown(String)

  public static let variants: [(name: String, value: Personality)] = [
    ("none", .none), ("friendly", .friendly), ("pragmatic", .pragmatic),
  ]

  public static func unlisted(_ name: String) -> Personality { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum ThreadStartSource: WireEnum {
  case startup, clear
  case unknown(String)

  public static let variants: [(name: String, value: ThreadStartSource)] = [
    ("startup", .startup), ("clear", .clear),
  ]

  public static func unlisted(_ name: String) -> ThreadStartSource { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
