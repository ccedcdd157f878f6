import StetProtocol

/// Reviews that wait at the server without an open question: of a turn whose edits landed, and of a proposal whose
/// program ended before it was decided (review.md A5; U24).
extension AppState {
  /// Those that no question on the screen stands for, oldest first.
  var waitingReviews: [StetReviewRow] {
    waitingRows.filter { row in
      row.hunksUndecided > 0
        && !prompts.prompts.contains { prompt in
          if case .review(let review) = prompt.kind { review.reviewId == row.reviewId } else { false }
        }
    }
  }

  mutating func listWaitingReviews() {
    guard let thread, server?.hunkReview == true else { return }
    emit(.send(.stetReviewList(.init(threadId: thread.id, state: .pending)), .reviewList))
  }

  mutating func receiveWaiting(_ result: Result<StetReviewListResponse, RPCError>) {
    switch result {
    case .success(let response): waitingRows = response.data.reversed()
    // An older server of stet has no list; a thread without one has nothing that waits.
    case .failure: waitingRows = []
    }
  }

  mutating func noteReview(_ note: StetReviewChangedNotification) {
    guard note.hunksUndecided > 0 else { return forgetWaiting(note.reviewId) }
    // What a running turn proposes comes as a question of its own.
    if note.state == .applied || !isWorking { listWaitingReviews() }
  }

  mutating func forgetWaiting(_ id: String) {
    waitingRows.removeAll { $0.reviewId == id }
    if laidAside?.reviewId == id { laidAside = nil }
    if readyReview?.reviewId == id { readyReview = nil }
  }

  /// What the line above the composer says of them.
  var waitingWords: String? {
    let rows = waitingReviews
    guard let newest = rows.last else { return readyReview.map { "the review of \($0.title) is ready" } }
    let hunks = rows.reduce(0) { $0 + $1.hunksUndecided }
    let files = rows.reduce(0) { $0 + $1.filesTotal }
    let what = rows.count == 1 ? "a review waits" : "\(rows.count) reviews wait"
    let place = newest.isOnDisk ? " on disk" : ""
    return "\(what): \(Words.plural(hunks, "hunk")) in \(Words.plural(files, "file"))\(place)"
  }

  /// Opens the newest of them; what an earlier run decided comes back with it.
  mutating func openWaiting() {
    if let ready = readyReview { return present(ready, byKey: true) }
    guard let row = waitingReviews.last else { return }
    if let laidAside, laidAside.reviewId == row.reviewId { return goOnReviewing(laidAside) }
    var start = StartingReview(
      reviewId: row.reviewId, title: row.isOnDisk ? "what the turn changed" : "an edit that was not decided",
      isOnDisk: row.isOnDisk)
    start.use = .decide(all: true)
    starting = start
    keysAtRequest = keysTaken
    readPage(thread?.id ?? "", row.reviewId, cursor: nil, withText: true)
    show("reading the review …")
  }

  /// A review that was left with words or decisions in it goes on where it was.
  mutating func goOnReviewing(_ review: ReviewState) {
    laidAside = nil
    view(review)
  }

  /// Puts a review that no question asks for on the screen.
  mutating func view(_ review: ReviewState) {
    notice = nil
    // Colours are kept by names that another review may have, too.
    reviewRows = ReviewRowCache()
    viewer = review
    arrival = nil
    dialogs.append(.review)
  }

  /// The review on the screen is closed; what was said and decided in it is kept.
  mutating func layAside() {
    saveReviewDraft()
    guard let review = viewer, launch != .viewer, review.hasWords else { return }
    keepWords(of: laidAside)
    laidAside = review
  }

  /// The thread is left, and its reviews with it: the next thread has the keys. Decisions are kept for another run.
  mutating func leaveReviews() {
    saveReviewDraft()
    forgetCommitting()
    keepTyped(reviewField)
    for prompt in prompts.prompts { keepTyped(prompt.field) }
    keepWords(of: laidAside)
    keepWords(of: viewer)
    (viewer, starting, readyReview, reviewField) = (nil, nil, nil, nil)
    (laidAside, lastReview, commitDraft) = (nil, nil, nil)
    isReviewDue = false
    dialogs.removeAll { if case .review = $0 { true } else { false } }
  }

  /// What was said in a review that can't be gone on with stands among the user's messages, as it would have been sent.
  private mutating func keepWords(of review: ReviewState?) {
    guard var said = review, !said.isWaiting, !said.comments.isEmpty else { return }
    // Its decisions are not carried out.
    said.isViewer = true
    composer.remember(Self.message(of: said, in: thread?.directory ?? environment.directory))
    show("what you said of \(said.title) is among your messages: ↑ brings it back")
  }

  /// A line that was being typed for a question or a review that goes stands among the user's messages.
  mutating func keepTyped(_ field: PromptField?) {
    guard let field, field.buffer.characters.contains(where: { !$0.isWhitespace }) else { return }
    switch field.purpose {
    case .comment, .commitMessage, .instead, .editCommand, .answer(isSecret: false):
      composer.remember(field.buffer.text)
      show("what you were typing is among your messages: ↑ brings it back")
    case .rule, .remember, .search, .answer: break
    }
  }
}

extension StetReviewRow {
  /// Its changes are on disk already: a rejection takes them back.
  var isOnDisk: Bool { reviewState == .applied }
}
