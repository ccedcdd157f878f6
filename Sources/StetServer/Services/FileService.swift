import StetAgent
import StetProtocol

/// `fs/*`. Each call is answered once, in the order of the connection's calls.
public protocol FileService: Sendable {
  func fsReadFile(
    _ params: FsReadFileParams, from peer: ClientPeer, reply: @escaping AgentReply<FsReadFileResponse>)
  func fsWriteFile(
    _ params: FsWriteFileParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func fsCreateDirectory(
    _ params: FsCreateDirectoryParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func fsGetMetadata(
    _ params: FsGetMetadataParams, from peer: ClientPeer, reply: @escaping AgentReply<FsGetMetadataResponse>)
  func fsReadDirectory(
    _ params: FsReadDirectoryParams, from peer: ClientPeer,
    reply: @escaping AgentReply<FsReadDirectoryResponse>)
  func fsRemove(_ params: FsRemoveParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func fsCopy(_ params: FsCopyParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func fsWatch(_ params: FsWatchParams, from peer: ClientPeer, reply: @escaping AgentReply<FsWatchResponse>)
  func fsUnwatch(_ params: FsUnwatchParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
}
