import StetProtocol
import StetWorkspace

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

  /// Writes what `willWrite` kept, all or nothing also where stet is killed in the middle of it, and notes it for undo;
  /// below `roots` (real directories) only.
  public func commit(_ writes: [PlannedWrite], below roots: [String]) async throws -> [VerifiedWrite] {
    try await journal.commit(writes, below: roots)
  }

  /// Looks at the workspace before something runs that may change any file of it (a command, a server's tool); give the
  /// window back to `didRun`. Nil: what it changes can't be undone, which the user is told.
  public func willRun(_ words: String) async -> CommandWindow? { await journal.commandBegins(words) }

  /// Looks again after it ended; what changed belongs to the turn. Call it before anything else starts.
  public func didRun(_ window: CommandWindow?) async {
    if let window { await journal.commandEnded(window) }
  }

  /// Whether `willRun` can be expected to answer.
  public var coversCommands: Bool { journal.coversCommands() }

  /// Tells what was written: for the diff of the turn (`turn/diff/updated`). Call it after the item was completed, with
  /// what `commit` returned.
  public func didWrite(_ writes: [VerifiedWrite]) async {
    await journal.wrote(writes)
  }
}
