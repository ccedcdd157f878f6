import StetProtocol
import StetText

/// A proposal under review: what is decided, what was decided before, where the cursor is.
///
/// Decisions are stored per operation, so no view, wrap or order of keys can move one. They are kept while the review
/// is left and come back when it is opened again.
struct ReviewState: Sendable {
  let itemId: String
  /// The server's id; nil where the server takes only yes or no for the whole change.
  let reviewId: String?
  /// The bytes are on disk already; a rejection rolls back.
  let isOnDisk: Bool
  let reason: String?
  private(set) var files: [ReviewFile]
  private(set) var verdicts: [String: ReviewVerdict] = [:]
  private(set) var comments: [ReviewComment] = []
  private var undoStack: [Decisions] = []
  private var redoStack: [Decisions] = []
  var cursor = ReviewCursor()
  /// Asked for once before the rest is rejected: a destructive key must be pressed twice.
  var confirmsRejectAll = false
  var showsFileList = false

  private struct Decisions: Sendable {
    var verdicts: [String: ReviewVerdict]
    var comments: [ReviewComment]
  }

  /// Undo steps; each holds the decisions of that moment.
  static let maxUndo = 1000

  init(request: FileChangeRequestApprovalParams, changes: [FileChangeContent.File]) {
    itemId = request.itemId
    reason = request.reason
    if let stet = request.stet {
      reviewId = stet.reviewId
      isOnDisk = stet.state == .applied
      files = stet.files.map { file in
        let change = changes.first { $0.path == file.path }
        // Hunks beside the files belong to the only file; with several, each file brings its own.
        let hunks = file.hunks ?? (stet.files.count == 1 ? stet.hunks : [])
        return ReviewFile(file, diff: change?.diff ?? FileDiff(), hunks: hunks)
      }
    } else {
      reviewId = nil
      isOnDisk = false
      files = changes.map(ReviewFile.init)
    }
    if files.isEmpty {
      let empty = FileChangeContent.File(
        path: request.grantRoot ?? "files", movePath: nil, kind: .update, diff: FileDiff())
      files = [ReviewFile(empty)]
    }
  }

  /// Decisions about parts are possible; else one key decides everything.
  var canDecideParts: Bool { reviewId != nil }

  var hunkCount: Int { files.reduce(0) { $0 + $1.hunks.count } }
  var decidedHunks: Int {
    files.reduce(0) { $0 + $1.hunks.count { summary($0) != .undecided } }
  }
  var acceptedHunks: Int {
    files.reduce(0) { $0 + $1.hunks.count { [.accepted, .edited, .mixed].contains(summary($0)) } }
  }
  var isComplete: Bool { decidedHunks == hunkCount }

  /// One hunk in one file: a single line of keys in the conversation is enough.
  var isSingleHunk: Bool { hunkCount == 1 }

  func summary(_ hunk: ReviewHunk) -> ReviewSummary {
    ReviewSummary(hunk.operations.map { verdicts[$0.key] })
  }
  func summary(_ file: ReviewFile) -> ReviewSummary {
    ReviewSummary(file.operations.map { verdicts[$0.key] })
  }

  func verdict(_ operation: ReviewOperation) -> ReviewVerdict? { verdicts[operation.key] }

  // MARK: Deciding

  /// Decides every operation of a hunk. Without details of the server the whole change is one decision.
  mutating func decide(_ verdict: ReviewVerdict, file: Int, hunk: Int) {
    guard files.indices.contains(file), files[file].hunks.indices.contains(hunk) else { return }
    let operations = canDecideParts ? files[file].hunks[hunk].operations : files.flatMap(\.operations)
    set(verdict, operations)
  }

  /// Decides what is undecided in a file, or in all files.
  mutating func decideRest(_ verdict: ReviewVerdict, file: Int?) {
    let scope = canDecideParts ? file.map { files.indices.contains($0) ? [files[$0]] : [] } ?? files : files
    set(verdict, scope.flatMap(\.operations).filter { verdicts[$0.key] == nil })
  }

  /// Takes decisions of a hunk back.
  mutating func clear(file: Int, hunk: Int) {
    guard files.indices.contains(file), files[file].hunks.indices.contains(hunk) else { return }
    remember()
    for operation in files[file].hunks[hunk].operations { verdicts[operation.key] = nil }
  }

  mutating func edit(operation key: String, text: String) {
    guard files.contains(where: { $0.operations.contains { $0.key == key } }) else { return }
    remember()
    verdicts[key] = .edited(text)
  }

  mutating func comment(_ comment: ReviewComment) {
    remember()
    comments.append(comment)
  }

  mutating func undo() -> Bool {
    guard let last = undoStack.popLast() else { return false }
    redoStack.append(Decisions(verdicts: verdicts, comments: comments))
    (verdicts, comments) = (last.verdicts, last.comments)
    return true
  }

  mutating func redo() -> Bool {
    guard let next = redoStack.popLast() else { return false }
    undoStack.append(Decisions(verdicts: verdicts, comments: comments))
    (verdicts, comments) = (next.verdicts, next.comments)
    return true
  }

  private mutating func set(_ verdict: ReviewVerdict, _ operations: [ReviewOperation]) {
    guard !operations.isEmpty else { return }
    remember()
    for operation in operations { verdicts[operation.key] = verdict }
  }

  private mutating func remember() {
    undoStack.append(Decisions(verdicts: verdicts, comments: comments))
    redoStack = []
    if undoStack.count > Self.maxUndo { undoStack.removeFirst() }
  }
}

/// A word to the agent about a line.
struct ReviewComment: Hashable, Sendable {
  var path: String
  /// On the proposed side; else on the base.
  var isNew: Bool
  var line: Int
  var text: String
}
