import StetJSON

/// A thread as clients see it. Times are Unix seconds.
public struct Thread: Codable, Hashable, Sendable {
  public var id: String
  /// Nil when the thread is not loaded.
  public var environments: [ThreadEnvironment]?
  public var extra: JSONValue?
  /// Equal to `id` except for sub-agents.
  public var sessionId: String
  /// Nil in the rows of `thread/list`.
  public var forkedFromId: String?
  public var parentThreadId: String?
  /// The first text of the user, empty before it.
  public var preview: String
  public var ephemeral: Bool
  public var section: JSONValue?
  public var sectionEnteredAt: Int?
  public var projectId: String?
  @Defaulted public var historyMode: ThreadHistoryMode
  public var modelProvider: String
  public var model: String?
  public var reasoningEffort: String?
  public var createdAt: Int
  public var updatedAt: Int
  public var recencyAt: Int?
  public var status: ThreadStatus
  /// The file of the thread; nil if ephemeral.
  public var path: String?
  public var cwd: String
  public var cliVersion: String
  public var originator: String?
  public var source: SessionSource
  public var canAcceptDirectInput: Bool?
  public var threadSource: String?
  public var agentNickname: String?
  public var agentRole: String?
  public var gitInfo: GitInfo?
  public var name: String?
  public var daybreakEnabled: Bool?
  /// Empty except in resume and fork without `excludeTurns` and in read with `includeTurns`.
  public var turns: [Turn]

  public init(
    id: String, environments: [ThreadEnvironment]? = nil, extra: JSONValue? = nil, sessionId: String,
    forkedFromId: String? = nil, parentThreadId: String? = nil, preview: String, ephemeral: Bool,
    section: JSONValue? = nil, sectionEnteredAt: Int? = nil, projectId: String? = nil,
    historyMode: ThreadHistoryMode = .legacy, modelProvider: String, model: String? = nil,
    reasoningEffort: String? = nil, createdAt: Int, updatedAt: Int, recencyAt: Int? = nil,
    status: ThreadStatus, path: String? = nil, cwd: String, cliVersion: String,
    originator: String? = nil, source: SessionSource, canAcceptDirectInput: Bool? = nil,
    threadSource: String? = nil, agentNickname: String? = nil, agentRole: String? = nil,
    gitInfo: GitInfo? = nil, name: String? = nil, daybreakEnabled: Bool? = nil, turns: [Turn]
  ) {
    self.id = id
    self.environments = environments
    self.extra = extra
    self.sessionId = sessionId
    self.forkedFromId = forkedFromId
    self.parentThreadId = parentThreadId
    self.preview = preview
    self.ephemeral = ephemeral
    self.section = section
    self.sectionEnteredAt = sectionEnteredAt
    self.projectId = projectId
    self.historyMode = historyMode
    self.modelProvider = modelProvider
    self.model = model
    self.reasoningEffort = reasoningEffort
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.recencyAt = recencyAt
    self.status = status
    self.path = path
    self.cwd = cwd
    self.cliVersion = cliVersion
    self.originator = originator
    self.source = source
    self.canAcceptDirectInput = canAcceptDirectInput
    self.threadSource = threadSource
    self.agentNickname = agentNickname
    self.agentRole = agentRole
    self.gitInfo = gitInfo
    self.name = name
    self.daybreakEnabled = daybreakEnabled
    self.turns = turns
  }
}

/// Where a loaded thread works.
public struct ThreadEnvironment: Codable, Hashable, Sendable {
  public var environmentId: String
  public var cwd: String
  public var runtimeWorkspaceRoots: [String]

  public init(environmentId: String, cwd: String, runtimeWorkspaceRoots: [String]) {
    self.environmentId = environmentId
    self.cwd = cwd
    self.runtimeWorkspaceRoots = runtimeWorkspaceRoots
  }
}

/// The state of the repository when a thread began.
public struct GitInfo: Codable, Hashable, Sendable {
  public var sha: String?
  public var branch: String?
  public var originUrl: String?

  public init(sha: String? = nil, branch: String? = nil, originUrl: String? = nil) {
    self.sha = sha
    self.branch = branch
    self.originUrl = originUrl
  }
}

public enum ThreadHistoryMode: WireEnum, HasDefault {
  case legacy, paginated
  case unknown(String)

  public static let variants: [(name: String, value: ThreadHistoryMode)] = [
    ("legacy", .legacy), ("paginated", .paginated),
  ]
  public static var absent: ThreadHistoryMode { .legacy }

  public static func unlisted(_ name: String) -> ThreadHistoryMode { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
