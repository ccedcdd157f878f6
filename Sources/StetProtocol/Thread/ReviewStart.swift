import StetJSON

/// `review/start`: Starts a turn in which the model reviews changes.
public struct ReviewStartParams: ClientCall {
  public typealias Response = ReviewStartResponse
  public static let method = "review/start"

  public var threadId: String
  public var target: ReviewTarget
  public var delivery: ReviewDelivery?

  public init(threadId: String, target: ReviewTarget, delivery: ReviewDelivery? = nil) {
    self.threadId = threadId
    self.target = target
    self.delivery = delivery
  }
}

public struct ReviewStartResponse: Codable, Hashable, Sendable {
  public var turn: Turn
  public var reviewThreadId: String

  public init(turn: Turn, reviewThreadId: String) {
    self.turn = turn
    self.reviewThreadId = reviewThreadId
  }
}

public enum ReviewDelivery: WireEnum {
  case inline, detached
  case unknown(String)

  public static let variants: [(name: String, value: ReviewDelivery)] = [
    ("inline", .inline), ("detached", .detached),
  ]

  public static func unlisted(_ name: String) -> ReviewDelivery { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum ReviewTarget: Codable, Hashable, Sendable {
  case uncommittedChanges
  case baseBranch(branch: String)
  case commit(CommitReviewTarget)
  case custom(instructions: String)
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type, branch, instructions
  }

  static let variants = [
    "uncommittedChanges", "baseBranch", "commit", "custom",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "uncommittedChanges": self = .uncommittedChanges
    case "baseBranch":
      self = .baseBranch(
        branch: try container.decode(String.self, forKey: .branch))
    case "commit": self = .commit(try CommitReviewTarget(from: decoder))
    case "custom":
      self = .custom(
        instructions: try container.decode(String.self, forKey: .instructions))
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
    case .baseBranch(let value): try container.encode(value, forKey: .branch)
    case .commit(let value): try value.encode(to: encoder)
    case .custom(let value): try container.encode(value, forKey: .instructions)
    default: break
    }
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .uncommittedChanges: "uncommittedChanges"
    case .baseBranch: "baseBranch"
    case .commit: "commit"
    case .custom: "custom"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}

public struct CommitReviewTarget: Codable, Hashable, Sendable {
  public var sha: String
  public var title: String?

  public init(sha: String, title: String? = nil) {
    self.sha = sha
    self.title = title
  }
}
