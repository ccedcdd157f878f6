import StetProtocol
import StetText

/// A proposal under review: what is decided, what was decided before, where the cursor is.
///
/// Decisions are stored per operation, so no view, wrap or order of keys can move one. They are kept while the review
/// is left and come back when it is opened again, also in another run.
struct ReviewState: Sendable {
  let itemId: String
  let threadId: String
  /// The server's id; nil where the server takes only yes or no for the whole change, and for a diff that is only
  /// looked at.
  let reviewId: String?
  /// The review whose place this one took, because files changed under it.
  var supersedes: String?
  /// The bytes are on disk already; a rejection rolls back.
  let isOnDisk: Bool
  /// There is nobody to tell decisions to.
  var isViewer = false
  /// Opened by the user, not asked for: what is decided is sent by itself, and what is not stays as it is.
  var isStarted = false
  /// The server waits for the decisions about all of it, without a question.
  var isWaiting = false
  /// What is compared, for a viewer: `HEAD and the working tree`.
  var title = ""
  let reason: String?
  var files: [ReviewFile]
  /// Pages that came, until the last of them is there.
  var pages: [StetReviewFile] = []
  /// Pages of the review that the server did not send yet.
  var isLoading = false
  var verdicts: [[ReviewVerdict?]] = []
  var tallies: [ReviewTally] = []
  var comments: [ReviewComment] = []
  var viewed: Set<Int> = []
  var undoStack: [ReviewStep] = []
  var redoStack: [ReviewStep] = []
  /// Counts changes of decisions, so that a draft is saved once for each.
  var revision = 0
  /// With these decisions enter said already that others are missing.
  var offeredRevision: Int?

  var cursor = ReviewCursor()
  var index = ReviewIndex()
  var view = ReviewViewOptions()
  var search = ReviewSearch()
  /// A question about what can't be meant by a slip of a finger; anything but `y` is no.
  var confirm: ReviewConfirm?

  init(
    itemId: String = "", threadId: String = "", reviewId: String? = nil, isOnDisk: Bool = false,
    reason: String? = nil, files: [ReviewFile]
  ) {
    self.itemId = itemId
    self.threadId = threadId
    self.reviewId = reviewId
    self.isOnDisk = isOnDisk
    self.reason = reason
    self.files = files
    replaceFiles(files)
  }

  init(request: FileChangeRequestApprovalParams, changes: [FileChangeContent.File]) {
    let stet = request.stet
    var files: [ReviewFile]
    if let stet {
      files = Self.files(stet.files, beside: stet.hunks, changes)
    } else {
      files = changes.map(ReviewFile.init)
    }
    if files.isEmpty {
      files = [ReviewFile(path: request.grantRoot ?? "files", kind: "update", diff: FileDiff())]
    }
    self.init(
      itemId: request.itemId, threadId: request.threadId, reviewId: stet?.reviewId,
      isOnDisk: stet?.state == .applied, reason: request.reason, files: files)
    isLoading = stet?.truncated == true
    supersedes = stet?.supersedes
  }

  static func files(
    _ described: [StetReviewFile], beside hunks: [StetHunk], _ changes: [FileChangeContent.File]
  ) -> [ReviewFile] {
    let byPath = Dictionary(changes.map { ($0.path, $0.diff) }) { first, _ in first }
    return described.map { file in
      // Hunks beside the files belong to the only file; with several, each file brings its own.
      ReviewFile(
        file, diff: byPath[file.path] ?? FileDiff(), hunks: file.hunks ?? (described.count == 1 ? hunks : []))
    }
  }

  /// Takes other files in place of the present ones; what was decided goes.
  mutating func replaceFiles(_ files: [ReviewFile]) {
    self.files = files
    MovedCode.mark(&self.files)
    verdicts = files.map { Array(repeating: nil, count: $0.operations.count) }
    tallies = files.indices.map { tally($0) }
    (undoStack, redoStack) = ([], [])
    cursor = ReviewCursor()
    rebuild()
    goToStart()
  }

