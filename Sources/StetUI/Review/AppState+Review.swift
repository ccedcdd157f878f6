import StetProtocol

/// The review's keys.
extension AppState {
  /// The review on the screen: a diff that is looked at, else the one that is asked about.
  var review: ReviewState? { viewer ?? prompts.review }

  mutating func updateReview(_ change: (inout ReviewState) -> Void) {
    if var review = viewer {
      viewer = nil
      change(&review)
      viewer = review
    } else {
      prompts.updateReview(change)
    }
  }

  mutating func perform(_ command: ReviewCommand) {
    guard let review else {
      closeReview()
      return
    }
    switch command {
    case .accept: decide(.accepted)
    case .reject: decide(.rejected)
    case .acceptFile: acceptRest(file: review.cursor.file)
    case .acceptAll: acceptRest(file: nil)
    case .rejectFile: askToReject(file: review.cursor.file)
    case .rejectAll: askToReject(file: nil)
    case .toggle: toggle(review)
    case .undo: if !step({ $0.undo() }) { show("no decision to undo") }
    case .redo: if !step({ $0.redo() }) { show("no decision to redo") }
    case .edit: editHunk()
    case .editFile: editReviewFile()
    case .comment: startComment()
    case .commentFile: ask(.comment(.file(path: review.files[review.cursor.file].path), index: nil))
    case .commentAll: ask(.comment(.whole, index: nil))
    case .explain: explain(review)
    case .submit: submitOrContinue(review)
    case .leave: leaveReview(review)
    case .copy: copyHunk(review)
    case .mode: switchReviewMode()
    case .search: ask(.search, text: review.search.text)
    case .nextMatch: goToMatch(1)
    case .previousMatch: goToMatch(-1)
    case .stage: stageAccepted()
    case .commit: draftCommit()
    default: look(command, review)
    }
  }

  /// What changes the view alone.
  private mutating func look(_ command: ReviewCommand, _ review: ReviewState) {
    switch command {
    case .split: setLayout(.split)
    case .unified: setLayout(.unified)
    case .autoLayout: setLayout(.auto)
    case .expand: expand(whole: false)
    case .expandFile: expand(whole: true)
    case .splitHunk: splitHunk()
    case .notes:
      updateReview { review in
        review.view.showsNotes.toggle()
        review.rebuild()
      }
      show(review.view.showsNotes ? "the agent's notes are hidden" : "the agent's notes are shown")
    case .wrap:
      let wraps = review.view.wraps ?? (size.columns < 100 || review.view.isSplit)
      updateReview { $0.view.wraps = !wraps }
      show(wraps ? "long lines are cut" : "long lines are wrapped")
    case .whitespace:
      updateReview { review in
        review.view.ignoresWhitespace.toggle()
        review.rebuild()
      }
      show(
        review.view.ignoresWhitespace
          ? "changes of blanks are shown" : "changes of blanks are not marked; they are decided all the same")
    case .viewed: markViewed(review)
    case .selectLines, .selectHunk:
      moveInReview(command)
      if self.review?.cursor.anchor != nil {
        show("y, n, c and ctrl-y are about the selected lines · v or q ends it")
      }
    case .files: updateReview { $0.view.showsFiles.toggle() }
    case .nextRemark: if !step({ $0.stepRemark(1) }) { show("no notes or comments") }
    case .previousRemark: if !step({ $0.stepRemark(-1) }) { show("no notes or comments") }
    default: moveInReview(command)
    }
  }

  private mutating func moveInReview(_ command: ReviewCommand) {
    updateReview { review in
      let page = max(1, review.view.pageRows - 1)
      switch command {
      case .lineDown: review.moveCursor(by: 1)
      case .lineUp: review.moveCursor(by: -1)
      case .pageDown: review.moveCursor(by: page)
      case .pageUp: review.moveCursor(by: -page)
      case .halfPageDown: review.moveCursor(by: max(1, page / 2))
      case .halfPageUp: review.moveCursor(by: -max(1, page / 2))
      case .first: review.cursor.row = 0
      case .last: review.moveCursor(by: .max / 2)
      case .nextHunk: review.stepHunk(1)
      case .previousHunk: review.stepHunk(-1)
      case .nextUndecided: review.stepUndecided(1)
      case .previousUndecided: review.stepUndecided(-1)
      case .nextFile: review.moveCursor(toFile: review.cursor.file + 1)
      case .previousFile: review.moveCursor(toFile: review.cursor.file - 1)
      case .selectLines: review.cursor.anchor = review.cursor.anchor == nil ? review.cursor.row : nil
      case .selectHunk: review.selectHunk()
      default: break
      }
    }
  }

