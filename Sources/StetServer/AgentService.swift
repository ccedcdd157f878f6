import StetAgent
import StetJSON
import StetProtocol

/// What the server calls on the agent: one method a protocol method.
///
/// `reply` is called exactly once, from any thread, before the notifications that follow from the call.
public protocol AgentService:
  Sendable, QueueService, GoalService, ClientToolService, HistoryService, MCPService, TurnKindService,
  SearchService, MetadataService, PermissionService, PromptService
{
  func threadStart(_ params: ThreadStartParams, reply: @escaping AgentReply<ThreadStartResponse>)
  /// `found` runs before anything is told of the thread, if there is one.
  func threadResume(
    _ params: ThreadResumeParams, found: @escaping @Sendable () -> Void,
    reply: @escaping AgentReply<ThreadResumeResponse>)
  func threadList(_ params: ThreadListParams, reply: @escaping AgentReply<ThreadListResponse>)
  /// `tell` gets sentences about damage of the log, before the reply.
  func threadRead(
    _ params: ThreadReadParams, tell: @escaping @Sendable ([String]) -> Void,
    reply: @escaping AgentReply<ThreadReadResponse>)
  func threadNameSet(_ params: ThreadSetNameParams, reply: @escaping AgentReply<EmptyResponse>)
  func threadArchive(_ params: ThreadArchiveParams, reply: @escaping AgentReply<EmptyResponse>)
  func threadUnarchive(_ params: ThreadUnarchiveParams, reply: @escaping AgentReply<ThreadUnarchiveResponse>)
  func threadSettingsUpdate(
    _ params: ThreadSettingsUpdateParams, reply: @escaping AgentReply<EmptyResponse>)
  func backgroundTerminalsList(
    _ params: ThreadBackgroundTerminalsListParams,
    reply: @escaping AgentReply<ThreadBackgroundTerminalsListResponse>)
  func backgroundTerminalsTerminate(
    _ params: ThreadBackgroundTerminalsTerminateParams,
    reply: @escaping AgentReply<ThreadBackgroundTerminalsTerminateResponse>)
  func backgroundTerminalsClean(
    _ params: ThreadBackgroundTerminalsCleanParams, reply: @escaping AgentReply<EmptyResponse>)
  func turnStart(_ params: TurnStartParams, reply: @escaping AgentReply<TurnStartResponse>)
  func turnSteer(_ params: TurnSteerParams, reply: @escaping AgentReply<TurnSteerResponse>)
  func turnInterrupt(_ params: TurnInterruptParams, reply: @escaping AgentReply<EmptyResponse>)

  /// A thread has no subscriber any more.
  func threadIdle(_ id: String)
  /// The ids of the threads that are loaded.
  var loadedThreadIds: [String] { get }
  /// Ends turns and commands; returns when nothing of them is left.
  func shutdown() async
}

/// An agent that can put files back. Without it the `stet/snapshot/…` methods are off.
public protocol SnapshotService: Sendable {
  func snapshotList(_ params: StetSnapshotListParams, reply: @escaping AgentReply<StetSnapshotListResponse>)
  func snapshotDiff(_ params: StetSnapshotDiffParams, reply: @escaping AgentReply<StetSnapshotDiffResponse>)
  func snapshotRestore(
    _ params: StetSnapshotRestoreParams, reply: @escaping AgentReply<StetSnapshotRestoreResponse>)
  func snapshotRedo(
    _ params: StetSnapshotRedoParams, reply: @escaping AgentReply<StetSnapshotRestoreResponse>)
  func snapshotFile(_ params: StetSnapshotFileParams, reply: @escaping AgentReply<JSONValue>)
  func snapshotUsage(_ params: StetSnapshotUsageParams, reply: @escaping AgentReply<JSONValue>)
  func snapshotPurge(_ params: StetSnapshotPurgeParams, reply: @escaping AgentReply<JSONValue>)
}

extension Agent: AgentService {
  public var loadedThreadIds: [String] { loadedThreads.map(\.id) }
}

extension Agent: SnapshotService {}
