import StetConfig
import StetProtocol
import StetWorkspace

/// What a session takes from the agent: the outside world and what all threads share.
struct SessionServices: Sendable {
  let environment: AgentEnvironment
  let sink: any ThreadEventSink
  let resolver: ModelResolver
  let windows: WindowProbe
  let processMemory: ToolMemory
  let snapshotStores: SnapshotStores
  let histories: HistoryStore
  /// Where histories are read: neither turns nor other work on files wait for it (A8).
  let historyThread: WorkspaceThread

  /// The encoded prompts of the threads that are at work.
  let wireCache = WireCache()

  var clock: AgentClock { environment.clock }

  /// Lets the index of a thread's history follow its log, and packs what it has grown by, in the background.
  func followLog(of thread: String, _ journal: ThreadJournal?) {
    Task {
      do {
        try await historyThread.run { [histories] in
          _ = try histories.catchUp(thread)
          journal?.pack()
        }
      } catch {
        environment.log.error("following the log of a thread: \(error)")
      }
    }
  }

  /// The client that speaks the provider's wire.
  func client() -> any ModelClient {
    if let override = environment.modelClientOverride { return override }
    var client = WireClient(
      http: environment.http, environment: environment.processEnvironment, nowMs: environment.clock.nowMs,
      cache: wireCache)
    if let flags = environment.wireFlags {
      client.metadata = { model, provider in
        var metadata = ModelCatalog.metadata(for: model, provider: provider)
        metadata.flags = flags(metadata, provider)
        return metadata
      }
    }
    return client
  }
}

/// What does not change in the life of a thread.
struct ThreadMeta: Sendable, Hashable {
  let id: String
  let createdAtMs: Int64
  let source: SessionSource
  let cliVersion: String
  let ephemeral: Bool
  /// Replaces the built-in base prompt.
  let baseInstructions: String?
  let developerInstructions: String?
  let forkedFromId: String?
  var approvalsReviewer: ApprovalsReviewer
  /// The `config` of `thread/start`.
  let sessionConfig: JSONObject
  var instructionSources: [String]
  /// Tools that the client runs (`thread/start.dynamicTools`).
  var dynamicTools: [DynamicToolSpec] = []
  /// What the thread's history goes on from, if it is a fork.
  var base: ThreadRecord.Base?
  /// The first of the chain of forks; nil for a thread that is none.
  var rootId: String?
}