  /// Changes the review and says whether there was something to change.
  private mutating func step(_ change: (inout ReviewState) -> Bool) -> Bool {
    var isDone = false
    updateReview { isDone = change(&$0) }
    return isDone
  }

  // MARK: Deciding

  private mutating func decide(_ verdict: ReviewVerdict) {
    guard let review else { return }
    if let selected = review.selectedOperations {
      guard !selected.isEmpty else { return show("no change among the selected lines") }
      if verdict == .accepted, asksToDelete(file: review.cursor.file, hunk: review.currentHunk) { return }
      updateReview { review in
        review.decide(verdict, file: review.cursor.file, operations: selected)
        review.cursor.row = review.cursor.rows.upperBound
        review.cursor.anchor = nil
        if let hunk = review.currentHunk, review.summary(file: review.cursor.file, hunk: hunk).isDecided {
          review.stepUndecided(1)
        }
      }
      return
    }
    if verdict == .accepted, asksToDelete(file: review.cursor.file, hunk: review.currentHunk) { return }
    decideHunk(verdict)
  }

  private mutating func decideHunk(_ verdict: ReviewVerdict) {
    let place = review.flatMap { review in
      review.currentHunk.map { ReviewPlace(file: review.cursor.file, hunk: $0) }
    }
    defer { if verdict == .rejected, let place { askAboutLinked(to: place) } }
    updateReview { review in
      review.decideShown(verdict)
      review.stepUndecided(1)
    }
    if let review, review.isComplete { show("all decided · enter submits") }
  }

  /// The agent said that other hunks need the rejected one: they are offered, never taken along silently.
  private mutating func askAboutLinked(to place: ReviewPlace) {
    guard let review, isReviewOpen else { return }
    let linked = review.linked(to: place)
    if !linked.isEmpty { updateReview { $0.confirm = .rejectLinked(linked) } }
  }

  private mutating func acceptRest(file: Int?) {
    if !asksToDelete(file: file, hunk: nil) { decideRest(.accepted, file: file) }
  }

  private mutating func decideRest(_ verdict: ReviewVerdict, file: Int?) {
    updateReview { review in
      review.decideRest(verdict, file: file)
      review.stepUndecided(1)
    }
    if let review, review.isComplete { show("all decided · enter submits") }
  }

  /// Whether accepting would delete more than anybody reads in passing: then it is asked for once more, whichever key
  /// it was.
  private mutating func asksToDelete(file: Int?, hunk: Int?) -> Bool {
    guard let review else { return false }
    let files = review.largeDeletes(file: review.canDecideParts ? file : nil)
    guard let first = files.first else { return false }
    let name = viewContext.path(review.files[first].path)
    let words =
      files.count == 1
      ? "Delete \(name), \(review.files[first].removed) lines?"
      : "Delete \(files.count) files, \(name) the first of them?"
    updateReview { $0.confirm = .accept(file: file, hunk: hunk, words: words) }
    return true
  }

  private mutating func askToReject(file: Int?) {
    guard let review else { return }
    let count = review.undecided(file: file)
    guard count > 0 else { return show("nothing is undecided here") }
    updateReview { $0.confirm = .reject(file: file, count: count) }
  }

  /// What the question about a wide decision was answered; anything but yes leaves everything as it is.
  mutating func perform(_ command: ReviewConfirmCommand) {
    guard let confirm = review?.confirm else { return }
    updateReview { $0.confirm = nil }
    guard command == .yes else { return show("nothing was decided") }
    switch confirm {
    case .reject(let file, _): decideRest(.rejected, file: file)
    case .accept(_, .some, _): decideHunk(.accepted)
    case .accept(let file, nil, _): decideRest(.accepted, file: file)
    case .rejectLinked(let places):
      updateReview { review in
        for place in places { review.decide(.rejected, file: place.file, hunk: place.hunk) }
        review.stepUndecided(1)
      }
    }
  }

