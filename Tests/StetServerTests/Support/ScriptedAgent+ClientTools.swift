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
}
