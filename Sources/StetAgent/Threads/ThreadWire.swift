import StetProtocol
import StetStore

/// Threads as the protocol shows them.
enum ThreadWire {
  static func thread(
    _ meta: ThreadMeta, _ settings: TurnSettings, summary: ThreadSummary?, path: String?,
    status: ThreadStatus,
    turns: [Turn]
  ) -> StetProtocol.Thread {
    let created = Int(meta.createdAtMs / 1_000)
    return StetProtocol.Thread(
      id: meta.id,
      environments: [settings.wirePlace],
      sessionId: meta.id, forkedFromId: meta.forkedFromId, preview: summary?.preview ?? "",
      ephemeral: meta.ephemeral, historyMode: .paginated, modelProvider: settings.modelProvider,
      model: settings.model, reasoningEffort: settings.effort, createdAt: created,
      updatedAt: summary.map { Int($0.updatedAt) } ?? created,
      recencyAt: summary.map { Int($0.recencyAt) } ?? created, status: status,
      path: meta.ephemeral ? nil : path, cwd: settings.cwd, cliVersion: meta.cliVersion,
      originator: summary?.originator, source: meta.source, canAcceptDirectInput: true,
      gitInfo: summary.flatMap(git), name: summary?.name, daybreakEnabled: summary?.daybreakEnabled,
      turns: turns)
  }

  /// A row of `thread/list`.
  ///
  /// - Parameter place: of a loaded thread.
  static func row(
    _ summary: ThreadSummary, status: ThreadStatus, place: ThreadEnvironment? = nil
  ) -> StetProtocol.Thread {
    StetProtocol.Thread(
      id: summary.id, environments: place.map { [$0] }, sessionId: summary.id, preview: summary.preview,
      ephemeral: false,
      historyMode: .paginated,
      modelProvider: summary.modelProvider, model: summary.model, reasoningEffort: summary.reasoningEffort,
      createdAt: Int(summary.createdAt), updatedAt: Int(summary.updatedAt), recencyAt: Int(summary.recencyAt),
      status: status, path: summary.path, cwd: summary.cwd, cliVersion: summary.cliVersion,
      originator: summary.originator, source: source(summary.source), gitInfo: git(summary),
      name: summary.name, daybreakEnabled: summary.daybreakEnabled, turns: [])
  }

  static func source(_ name: String) -> SessionSource {
    switch name {
    case "cli": .cli
    case "vscode": .vscode
    case "exec": .exec
    case "appServer": .appServer
    case "unknown": .unknown
    default: .custom(name)
    }
  }

  static func name(_ source: SessionSource) -> String {
    source.jsonValue.stringValue ?? source.jsonValue["custom"]?.stringValue ?? "unknown"
  }

  /// A thread as old clients see it.
  static func conversation(_ summary: ThreadSummary) -> ConversationSummary {
    ConversationSummary(
      conversationId: summary.id, path: summary.path, preview: summary.preview,
      timestamp: ThreadFiles.timestamp(ms: summary.createdAtMs),
      updatedAt: ThreadFiles.timestamp(ms: summary.updatedAtMs), modelProvider: summary.modelProvider,
      cwd: summary.cwd, cliVersion: summary.cliVersion, source: source(summary.source),
      gitInfo: git(summary).map {
        ConversationGitInfo(sha: $0.sha, branch: $0.branch, originUrl: $0.originUrl)
      })
  }

  /// The stored sources that a client asks for; without a choice those in which a user takes part.
  static func sources(_ kinds: [ThreadSourceKind]?) -> [String] {
    guard let kinds, !kinds.isEmpty else { return ["cli", "vscode"] }
    return kinds.map(\.name)
  }

  static func sortKey(_ name: String?) -> ThreadQuery.SortKey {
    name.flatMap(ThreadQuery.SortKey.init) ?? .createdAt
  }

  private static func git(_ summary: ThreadSummary) -> GitInfo? {
    guard summary.gitSha != nil || summary.gitBranch != nil || summary.gitOriginURL != nil else { return nil }
    return GitInfo(sha: summary.gitSha, branch: summary.gitBranch, originUrl: summary.gitOriginURL)
  }
}

extension TurnSettings {
  /// The one environment of a thread, as clients see it.
  var wirePlace: ThreadEnvironment {
    ThreadEnvironment(environmentId: "local", cwd: cwd, runtimeWorkspaceRoots: workspaceRoots)
  }
}