  private mutating func toggle(_ review: ReviewState) {
    guard let hunk = review.currentHunk else { return }
    let file = review.cursor.file
    let isFolded = review.files[file].isFolded
    let isDecided = (isFolded ? review.summary(file: file) : review.summary(file: file, hunk: hunk)).isDecided
    if !isDecided, asksToDelete(file: file, hunk: hunk) { return }
    updateReview { $0.decideShown(isDecided ? nil : .accepted) }
  }

  /// enter: opens what is folded; submits when everything is decided; else shows what is not.
  private mutating func submitOrContinue(_ review: ReviewState) {
    if case .gap? = review.currentRow { return expand(whole: false) }
    if review.isViewer || review.currentRow == .folded && !review.isComplete { return expand(whole: false) }
    if review.isStarted { return submitStarted() }
    if review.isLoading { return show(Self.loadingWords) }
    if review.isComplete { return submitReview() }
    let left = review.hunkCount - review.decidedHunks
    updateReview { $0.stepUndecided(1) }
    show("\(Words.plural(left, "hunk")) undecided")
  }

  /// Sends the decisions as they are.
  mutating func submitReview() {
    guard let review = prompts.review else { return }
    if review.isLoading { return show(Self.loadingWords) }
    forgetDraft(of: review)
    // "enter submits" is said of what is not sent yet.
    notice = nil
    answer(review.decision())
    // The server has what was said; a review that takes this one's place does not say it again.
    if lastReview?.reviewId == review.reviewId { lastReview?.comments = [] }
  }

  static let loadingWords = "the rest of the review is still being read"

  /// Accepts from the question in the conversation. A large delete is asked for once more, in the full review.
  mutating func acceptFromPrompt(_ accept: (inout ReviewState) -> Void) {
    guard let review = prompts.review else { return }
    if review.isLoading { return show(Self.loadingWords) }
    if asksToDelete(file: nil, hunk: review.isSingleHunk ? 0 : nil) { return openReview() }
    prompts.updateReview(accept)
    submitReview()
  }

  /// Refuses all of it, decided before or not; what was said goes along.
  mutating func refuseReview() {
    // Of a review that is not read whole nothing is decided, and all of it can be refused.
    if let review = prompts.review, review.isLoading {
      return answer(FileChangeApprovalDecision.decline)
    }
    prompts.updateReview { $0.decideAll(.rejected) }
    submitReview()
  }

  /// A change of one hunk is submitted with its only decision.
  mutating func finishIfSingle() {
    guard let review = prompts.review, review.isSingleHunk, review.isComplete, dialogs.isEmpty else { return }
    submitReview()
  }

  mutating func openReview() {
    guard let review = prompts.review else { return }
    dialogs.append(.review)
    // What stands on the disk by now may be another file than the one that the agent read.
    guard let id = review.reviewId, server?.hunkReview == true else { return }
    let params = StetReviewPreviewParams(
      threadId: review.threadId, reviewId: id, files: review.emptyDecisions)
    emit(.send(.stetReviewPreview(params), .reviewPreview(reviewId: id)))
  }

  private mutating func leaveReview(_ review: ReviewState) {
    if review.cursor.anchor != nil {
      updateReview { $0.cursor.anchor = nil }
      return
    }
    if !review.search.text.isEmpty {
      updateReview { $0.search = ReviewSearch() }
      return
    }
    saveReviewDraft()
    let isLooking = viewer != nil
    closeDialog()
    if isLooking {
      if launch == .viewer { return quit() }
      if laidAside != nil {
        show("kept: /review goes on with it · /review send tells the agent")
      } else if review.isWaiting {
        show("the review waits on · ctrl-x opens it")
      }
      return
    }
    show(
      review.isOnDisk
        ? "the review stays open · everything is still on disk"
        : "the review stays open · nothing was written")
  }
}
