import StetProtocol
import StetWorkspace

/// Keeps what files were before a thread's turns wrote them, on disk, outside the user's repository.
protocol SnapshotKeeper: Sendable {
  /// Keeps the present state of `paths`; a sentence when it can't.
  func capture(_ paths: [String], turn: String) async -> String?
  /// Notes what was written to them.
  func wrote(_ writes: [VerifiedWrite], turn: String) async
  /// Ends the turn's record; nil when the turn wrote nothing.
  func endTurn(_ turn: String) async -> StetTurnSummary?
}
