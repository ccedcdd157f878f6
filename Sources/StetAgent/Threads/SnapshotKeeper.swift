import StetProtocol

/// Keeps pre-images of a thread's turns on disk, outside the user's repository.
protocol SnapshotKeeper: Sendable {
  /// Keeps the present state of `paths`; a sentence when it can't, which is given once a turn.
  func capture(_ paths: [String], turn: String) async -> String?
  /// Ends the turn's record; nil when the turn wrote nothing.
  func endTurn(_ turn: String) async -> StetTurnSummary?
}
