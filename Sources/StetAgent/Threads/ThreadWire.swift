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
      environments: [
        ThreadEnvironment(
          environmentId: "local", cwd: settings.cwd, runtimeWorkspaceRoots: settings.workspaceRoots)
      ],
      sessionId: meta.id, forkedFromId: meta.forkedFromId, preview: summary?.preview ?? "",
      ephemeral: meta.ephemeral, historyMode: .paginated, modelProvider: settings.modelProvider,
      model: settings.model, reasoningEffort: settings.effort, createdAt: created,
      updatedAt: summary.map { Int($0.updatedAt) } ?? created,
      recencyAt: summary.map { Int($0.recencyAt) } ?? created, status: status,
      path: meta.ephemeral ? nil : path, cwd: settings.cwd, cliVersion: meta.cliVersion,
      originator: summary?.originator, source: meta.source, canAcceptDirectInput: true, gitInfo: nil,
      name: summary?.name, turns: turns)
  }

  /// A row of `thread/list`.
  static func row(_ summary: ThreadSummary, status: ThreadStatus) -> StetProtocol.Thread {
    StetProtocol.Thread(
      id: summary.id, sessionId: summary.id, preview: summary.preview, ephemeral: false,
      historyMode: .paginated,
      modelProvider: summary.modelProvider, model: summary.model, reasoningEffort: summary.reasoningEffort,
      createdAt: Int(summary.createdAt), updatedAt: Int(summary.updatedAt), recencyAt: Int(summary.recencyAt),
      status: status, path: summary.path, cwd: summary.cwd, cliVersion: summary.cliVersion,
      originator: summary.originator, source: source(summary.source), gitInfo: git(summary),
      name: summary.name,
      turns: [])
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

  private static func git(_ summary: ThreadSummary) -> GitInfo? {
    guard summary.gitSha != nil || summary.gitBranch != nil || summary.gitOriginURL != nil else { return nil }
    return GitInfo(sha: summary.gitSha, branch: summary.gitBranch, originUrl: summary.gitOriginURL)
  }
}
