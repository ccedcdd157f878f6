import StetProtocol

/// Keeps what files were before a turn wrote them, for undo and for the diff of the turn.
public struct ChangeRecorder: Sendable {
  let journal: TurnJournal

  /// Keeps the present state of `paths` (absolute) before the first write of the turn to them; later calls for the
  /// same path do nothing. Call it before every write.
  ///
  /// When it can't be kept (a full or read-only state directory) the clients get one warning that undo is off for the
  /// turn; the write may go on.
  public func willWrite(_ paths: [String]) async {
    await journal.capture(paths)
  }

  /// Tells that `paths` were written: sends `turn/diff/updated`. Call it after the item was completed.
  public func didWrite(_ paths: [String]) async {
    await journal.wrote(paths)
  }
}
