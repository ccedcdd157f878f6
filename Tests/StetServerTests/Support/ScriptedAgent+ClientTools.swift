import StetAgent
import StetProtocol
import StetServer

/// The client's own tools are tried with the real agent only: what they do is all there is to them.
extension ScriptedAgent {
  func connectionEnded(_ connection: Int) {}

  private func nothing<Response>(_ reply: AgentReply<Response>) {
    reply(.failure(.invalidRequest("the scripted agent has no tools")))
  }

  func fsReadFile(
    _ params: FsReadFileParams, from peer: ClientPeer, reply: @escaping AgentReply<FsReadFileResponse>
  ) { nothing(reply) }
  func fsWriteFile(
    _ params: FsWriteFileParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fsCreateDirectory(
    _ params: FsCreateDirectoryParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fsGetMetadata(
    _ params: FsGetMetadataParams, from peer: ClientPeer, reply: @escaping AgentReply<FsGetMetadataResponse>
  ) { nothing(reply) }
  func fsReadDirectory(
    _ params: FsReadDirectoryParams, from peer: ClientPeer,
    reply: @escaping AgentReply<FsReadDirectoryResponse>
  ) { nothing(reply) }
  func fsRemove(
    _ params: FsRemoveParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fsCopy(
    _ params: FsCopyParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fsWatch(
    _ params: FsWatchParams, from peer: ClientPeer, reply: @escaping AgentReply<FsWatchResponse>
  ) { nothing(reply) }
  func fsUnwatch(
    _ params: FsUnwatchParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func commandExec(
    _ params: CommandExecParams, from peer: ClientPeer, reply: @escaping AgentReply<CommandExecResponse>
  ) { nothing(reply) }
  func commandExecWrite(
    _ params: CommandExecWriteParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func commandExecTerminate(
    _ params: CommandExecTerminateParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func commandExecResize(
    _ params: CommandExecResizeParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func processSpawn(
    _ params: ProcessSpawnParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func processWriteStdin(
    _ params: ProcessWriteStdinParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func processKill(
    _ params: ProcessKillParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func processResizePty(
    _ params: ProcessResizePtyParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fuzzyFileSearch(
    _ params: FuzzyFileSearchParams, from peer: ClientPeer,
    reply: @escaping AgentReply<FuzzyFileSearchResponse>
  ) { nothing(reply) }
  func fuzzyFileSearchSessionStart(
    _ params: FuzzyFileSearchSessionStartParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fuzzyFileSearchSessionUpdate(
    _ params: FuzzyFileSearchSessionUpdateParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func fuzzyFileSearchSessionStop(
    _ params: FuzzyFileSearchSessionStopParams, from peer: ClientPeer,
    reply: @escaping AgentReply<EmptyResponse>
  ) { nothing(reply) }
  func skillsList(
    _ params: SkillsListParams, from peer: ClientPeer, reply: @escaping AgentReply<SkillsListResponse>
  ) { nothing(reply) }
}
