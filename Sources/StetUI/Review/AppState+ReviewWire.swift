import StetProtocol
import StetText

/// What a review asks of the server, and what is kept of it for another run.
extension AppState {
  /// Hunks of one page of a review that is too long for its request.
  static let reviewPage: UInt32 = 5_000

  /// A new question: what an earlier run decided about it, and the pages that did not fit.
  mutating func readRest(of review: ReviewState) {
    guard let id = review.reviewId else { return }
    if review.isLoading {
      readPage(review.threadId, id, cursor: nil)
    } else {
      emit(.readReview(id: id))
    }
  }

  mutating func readPage(_ threadId: String, _ id: String, cursor: String?, withText: Bool = false) {
    var params = StetReviewReadParams(
      threadId: threadId, reviewId: id, cursor: cursor, limit: Self.reviewPage)
    if withText { params.includeText = true }
    emit(.send(.stetReviewRead(params), .reviewPage(reviewId: id)))
  }

  mutating func receiveReviewPage(_ id: String, _ result: Result<StetReviewReadResponse, RPCError>) {
    if starting?.reviewId == id { return receiveStartedPage(id, result) }
    guard let review = prompts.review, review.reviewId == id, review.isLoading else { return }
    switch result {
    case .failure(let error):
      show("the review could not be read whole: \(error.message)", isWarning: true)
    case .success(let page):
      let pages = review.pages + page.files
      if let cursor = page.nextCursor, !page.files.isEmpty {
        prompts.updateReview { $0.pages = pages }
        return readPage(review.threadId, id, cursor: cursor)
      }
      var changes: [FileChangeContent.File] = []
      if case .fileChange(let content) = transcript.item(review.itemId)?.content { changes = content.files }
      let files = ReviewState.files(Self.joined(pages), beside: [], changes)
      prompts.updateReview { review in
        review.pages = []
        review.isLoading = false
        review.replaceFiles(files)
      }
      emit(.readReview(id: id))
    }
  }

  /// A file whose hunks stand on several pages is one file.
  static func joined(_ pages: [StetReviewFile]) -> [StetReviewFile] {
    var files: [StetReviewFile] = []
    for file in pages {
      if let last = files.last, last.path == file.path {
        files[files.count - 1].hunks = (last.hunks ?? []) + (file.hunks ?? [])
      } else {
        files.append(file)
      }
    }
    return files
  }

  mutating func receiveReviewPreview(_ id: String, _ result: Result<StetReviewPreviewResponse, RPCError>) {
    guard let review, review.reviewId == id, case .success(let preview) = result else { return }
    // The first question was about nothing accepted: what would conflict comes with the second.
    if preview.files.contains(where: { !$0.conflictedHunks.isEmpty }) {
      return updateReview { $0.markConflicts(preview.files) }
    }
    let wasStale = review.files.contains(where: \.isStale)
    updateReview { $0.markStale(preview.files) }
    let stale = preview.files.count(where: \.stale)
    if stale > 0, !wasStale { askForConflicts(id, preview.files) }
    if stale > 0 {
      show(
        "\(Words.plural(stale, "file")) changed on disk: what you decide is merged and shown again",
        isWarning: true)
    }
  }

  /// Which hunks of the files that changed on disk would conflict, if all were accepted, or rolled back.
  private mutating func askForConflicts(_ id: String, _ previews: [StetFilePreview]) {
    guard let review else { return }
    let stale = Set(previews.filter(\.stale).map(\.path))
    let verdict = review.isOnDisk ? StetFileVerdict.reject : .accept
    let files = review.files.filter { stale.contains($0.path) }.map {
      StetFileDecision(path: $0.path, baseHash: $0.baseHash, decision: verdict)
    }
    let params = StetReviewPreviewParams(threadId: review.threadId, reviewId: id, files: files)
    emit(.send(.stetReviewPreview(params), .reviewPreview(reviewId: id)))
  }

  // MARK: Drafts

  mutating func restoreReview(_ id: String, _ draft: JSONValue) {
    guard let review = keptReview, review.reviewId == id, !review.hasDraft else { return }
    updateKeptReview { $0.restore(draft) }
    guard let restored = keptReview, restored.hasDraft else { return }
    savedReview = (id, restored.revision)
    show("your decisions are back: \(restored.decidedHunks) of \(restored.hunkCount)")
  }

  /// The review whose decisions another run can take up: one that waits and is on the screen, else the question's.
  var keptReview: ReviewState? { viewer?.isWaiting == true ? viewer : prompts.review }

  private mutating func updateKeptReview(_ change: (inout ReviewState) -> Void) {
    if viewer?.isWaiting == true { updateReview(change) } else { prompts.updateReview(change) }
  }

  /// Decisions are saved like a draft: a moment after the last one.
  mutating func noteReviewChange() {
    guard let review = keptReview, !review.isLoading, let id = review.reviewId, draftChangedAt == nil else {
      return
    }
    let isSaved = savedReview.map { $0.id == id && $0.revision == review.revision } ?? (review.revision == 0)
    if !isSaved { draftChangedAt = now }
  }

