import StetJSON

/// The answer to a file change approval.
public enum FileChangeApprovalDecision: Hashable, Sendable {
  case accept
  /// The same paths need not ask again in this session.
  case acceptForSession
  /// Not this change; the turn goes on.
  case decline
  /// Not this change, and stop the turn.
  case cancel
  /// stet: a decision for every hunk (protocol.md §7.1).
  case stetReview(StetReviewDecision)
  case unknown(JSONValue)

  static let variants = ["accept", "acceptForSession", "decline", "cancel"]
}

extension FileChangeApprovalDecision: Codable {
  private enum CodingKeys: String, CodingKey { case stetReview }

  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    switch value {
    case "accept": self = .accept
    case "acceptForSession": self = .acceptForSession
    case "decline": self = .decline
    case "cancel": self = .cancel
    case .object(let object) where object["stetReview"] != nil:
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self = .stetReview(try container.decode(StetReviewDecision.self, forKey: .stetReview))
    default:
      let name = value.stringValue ?? value.objectValue?.keys.first ?? value.text
      try Strictness.refuse(name, Self.variants, at: decoder.codingPath)
      self = .unknown(value)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .accept: try JSONValue.string("accept").encode(to: encoder)
    case .acceptForSession: try JSONValue.string("acceptForSession").encode(to: encoder)
    case .decline: try JSONValue.string("decline").encode(to: encoder)
    case .cancel: try JSONValue.string("cancel").encode(to: encoder)
    case .unknown(let value): try value.encode(to: encoder)
    case .stetReview(let review):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(review, forKey: .stetReview)
    }
  }
}

/// The answer to `item/fileChange/requestApproval`.
public struct FileChangeRequestApprovalResponse: Codable, Hashable, Sendable {
  public var decision: FileChangeApprovalDecision
  /// stet: a word to the model beside a plain decision.
  @OmitIfNil public var stet: StetDecisionNote?

  public init(decision: FileChangeApprovalDecision, stet: StetDecisionNote? = nil) {
    self.decision = decision
    self.stet = stet
  }
}

/// What the user says to the model beside a plain decision.
public struct StetDecisionNote: Codable, Hashable, Sendable {
  public var message: String?

  public init(message: String? = nil) { self.message = message }
}
