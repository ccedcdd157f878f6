import StetAgent
import StetProtocol

/// `command/exec*` and `process/*`: commands of the client itself, which end with its connection.
public protocol CommandService: Sendable {
  /// Answered when the command ends, after its deltas.
  func commandExec(
    _ params: CommandExecParams, from peer: ClientPeer, reply: @escaping AgentReply<CommandExecResponse>)
  func commandExecWrite(
    _ params: CommandExecWriteParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func commandExecTerminate(
    _ params: CommandExecTerminateParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func commandExecResize(
    _ params: CommandExecResizeParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  /// Answered when the process runs.
  func processSpawn(
    _ params: ProcessSpawnParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func processWriteStdin(
    _ params: ProcessWriteStdinParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func processKill(
    _ params: ProcessKillParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
  func processResizePty(
    _ params: ProcessResizePtyParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>)
}
