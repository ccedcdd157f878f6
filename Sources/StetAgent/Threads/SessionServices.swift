import StetConfig
import StetProtocol

/// What a session takes from the agent: the outside world and what all threads share.
struct SessionServices: Sendable {
  let environment: AgentEnvironment
  let sink: any ThreadEventSink
  let resolver: ModelResolver
  let processMemory: ToolMemory
  let snapshotStores: SnapshotStores

  var clock: AgentClock { environment.clock }

  /// The client that speaks the provider's wire.
  func client() -> any ModelClient {
    environment.modelClientOverride
      ?? ResponsesClient(
        http: environment.http, environment: environment.processEnvironment, nowMs: environment.clock.nowMs)
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
  let approvalsReviewer: ApprovalsReviewer
  /// The `config` of `thread/start`.
  let sessionConfig: JSONObject
  var instructionSources: [String]
  /// Tools that the client runs (`thread/start.dynamicTools`).
  var dynamicTools: [DynamicToolSpec] = []
}