  /// Decisions about parts are possible; else one key decides everything.
  var canDecideParts: Bool { reviewId != nil }

  var hunkCount: Int { tallies.reduce(0) { $0 + $1.hunks } }
  var decidedHunks: Int { tallies.reduce(0) { $0 + $1.decided } }
  var acceptedHunks: Int { tallies.reduce(0) { $0 + $1.accepted } }
  var isComplete: Bool { decidedHunks == hunkCount && !isLoading }

  /// One hunk in one file: a single line of keys in the conversation is enough.
  var isSingleHunk: Bool { hunkCount == 1 && !isLoading && files.count == 1 }

  func verdict(_ file: Int, _ operation: Int) -> ReviewVerdict? {
    verdicts.indices.contains(file) && verdicts[file].indices.contains(operation)
      ? verdicts[file][operation] : nil
  }

  func summary(file: Int, hunk: Int) -> ReviewSummary {
    guard files.indices.contains(file), files[file].hunks.indices.contains(hunk) else { return .undecided }
    return ReviewSummary(verdicts[file][files[file].hunks[hunk].operations])
  }

  func summary(file: Int) -> ReviewSummary {
    tallies.indices.contains(file) ? tallies[file].summary : .undecided
  }

  func tally(_ file: Int) -> ReviewTally {
    var tally = ReviewTally(summary: ReviewSummary(verdicts[file]))
    tally.isUnbalanced = tally.summary != .undecided && files[file].isUnbalanced(verdicts[file])
    for hunk in files[file].hunks.indices {
      let summary = summary(file: file, hunk: hunk)
      tally.hunks += 1
      if summary.isDecided { tally.decided += 1 }
      if [.accepted, .edited, .mixed].contains(summary) { tally.accepted += 1 }
    }
    return tally
  }

  /// The hunks that need this one, as the agent says, and are not rejected.
  func linked(to place: ReviewPlace) -> [ReviewPlace] {
    guard files.indices.contains(place.file), files[place.file].hunks.indices.contains(place.hunk) else {
      return []
    }
    let id = files[place.file].hunks[place.hunk].id
    return files.indices.flatMap { file in
      files[file].hunks.indices.filter { hunk in
        files[file].hunks[hunk].requires.contains(id) && summary(file: file, hunk: hunk) != .rejected
      }.map { ReviewPlace(file: file, hunk: $0) }
    }
  }

  /// A hunk that needs another one which is rejected.
  func lacksRequired(file: Int, hunk: Int) -> Bool {
    let wanted = files[file].hunks[hunk].requires
    guard !wanted.isEmpty, summary(file: file, hunk: hunk) != .rejected else { return false }
    for other in files.indices {
      for place in files[other].hunks.indices where wanted.contains(files[other].hunks[place].id) {
        if summary(file: other, hunk: place) == .rejected { return true }
      }
    }
    return false
  }
}

/// How far the decisions about a file are.
struct ReviewTally: Equatable, Sendable {
  var summary: ReviewSummary
  var hunks = 0
  var decided = 0
  var accepted = 0
  /// The decisions leave brackets without their partner.
  var isUnbalanced = false
}

/// How the review is looked at; none of it moves a decision.
struct ReviewViewOptions: Equatable, Sendable {
  enum Layout: Equatable, Sendable { case auto, split, unified }

  var layout = Layout.auto
  /// nil: wrapped where the pane is narrow.
  var wraps: Bool?
  var ignoresWhitespace = false
  var showsNotes = true
  /// The file list is open, and has the keys.
  var showsFiles = false
  /// What the last frame used; rows are counted by it.
  var isSplit = false
  /// Rows of the body at the last frame, for paging.
  var pageRows = 10
}

/// What is asked for once more.
enum ReviewConfirm: Equatable, Sendable {
  case reject(file: Int?, count: Int)
  case accept(file: Int?, hunk: Int?, words: String)
  /// Hunks that need the one that was just rejected.
  case rejectLinked([ReviewPlace])
}

/// A hunk of a review.
struct ReviewPlace: Equatable, Sendable {
  var file: Int
  var hunk: Int
}
