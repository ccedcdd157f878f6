/// Why a history is compacted.
enum CompactionReason: Sendable, Hashable {
  /// `thread/compact/start`.
  case manual
  /// The window is nearly full (C1).
  case full
  /// The provider refused the prompt as too long (L10).
  case overflow
}

/// How a compaction ended.
enum CompactionEnd: Sendable, Hashable {
  /// The prompt is a new one.
  case replaced
  /// The history is as it was (C6).
  case kept(TurnFailure)
  /// The prompt is a new one, and still too long to go on.
  case stillFull(TurnFailure)
}
