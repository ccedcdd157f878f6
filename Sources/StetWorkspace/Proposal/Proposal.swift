/// A change of one file with a decision for each of its operations (review.md A5).
///
/// Base and proposal are raw bytes; the result is put together from their lines, never by applying a textual
/// patch. So everything accepted is the proposal and everything rejected is the base, byte for byte, and
/// the order of decisions can't matter. A value: copy it freely, use it on any thread.
public struct Proposal: Sendable {
  public enum Kind: String, Hashable, Sendable, Codable {
    case add, update, delete, move, mode, symlink, binary
  }

  public let change: FileChange
  /// Why, in the agent's words.
  public let note: String?
  /// In file order: name, mode, then content.
  public let operations: [Operation]
  let baseLines: LineIndex
  let newLines: LineIndex
  let changes: [LineChange]
  /// For each change the indexes of its operations.
  let changeOperations: [Range<Int>]
  /// The hunks with three lines of context; their ids name them in decisions.
  let standardHunks: [ProposalHunk]
  /// One for each operation.
  var decisions: [Decision]
  /// Operations whose edited text stands for all of them and for the lines between, held by the first.
  var spans: [Range<Int>] = []
  /// The user's own text of the whole file, in place of what the decisions about its lines would make.
  var wholeText: [UInt8]?

  public init(_ change: FileChange, note: String? = nil) throws(WorkspaceError) {
    self.change = change
    self.note = note
    let base = change.base
    let proposed = change.proposed
    var operations: [Operation] = []
    if change.movePath != nil {
      operations.append(Operation(kind: .rename, part: .rename, base: 0..<0, new: 0..<0))
    }
    if base.kind == .regular, proposed.kind == .regular, base.mode != proposed.mode {
      operations.append(Operation(kind: .mode, part: .mode, base: 0..<0, new: 0..<0))
    }
    var changes: [LineChange] = []
    var ranges: [Range<Int>] = []
    if Self.isByLines(base, proposed) {
      baseLines = LineIndex(base.bytes)
      newLines = LineIndex(proposed.bytes)
      changes = try LineDiff.changes(from: base.bytes, to: proposed.bytes)
      for change in changes {
        let first = operations.count
        operations.append(contentsOf: Operation.lines(of: change, baseLines, newLines))
        ranges.append(first..<operations.count)
      }
    } else {
      baseLines = LineIndex(base.isBinary ? [] : base.bytes)
      newLines = LineIndex(proposed.isBinary ? [] : proposed.bytes)
      if !base.stamp.sameContent(as: proposed.stamp) {
        operations.append(Self.whole(base, proposed, baseLines.count, newLines.count))
      }
    }
    self.operations = operations
    self.changes = changes
    changeOperations = ranges
    decisions = Array(repeating: .undecided, count: operations.count)
    standardHunks = Self.hunks(
      change: change, operations: operations, changes: changes, ranges: ranges, lines: (baseLines, newLines),
      context: 3)
  }

  /// Whether the content is decided line by line: text on both sides (or none before), not only other line
  /// ends.
  private static func isByLines(_ base: FileState, _ proposed: FileState) -> Bool {
    guard proposed.kind == .regular, base.kind == .regular || base.kind == .absent else { return false }
    guard !base.isBinary, !proposed.isBinary, base.kind == .regular || !proposed.bytes.isEmpty else {
      return false
    }
    guard max(base.bytes.count, proposed.bytes.count) <= LineDiff.byteLimit else { return false }
    return !LineEndings.onlyEndingsDiffer(base.bytes, proposed.bytes)
  }

  private static func whole(_ base: FileState, _ proposed: FileState, _ old: Int, _ new: Int) -> Operation {
    let kind: Operation.Kind
    switch (base.kind, proposed.kind) {
    case (_, .absent): kind = .delete
    case (.absent, _): kind = .add
    case (.regular, .regular) where LineEndings.onlyEndingsDiffer(base.bytes, proposed.bytes): kind = .eol
    default: kind = .replace
    }
    return Operation(kind: kind, part: .whole, base: 0..<old, new: 0..<new)
  }

  /// The old path of a move.
  public var path: String { change.path }
  public var movePath: String? { change.movePath }
  public var base: FileState { change.base }
  public var proposed: FileState { change.proposed }

  public var kind: Kind {
    if base.kind == .symlink || proposed.kind == .symlink { return .symlink }
    if movePath != nil { return .move }
    if proposed.kind == .absent { return .delete }
    if base.isBinary || proposed.isBinary { return .binary }
    if base.kind == .absent { return .add }
    return operations.allSatisfy { $0.kind == .mode } && !operations.isEmpty ? .mode : .update
  }

  /// Bytes of what is proposed, or of what would be deleted.
  public var size: Int { proposed.kind == .absent ? base.bytes.count : proposed.bytes.count }
}
