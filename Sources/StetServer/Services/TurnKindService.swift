import StetAgent
import StetProtocol

/// Turns that are more than a message: compactions, reviews, commands of the user. Each reply comes before what
/// follows in the turn.
public protocol TurnKindService: Sendable {
  /// `thread/compact/start`: interrupts a running turn.
  func threadCompactStart(_ params: ThreadCompactStartParams, reply: @escaping AgentReply<EmptyResponse>)
  /// `stet/context/read`: what the window holds, and what a compaction would keep of it.
  func contextRead(_ params: StetContextReadParams, reply: @escaping AgentReply<StetContextUse>)
  /// `stet/compact/undo`.
  func compactUndo(_ params: StetCompactUndoParams, reply: @escaping AgentReply<StetContextUse>)
  /// `review/start`: interrupts a running turn; detached, it runs in a thread of its own.
  func reviewStart(_ params: ReviewStartParams, reply: @escaping AgentReply<ReviewStartResponse>)
  /// `thread/shellCommand`: runs outside the sandbox and joins a running turn.
  func threadShellCommand(_ params: ThreadShellCommandParams, reply: @escaping AgentReply<EmptyResponse>)
}
