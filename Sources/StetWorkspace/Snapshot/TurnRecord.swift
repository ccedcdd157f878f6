/// A turn of a thread: what its changes are undone by.
public struct TurnKey: Hashable, Sendable, Codable {
  public let thread: String
  public let turn: String

  public init(thread: String, turn: String) {
    self.thread = thread
    self.turn = turn
  }
}

/// Who changed files. Raw values are the wire's names.
public enum TurnCause: String, Hashable, Sendable, Codable {
  case tool, shell, restore, review, unknown

  /// Whether it is the doing of a plan instead of a turn.
  var isRestore: Bool { self == .restore || self == .review }
}

/// Who changed a path. Raw values are the wire's names.
public enum ChangeAuthor: String, Hashable, Sendable, Codable { case edit, shell, review, unknown }

/// What one turn (or one restore) changed.
public struct TurnRecord: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, Codable { case active, undone }

  public struct File: Hashable, Sendable {
    public let path: String
    public let before: FileStamp
    public let after: FileStamp
    /// Who changed it last.
    public let author: ChangeAuthor
    /// The command that ran while it changed.
    public let via: String?

    /// Whether what it was and became is kept, as far as the limits go.
    public let isKept: Bool

    /// Whether it is about a directory alone.
    public var isDirectory: Bool { before.kind == .directory || after.kind == .directory }
  }

  /// Unique in the workspace, growing with time; the wire's snapshotId as a number.
  public let id: Int64
  public let key: TurnKey
  public let cause: TurnCause
  /// Milliseconds since 1970.
  public let startedMs: Int64
  public let endedMs: Int64
  /// Undone when every one of its changes is.
  public let state: State
  /// In path order; each path once.
  public let files: [File]
  /// Lines, over all text files.
  public let added: Int
  public let removed: Int
  /// What is to be said of it besides.
  public let note: String?

  public var thread: String { key.thread }
  public var turn: String { key.turn }
}

/// What shall be undone.
public enum UndoScope: Hashable, Sendable {
  /// The newest turn of a thread that is not undone.
  case last(thread: String)
  /// One turn, also in the middle.
  case turn(TurnKey)
  /// A turn and all after it in its thread.
  case through(TurnKey)
  /// Some paths of a thread, back to before its first change of them that is not undone.
  case files([String], thread: String)
  /// One record; of a restore: its redo.
  case record(Int64)
  /// Hunks of a review: such a plan is made by `RollbackPlan`.
  case hunks([String], review: String)
}
