/// What a restore would do with one path.
public struct RestoreEntry: Hashable, Sendable {
  /// Raw values are the wire's names.
  public enum Action: String, Hashable, Sendable, Codable {
    case write, delete, recreate, merge, none, refuse
  }

  /// Why a path is refused. Raw values are the wire's names.
  public enum Reason: String, Hashable, Sendable, Codable {
    case userEdited, userDeleted, binary, typeChanged, otherThread, expired, parentSymlink, unreadable
    case tooLarge
    /// Its permissions, or those of its directory, forbid it.
    case readOnly
    /// Its name is not UTF-8.
    case nameEncoding

    /// What its user can do about it; one sentence, or part of one.
    public var advice: String {
      switch self {
      case .userEdited: "take its hunks back one by one with /review, or edit it by hand"
      case .binary: "both versions can't be in it: git or a backup may have the older one"
      case .userDeleted: "it stays deleted: git or a backup may have what it was"
      case .typeChanged: "move what has its name now away, then undo again"
      case .otherThread: "undo the other thread's turn first"
      case .expired: "what it was is no longer kept: git or a backup may have it"
      case .parentSymlink: "put a folder in the place of the link, then undo again"
      case .unreadable: "make it readable, then undo again"
      case .tooLarge:
        "undo again for what one undo has no room for; what is over the limits only git or a backup has"
      case .readOnly: "make it and its folder writable, then undo again"
      case .nameEncoding: "rename it to UTF-8 and put it back by hand"
      }
    }
  }

  public let path: String
  public let action: Action
  /// Why it is refused; of a path that is done all the same (`RestoreConflicts.overwriteKeepCopy`) why it would be.
  public internal(set) var reason: Reason?
  /// From the disk to what would be there; "" where nothing changes.
  public let diff: String
  /// What is on disk now.
  public let disk: FileStamp
  /// What would be there.
  public let result: FileState
  /// The command that ran while it changed: who else wrote it then is not known.
  public let via: String?
  /// The recorded changes that this undoes.
  let changes: [Int64]
  /// The thread that changed it too, later or at the same time.
  public internal(set) var otherThread: String?
  var names = PlannedWrite.Names.kept
  /// Its bytes can be replaced and its name can't: it lies in a closed directory.
  var isInPlace = false
  var replacesReadOnly = false
  /// Of several names of one file: the path that is written for all of them.
  var follows: String?
}

/// A restore before it is done. Nothing was written to make it.
public struct RestorePlan: Hashable, Sendable {
  public let id: String
  public let scope: UndoScope
  /// The records that are undone, newest first.
  public let records: [Int64]
  /// What should be known before it is done; sentences.
  public let warnings: [String]
  /// In path order.
  public let entries: [RestoreEntry]
  /// Directories that give way to a file.
  let clearing: [ClearedDirectory]
  /// Directories that the undone turns made, deepest first: removed where empty.
  let directories: [String]
  /// Directories that they removed, outermost first: made again.
  let removed: [ObservedDirectory]
  /// All directories of these turns that are not refused, as they were before (without a mode: not there).
  var aims: [ObservedDirectory] = []
  /// Directories that are opened while it is done: in them is to be written.
  var open: [ObservedDirectory] = []

  /// Whether there is nothing to do.
  public var isEmpty: Bool { !entries.contains { $0.action != .none && $0.action != .refuse } }

  /// Of the contents that it holds in memory.
  public var bytes: Int { entries.reduce(0) { $0 + $1.result.bytes.count } }

  public var refused: [RestoreEntry] { entries.filter { $0.action == .refuse } }

  /// Of files and links; directories are done after them.
  var writes: [PlannedWrite] {
    written.filter { $0.follows == nil }.map { entry in
      var write = PlannedWrite(path: entry.path, expected: entry.disk, result: entry.result)
      write.names = entry.names
      write.replacesReadOnly = entry.replacesReadOnly
      return write
    }
  }

  /// Names that are written with another name of their file.
  var followers: [RestoreEntry] { written.filter { $0.follows != nil } }

  private var written: [RestoreEntry] {
    entries.filter { $0.action != .none && $0.action != .refuse && !$0.isDirectory }
  }

  /// Directories that get another mode.
  var modes: [ObservedDirectory] {
    entries.filter { $0.action == .write && $0.isDirectory }.map {
      ObservedDirectory(path: $0.path, mode: $0.result.mode, after: $0.disk.mode)
    }
  }
}

extension RestoreEntry {
  /// The same path, left as it is.
  func refused(_ reason: Reason) -> RestoreEntry {
    var refused = RestoreEntry(
      path: path, action: .refuse, reason: reason, diff: "", disk: disk, result: result, via: via, changes: []
    )
    refused.otherThread = otherThread
    return refused
  }

  /// Whether it is about a directory alone.
  public var isDirectory: Bool { disk.kind == .directory || result.kind == .directory }
}

/// What happens to paths that someone changed since the turn.
public enum RestoreConflicts: String, Hashable, Sendable, Codable {
  /// They stay as they are.
  case skip
  /// The older state is written; what was there is kept in the restore's own record and comes back with its
  /// redo.
  case overwriteKeepCopy
}
