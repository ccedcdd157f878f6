import StetAgent
import StetProtocol

/// Turns that are more than a message: compactions, reviews, commands of the user. Each reply comes before what
/// follows in the turn.
public protocol TurnKindService: Sendable {
  /// `thread/compact/start`: interrupts a running turn.
  func threadCompactStart(_ params: ThreadCompactStartParams, reply: @escaping AgentReply<EmptyResponse>)
  /// `review/start`: interrupts a running turn; detached, it runs in a thread of its own.
  func reviewStart(_ params: ReviewStartParams, reply: @escaping AgentReply<ReviewStartResponse>)
  /// `thread/shellCommand`: runs outside the sandbox and joins a running turn.
  func threadShellCommand(_ params: ThreadShellCommandParams, reply: @escaping AgentReply<EmptyResponse>)
}
