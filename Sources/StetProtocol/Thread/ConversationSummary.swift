import StetJSON

/// `getConversationSummary`: The facts of one thread; an old method. One of the two names the thread.
public struct GetConversationSummaryParams: ClientCall {
  public typealias Response = GetConversationSummaryResponse
  public static let method = "getConversationSummary"

  public var conversationId: String?
  public var rolloutPath: String?

  public init(conversationId: String? = nil, rolloutPath: String? = nil) {
    self.conversationId = conversationId
    self.rolloutPath = rolloutPath
  }
}

public struct GetConversationSummaryResponse: Codable, Hashable, Sendable {
  public var summary: ConversationSummary

  public init(summary: ConversationSummary) {
    self.summary = summary
  }
}

/// A thread as old clients see it. Times are ISO 8601.
public struct ConversationSummary: Codable, Hashable, Sendable {
  public var conversationId: String
  public var path: String
  public var preview: String
  public var timestamp: String?
  public var updatedAt: String?
  public var modelProvider: String
  public var cwd: String
  public var cliVersion: String
  public var source: SessionSource
  public var gitInfo: ConversationGitInfo?

  public init(
    conversationId: String, path: String, preview: String, timestamp: String?, updatedAt: String?,
    modelProvider: String, cwd: String, cliVersion: String, source: SessionSource,
    gitInfo: ConversationGitInfo?
  ) {
    self.conversationId = conversationId
    self.path = path
    self.preview = preview
    self.timestamp = timestamp
    self.updatedAt = updatedAt
    self.modelProvider = modelProvider
    self.cwd = cwd
    self.cliVersion = cliVersion
    self.source = source
    self.gitInfo = gitInfo
  }
}

/// `GitInfo` as old clients spell it.
public struct ConversationGitInfo: Codable, Hashable, Sendable {
  public var sha: String?
  public var branch: String?
  public var originUrl: String?

  private enum CodingKeys: String, CodingKey {
    case sha, branch
    case originUrl = "origin_url"
  }

  public init(sha: String?, branch: String?, originUrl: String?) {
    self.sha = sha
    self.branch = branch
    self.originUrl = originUrl
  }
}

/// `gitDiffToRemote`: What the working tree has that the remote has not; an old method.
public struct GitDiffToRemoteParams: ClientCall {
  public typealias Response = GitDiffToRemoteResponse
  public static let method = "gitDiffToRemote"

  public var cwd: String

  public init(cwd: String) {
    self.cwd = cwd
  }
}

public struct GitDiffToRemoteResponse: Codable, Hashable, Sendable {
  public var sha: String
  public var diff: String

  public init(sha: String, diff: String) {
    self.sha = sha
    self.diff = diff
  }
}
