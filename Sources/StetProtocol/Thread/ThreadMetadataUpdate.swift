import StetJSON

/// `thread/metadata/update`: Changes stored facts about a thread. At least one must be given.
public struct ThreadMetadataUpdateParams: ClientCall {
  public typealias Response = ThreadMetadataUpdateResponse
  public static let method = "thread/metadata/update"

  public var threadId: String
  public var daybreakEnabled: Bool?
  public var gitInfo: ThreadMetadataGitInfoUpdateParams?
  public var projectId: String?

  public init(
    threadId: String, daybreakEnabled: Bool? = nil, gitInfo: ThreadMetadataGitInfoUpdateParams? = nil,
    projectId: String? = nil
  ) {
    self.threadId = threadId
    self.daybreakEnabled = daybreakEnabled
    self.gitInfo = gitInfo
    self.projectId = projectId
  }
}

public struct ThreadMetadataUpdateResponse: Codable, Hashable, Sendable {
  public var thread: Thread

  public init(thread: Thread) {
    self.thread = thread
  }
}

public struct ThreadMetadataGitInfoUpdateParams: Codable, Hashable, Sendable {
  public var branch: Settable<String>
  public var originUrl: Settable<String>
  public var sha: Settable<String>

  public init(
    branch: Settable<String> = .keep, originUrl: Settable<String> = .keep, sha: Settable<String> = .keep
  ) {
    self.branch = branch
    self.originUrl = originUrl
    self.sha = sha
  }
}

/// `thread/name/set`: Names a thread. The name is trimmed and must not be blank.
public struct ThreadSetNameParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "thread/name/set"

  public var threadId: String
  public var name: String

  public init(threadId: String, name: String) {
    self.threadId = threadId
    self.name = name
  }
}

/// `thread/readState/update`: Marks a thread as read or unread.
public struct ThreadReadStateUpdateParams: ClientCall {
  public typealias Response = ThreadReadStateUpdateResponse
  public static let method = "thread/readState/update"

  public var threadId: String
  public var expectedRevision: String
  public var operation: ThreadReadStateOperation

  public init(threadId: String, expectedRevision: String, operation: ThreadReadStateOperation) {
    self.threadId = threadId
    self.expectedRevision = expectedRevision
    self.operation = operation
  }
}

public struct ThreadReadStateUpdateResponse: Codable, Hashable, Sendable {
  public var readState: ThreadReadState

  public init(readState: ThreadReadState) {
    self.readState = readState
  }
}

public enum ThreadReadStateOperation: Codable, Hashable, Sendable {
  case read
  case unread
  case unknown(JSONValue)

  private enum CodingKeys: String, CodingKey {
    case type
  }

  static let variants = [
    "read", "unread",
  ]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tag = try container.decode(String.self, forKey: .type)
    switch tag {
    case "read": self = .read
    case "unread": self = .unread
    default:
      try Strictness.refuse(tag, Self.variants, at: decoder.codingPath)
      self = .unknown(try JSONValue(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .unknown(let value) = self { return try value.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tag, forKey: .type)
  }

  /// The name of the variant on the wire.
  var tag: String {
    switch self {
    case .read: "read"
    case .unread: "unread"
    case .unknown(let value): value["type"]?.stringValue ?? ""
    }
  }
}
