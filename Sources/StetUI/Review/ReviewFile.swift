import StetProtocol
import StetText

/// One file of a review: its lines, the hunks they stand in, and the operations that decisions are made about.
///
/// Lines are one list; hunks are consecutive parts of it. Splitting a hunk or showing more context changes hunks and
/// lines, never the operations, so that no view can move a decision.
struct ReviewFile: Sendable {
  var path: String
  var movePath: String?
  /// `add`, `update`, `delete`, `move`, `mode`, `symlink`, `binary`.
  var kind: String
  var baseHash: String?
  var proposedHash: String?
  var note: String?
  /// Bytes of what is proposed, or of what would be deleted; nil when the server does not say.
  var size: Int?
  /// Why it is shown closed at first: `generated`, `large`, `minified`.
  var collapsed: String?
  /// It is shown closed: one row, one decision.
  var isFolded = false
  /// Changed on disk since it was proposed, as the server found when it was asked.
  var isStale = false
  var lines: [DiffLine] = []
  var hunks: [ReviewHunk] = []
  var operations: [ReviewOperation] = []
  /// Which operation changes each line; -1 for lines that stay.
  var operationOfLine: [Int32] = []
  var added = 0
  var removed = 0
  /// An added line looks like a key.
  var hasSecrets = false
  /// Lines of blocks that also go or come elsewhere in the review.
  var moved: Set<Int> = []
  /// What each operation does to the brackets; empty where that tells nothing.
  var brackets: [BracketBalance] = []
  /// Both sides whole, once they were asked for.
  var sides: ReviewSides?
  var language: Language?

  /// What the file is called from now on.
  var name: String { movePath ?? path }

  /// The largest line number that is shown.
  var largestNumber: Int {
    lines.last.map { max($0.oldNumber ?? 0, $0.newNumber ?? 0) } ?? 0
  }

  func operation(at line: Int) -> Int? {
    guard operationOfLine.indices.contains(line), operationOfLine[line] >= 0 else { return nil }
    return Int(operationOfLine[line])
  }

  func hunk(atLine line: Int) -> Int? {
    // Hunks are in the order of their lines; those without lines stand anywhere between.
    hunks.firstIndex { $0.lines.contains(line) }
  }

  /// The line that a changed line is compared with, word by word.
  func partner(of line: Int) -> Int? {
    guard lines.indices.contains(line), lines[line].kind != .context, let index = operation(at: line) else {
      return nil
    }
    let operation = operations[index]
    if operation.role == .content {
      guard operation.removed.count == operation.added.count, !operation.added.isEmpty else { return nil }
      return operation.removed.contains(line)
        ? operation.added.lowerBound + line - operation.removed.lowerBound
        : operation.removed.lowerBound + line - operation.added.lowerBound
    }
    return partnerInRun(line)
  }

  /// Longer runs are rewrites: pairs by place would be strangers.
  private static let maxRun = 200

  /// By their places in a run of removed lines and the run of added ones behind it.
  private func partnerInRun(_ line: Int) -> Int? {
    let kind = lines[line].kind
    guard kind == .minus || kind == .plus else { return nil }
    func end(_ from: Int, _ step: Int, _ kind: DiffLineKind) -> Int {
      var at = from
      while lines.indices.contains(at + step), lines[at + step].kind == kind, abs(at - from) < Self.maxRun {
        at += step
      }
      return at
    }
    let first = end(line, -1, kind)
    if kind == .minus {
      let partner = end(line, 1, .minus) + 1 + line - first
      return lines.indices.contains(partner) && end(partner, -1, .plus) == partner - (line - first)
        && lines[partner].kind == .plus ? partner : nil
    }
    guard first > 0, lines[first - 1].kind == .minus else { return nil }
    let partner = end(first - 1, -1, .minus) + line - first
    return partner < first ? partner : nil
  }

  /// Fills `operationOfLine` from the operations.
  mutating func indexOperations() {
    operationOfLine = Array(repeating: -1, count: lines.count)
    for (index, operation) in operations.enumerated() {
      for range in [operation.removed, operation.added] {
        for line in range.clamped(to: 0..<lines.count) where lines[line].kind != .context {
          operationOfLine[line] = Int32(clamping: index)
        }
      }
    }
    // The mark of a missing line end belongs to the line above it.
    for line in lines.indices.dropFirst() where lines[line].kind == .noNewline {
      operationOfLine[line] = operationOfLine[line - 1]
    }
  }
}

/// What is decided with one key.
struct ReviewHunk: Sendable {
  /// The server's id, or one of the interface's own where the server sent none.
  var id: String
  /// What stands behind `@@`, or what the decision is about.
  var title: String
  /// Why the agent wants it.
  var note: String?
  /// Hunks that must be accepted with this one.
  var requires: [String] = []
  /// Which lines of the file it shows.
  var lines: Range<Int>
  /// Which operations of the file it decides.
  var operations: Range<Int>
  /// A part of one of the server's hunks.
  var isPart = false
  /// It has no lines to show because of what it is: a mode, a name, a link.
  var isAlarming = false
  /// An added line looks like a key.
  var hasSecrets = false
  var moved: MovedBlock?
  /// The same lines have changed on disk since.
  var isConflicted = false
}

/// The smallest thing that can be decided.
struct ReviewOperation: Sendable {
  enum Role: Sendable { case content, rename, mode, whole }

  /// The server's id, sent back with the decision; empty where the server has none.
  var opId = ""
  var role: Role
  /// The lines of the file that go, and those that come.
  var removed = 0..<0
  var added = 0..<0
  /// Lines of the proposed file, counted from 0; for editing the file as a whole.
  var new = 0..<0
}

extension ReviewFile {
  /// The file without details of the server: one decision for all of it.
  init(_ change: FileChangeContent.File) {
    self.init(path: change.path, kind: "update", diff: change.diff)
    movePath = change.movePath
    switch change.kind {
    case .add: kind = "add"
    case .delete: kind = "delete"
    case .update: kind = change.movePath == nil ? "update" : "move"
    }
    language = Language.forPath(name)
  }

  /// A file of which only the diff is known: its hunks show the diff, and one operation stands for everything.
  init(path: String, kind: String, diff: FileDiff) {
    self.path = path
    self.kind = kind
    language = Language.forPath(path)
    var whole = ReviewOperation(role: .whole)
    for (index, hunk) in diff.hunks.enumerated() {
      let start = lines.count
      if start == 0 { lines = hunk.lines } else { lines += hunk.lines }
      hunks.append(
        ReviewHunk(
          id: "\(path)#\(index)", title: hunk.heading, lines: start..<lines.count, operations: 0..<1))
    }
    if hunks.isEmpty { hunks = [ReviewHunk(id: path, title: "", lines: 0..<0, operations: 0..<1)] }
    whole.removed = 0..<lines.count
    operations = [whole]
    count()
    indexOperations()
  }

  mutating func count() {
    added = lines.count { $0.kind == .plus }
    removed = lines.count { $0.kind == .minus }
    findWarnings()
  }
}
