import StetProtocol

/// The review's keys.
extension AppState {
  mutating func perform(_ command: ReviewCommand) {
    guard let review = prompts.review else {
      closeReview()
      return
    }
    let file = review.cursor.file
    if command != .rejectAll { prompts.updateReview { $0.confirmsRejectAll = false } }
    switch command {
    case .accept: decide(.accepted)
    case .reject: decide(.rejected)
    case .acceptFile: decideRest(.accepted, file: file)
    case .rejectFile: decideRest(.rejected, file: file)
    case .acceptAll: decideRest(.accepted, file: nil)
    case .rejectAll: rejectAll(review)
    case .toggle: toggle(review)
    case .undo: undoDecision()
    case .redo: redoDecision()
    case .edit: editOperation()
    case .comment: startComment()
    case .submit: submitOrContinue(review)
    case .leave:
      closeDialog()
      show("the review stays open · nothing was written")
    case .copy: copyHunk(review)
    case .files: prompts.updateReview { $0.showsFileList.toggle() }
    default: moveInReview(command, rows: max(1, size.rows - 6))
    }
  }

  private mutating func moveInReview(_ command: ReviewCommand, rows: Int) {
    prompts.updateReview { review in
      switch command {
      case .lineDown: review.moveCursor(by: 1)
      case .lineUp: review.moveCursor(by: -1)
      case .pageDown: review.moveCursor(by: rows)
      case .pageUp: review.moveCursor(by: -rows)
      case .first: review.cursor.row = 0
      case .last: review.moveCursor(by: .max / 2)
      case .nextHunk: review.stepHunk(1)
      case .previousHunk: review.stepHunk(-1)
      case .nextUndecided: review.stepUndecided(1)
      case .previousUndecided: review.stepUndecided(-1)
      case .nextFile: review.moveCursor(toFile: review.cursor.file + 1)
      case .previousFile: review.moveCursor(toFile: review.cursor.file - 1)
      default: break
      }
    }
  }

  private mutating func decide(_ verdict: ReviewVerdict) {
    prompts.updateReview { review in
      guard let hunk = review.currentHunk else { return }
      review.decide(verdict, file: review.cursor.file, hunk: hunk)
      review.stepUndecided(1)
    }
  }

  private mutating func decideRest(_ verdict: ReviewVerdict, file: Int?) {
    prompts.updateReview { review in
      review.decideRest(verdict, file: file)
      review.stepUndecided(1)
    }
  }

  /// Rejecting everything is asked for twice.
  private mutating func rejectAll(_ review: ReviewState) {
    if review.confirmsRejectAll {
      prompts.updateReview { $0.confirmsRejectAll = false }
      decideRest(.rejected, file: nil)
    } else {
      prompts.updateReview { $0.confirmsRejectAll = true }
      show("X again rejects all that is undecided", isWarning: true)
    }
  }

  private mutating func toggle(_ review: ReviewState) {
    guard let hunk = review.currentHunk else { return }
    let isUndecided = review.summary(review.files[review.cursor.file].hunks[hunk]) == .undecided
    prompts.updateReview { review in
      if isUndecided {
        review.decide(.accepted, file: review.cursor.file, hunk: hunk)
      } else {
        review.clear(file: review.cursor.file, hunk: hunk)
      }
    }
  }

  private mutating func undoDecision() {
    var isDone = false
    prompts.updateReview { isDone = $0.undo() }
    if !isDone { show("no decision to undo") }
  }

  private mutating func redoDecision() {
    var isDone = false
    prompts.updateReview { isDone = $0.redo() }
    if !isDone { show("no decision to redo") }
  }

  /// enter: submits when everything is decided, else shows what is not.
  private mutating func submitOrContinue(_ review: ReviewState) {
    if review.isComplete {
      submitReview()
      return
    }
    let left = review.hunkCount - review.decidedHunks
    prompts.updateReview { $0.stepUndecided(1) }
    show("\(Words.plural(left, "hunk")) undecided")
  }

  /// Sends the decisions as they are.
  mutating func submitReview() {
    guard let review = prompts.review else { return }
    answer(review.decision())
  }

  /// A change of one hunk is submitted with its only decision.
  mutating func finishIfSingle() {
    guard let review = prompts.review, review.isSingleHunk, review.isComplete, dialogs.isEmpty else { return }
    submitReview()
  }

  mutating func openReview() {
    guard prompts.review != nil else { return }
    dialogs.append(.review)
  }

  mutating func editOperation() {
    guard let operation = editableOperation, let review = prompts.review, let id = review.reviewId else {
      return
    }
    var text = operation.newText.map { $0 + "\n" }.joined()
    if case .edited(let earlier) = review.verdict(operation) { text = earlier }
    let path = review.files[review.cursor.file].movePath ?? review.files[review.cursor.file].path
    let name = path.split(separator: "/").last.map(String.init) ?? "hunk.txt"
    emit(.edit(text: text, fileName: name, purpose: .operation(reviewId: id, key: operation.key)))
  }

  /// A comment on the line under the cursor, or on the first changed line of the hunk.
  mutating func startComment() {
    guard let review = prompts.review, review.canDecideParts, let place = review.commentPlace else { return }
    ask(.comment(path: place.path, isNew: place.isNew, line: place.line))
  }

  private mutating func copyHunk(_ review: ReviewState) {
    guard let hunk = review.currentHunk else { return }
    let lines = review.files[review.cursor.file].hunks[hunk].lines
    emit(.copy(lines.filter { $0.kind == .plus || $0.kind == .context }.map(\.text).joined(separator: "\n")))
  }
}

extension ReviewState {
  /// Where a comment made now belongs.
  var commentPlace: (path: String, isNew: Bool, line: Int)? {
    guard files.indices.contains(cursor.file), let hunk = currentHunk else { return nil }
    let file = files[cursor.file]
    let lines = file.hunks[hunk].lines
    var line = lines.first { $0.kind == .plus || $0.kind == .minus }
    if rows.indices.contains(cursor.row), case .line(_, let index) = rows[cursor.row],
      lines.indices.contains(index)
    {
      line = lines[index]
    }
    guard let line else { return nil }
    if line.kind == .minus, let number = line.oldNumber { return (file.path, false, number) }
    return line.newNumber.map { (file.path, true, $0) }
  }
}