  mutating func saveReviewDraft() {
    // What an earlier run kept is not written over before it is read.
    guard let review = keptReview, !review.isLoading, let id = review.reviewId else { return }
    guard savedReview?.id != id || savedReview?.revision != review.revision else { return }
    guard savedReview?.id == id || review.hasDraft else { return }
    savedReview = (id, review.revision)
    emit(.save(.review(id: id, review.hasDraft ? review.draft : nil)))
  }

  mutating func forgetDraft(of review: ReviewState) {
    guard let id = review.reviewId, savedReview?.id == id else { return }
    savedReview = nil
    emit(.save(.review(id: id, nil)))
  }

  // MARK: Git

  /// Only what is on disk can be staged, and only on request.
  var stageObstacle: String? {
    guard let review, review.reviewId != nil, !review.isViewer else { return "there is nothing to stage" }
    return review.isOnDisk ? nil : "nothing of it is on disk yet: submit first"
  }

  mutating func stageAccepted() {
    guard let review, let id = review.reviewId else { return }
    let files = review.decidedFiles.filter { $0.decision != .partial || $0.ops?.isEmpty == false }
    guard files.contains(where: { $0.decision != .reject }) else { return show("nothing is accepted yet") }
    sendReview("stet/review/stage", review, id, files: files, tag: .reviewStage)
  }

  mutating func sendReview(
    _ method: String, _ review: ReviewState, _ id: String, files: [StetFileDecision], tag: RequestTag,
    withWords: Bool = false
  ) {
    do {
      var params: JSONObject = [
        "threadId": .string(review.threadId), "reviewId": .string(id),
        "files": try JSONValue(encoding: files),
      ]
      if withWords {
        if !review.lineComments.isEmpty { params["comments"] = try JSONValue(encoding: review.lineComments) }
        if let message = review.message { params["message"] = .string(message) }
      }
      emit(.send(.unknown(method: method, params: .object(params)), tag))
    } catch {
      show("the decisions could not be encoded", isWarning: true)
    }
  }

  mutating func receiveStaged(_ result: Result<JSONValue, RPCError>) {
    switch result {
    case .failure(let error): show("not staged: \(error.message)", isWarning: true)
    case .success(let outcome):
      let count = outcome["files"]?.arrayValue?.count ?? 0
      show("staged in \(Words.plural(count, "file")) · ctrl-k commits")
    }
  }

  mutating func draftCommit() {
    guard let review, let id = review.reviewId else { return }
    if let draft = commitDraft, draft.id == id {
      commitDraft = nil
      return ask(.commitMessage, text: draft.text)
    }
    keysAtRequest = keysTaken
    let params: JSONValue = ["threadId": .string(review.threadId), "reviewId": .string(id)]
    emit(.send(.unknown(method: "stet/review/commitDraft", params: params), .commitDraft(reviewId: id)))
    show("the model drafts a message …")
  }

  mutating func receiveCommitDraft(_ id: String, _ result: Result<JSONValue, RPCError>) {
    guard isReviewOpen, review?.reviewId == id else { return }
    var text = ""
    switch result {
    case .failure(let error): show("no draft: \(error.message)", isWarning: true)
    case .success(let answer):
      notice = nil
      text = answer["message"]?.stringValue ?? ""
    }
    // Keys that were meant for the review must not end up in a message, nor send it.
    guard keysTaken == keysAtRequest, reviewField == nil else {
      commitDraft = (id, text)
      return show("the message is drafted · ctrl-k opens it")
    }
    ask(.commitMessage, text: text)
    arrival = Arrival()
  }

  private static let committing = "committing …"

  /// The review is left or the connection lost: what is on the screen waits for no answer.
  mutating func forgetCommitting() {
    if notice?.text == Self.committing { notice = nil }
    if reviewField?.purpose == .commitMessage { reviewField?.isSent = false }
  }

  mutating func commit(_ message: String) {
    guard let review, reviewField?.isSent != true else { return }
    // What was typed stays until it is committed.
    reviewField?.isSent = true
    show(Self.committing)
    let params: JSONValue = ["threadId": .string(review.threadId), "message": .string(message)]
    emit(.send(.unknown(method: "stet/review/commit", params: params), .commit(reviewId: review.reviewId)))
  }

  /// - Parameter id: the review that was committed from; its message may have been left meanwhile, and the field on the
  ///   screen be another one's.
  mutating func receiveCommit(_ id: String?, _ result: Result<JSONValue, RPCError>) {
    let isOurs =
      reviewField?.purpose == .commitMessage && reviewField?.isSent == true && review?.reviewId == id
    switch result {
    case .failure(let error):
      if isOurs { reviewField?.isSent = false }
      show("not committed: \(error.message)", isWarning: true)
      // A hook says why in many lines.
      if error.message.utf8.contains(0x0A) { warn("Not committed:\n" + error.message) }
    case .success(let answer):
      if isOurs { reviewField = nil }
      show("committed \(Words.firstLine(answer["sha"]?.stringValue ?? "").prefix(12))")
    }
  }
}
