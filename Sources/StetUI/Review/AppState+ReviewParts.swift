import StetProtocol
import StetText

/// Views, comments, edits and searches of a review.
extension AppState {
  mutating func setLayout(_ layout: ReviewViewOptions.Layout) {
    updateReview { $0.view.layout = layout }
    switch layout {
    case .auto: show("side by side where the pane is wide enough")
    case .unified: show("one below the other")
    case .split:
      show(
        size.columns >= 2 * (Self.leastSideColumns + 8) + 5
          ? "side by side" : "the pane is too narrow for two sides")
    }
  }

  // MARK: Context

  /// z, Z: shows unchanged lines. The text is asked for once a file.
  mutating func expand(whole: Bool) {
    guard let review, let file = review.file else { return }
    if file.isFolded {
      updateReview { review in
        review.files[review.cursor.file].isFolded = false
        review.rebuild()
        review.cursor.row = 0
      }
      return
    }
    guard file.kind != "add", file.kind != "delete", !file.lines.isEmpty else {
      return show("everything is shown")
    }
    guard file.sides != nil else { return readSides(of: file, whole ? .expandFile : .expand) }
    let before = file.lines.count
    updateReview { review in
      let place = review.currentRow
      let hunk = review.currentHunk ?? 0
      let line = place?.lines.last.map { review.files[review.cursor.file].lines[$0] }
      if whole {
        review.files[review.cursor.file].expandAll()
      } else if case .gap(let gap)? = place {
        review.files[review.cursor.file].expand(gap: gap)
      } else {
        review.files[review.cursor.file].expand(gap: hunk + 1)
        review.files[review.cursor.file].expand(gap: hunk)
      }
      review.rebuild(at: line, hunk: hunk)
    }
    if self.review?.file?.lines.count == before { show("everything is shown") }
  }

  private mutating func readSides(of file: ReviewFile, _ purpose: ReviewTextPurpose) {
    guard let review, let id = review.reviewId else {
      return show("the rest of the file is not known here")
    }
    var params = StetReviewReadParams(threadId: review.threadId, reviewId: id, path: file.path, limit: 1)
    params.includeText = true
    emit(.send(.stetReviewRead(params), .reviewText(reviewId: id, path: file.path, purpose)))
    show("reading the file …")
  }

  mutating func receiveReviewText(
    _ id: String, _ path: String, _ purpose: ReviewTextPurpose,
    _ result: Result<StetReviewReadResponse, RPCError>
  ) {
    guard let review, review.reviewId == id,
      let index = review.files.firstIndex(where: { $0.path == path })
    else { return }
    switch result {
    case .failure(let error): show("the file could not be read: \(error.message)", isWarning: true)
    case .success(let response):
      guard let file = response.files.first, file.base != nil || file.proposed != nil else {
        return show("there is no text to show")
      }
      notice = nil
      let base = file.base.flatMap(Base64.bytes) ?? []
      updateReview {
        $0.files[index].sides = ReviewSides(base: base, proposed: file.proposed.flatMap(Base64.bytes) ?? [])
      }
      guard review.cursor.file == index else { return }
      switch purpose {
      case .expand: expand(whole: false)
      case .expandFile: expand(whole: true)
      case .edit: editReviewFile()
      }
    }
  }

  mutating func splitHunk() {
    var isDone = false
    updateReview { review in
      guard let hunk = review.currentHunk, review.canDecideParts else { return }
      isDone = review.files[review.cursor.file].split(hunk: hunk)
      guard isDone else { return }
      review.tallies[review.cursor.file] = review.tally(review.cursor.file)
      review.rebuild()
      review.moveCursor(toHunk: hunk)
    }
    if !isDone { show("this hunk can't be split further · v selects lines") }
  }

  /// r: this file was looked at; on to the next that was not.
  mutating func markViewed(_ review: ReviewState) {
    let file = review.cursor.file
    let isViewed = review.viewed.contains(file)
    updateReview { review in
      if isViewed {
        review.viewed.remove(file)
      } else {
        review.viewed.insert(file)
        let order = Array(review.files.indices[(file + 1)...]) + Array(review.files.indices[..<file])
        if let next = order.first(where: { !review.viewed.contains($0) }) { review.moveCursor(toFile: next) }
      }
      review.revision += 1
    }
    let left = review.files.count - (self.review?.viewed.count ?? 0)
    show(
      isViewed
        ? "not viewed" : left == 0 ? "every file is viewed" : "\(Words.plural(left, "file")) not viewed")
  }

  // MARK: Words

  /// A comment on the selection, the line under the cursor, or the first changed line of the hunk; on a comment, that
  /// comment.
  mutating func startComment() {
    guard let review else { return }
    if case .comment(let index)? = review.currentRow, review.comments.indices.contains(index),
      !dialogs.isEmpty
    {
      let comment = review.comments[index]
      return ask(.comment(comment.place, index: index), text: comment.text)
    }
    guard let place = review.commentPlace else { return }
    ask(.comment(place, index: nil))
  }

  mutating func finishComment(_ place: ReviewComment.Place, _ index: Int?, _ text: String) {
    let isBlank = !text.contains { !$0.isWhitespace }
    notice = nil
    guard !isBlank || index != nil else { return }
    updateReview { $0.comment(ReviewComment(place: place, text: isBlank ? "" : text), replacing: index) }
  }

  /// o: a question about the hunk, without a decision: it goes to the agent with the answer.
  mutating func explain(_ review: ReviewState) {
    guard let place = review.commentPlace else { return }
    updateReview { $0.comment(ReviewComment(place: place, text: Self.explainWords)) }
    show("asked with your answer: nothing is decided by it")
  }

  static let explainWords = "Explain this change: what is it for?"

  // MARK: Search

  mutating func finishSearch(_ text: String) {
    updateReview { review in
      review.search.text = text
      review.findMatches()
    }
    guard !text.isEmpty else { return }
    goToMatch(1, includesCurrent: true)
  }

  mutating func goToMatch(_ step: Int, includesCurrent: Bool = false) {
    guard let review, !review.search.text.isEmpty else { return show("/ searches") }
    var place: Int?
    updateReview { place = $0.stepMatch(step, includesCurrent: includesCurrent) }
    let total = review.search.matches.count
    let more = total >= ReviewSearch.maxMatches ? "+" : ""
    show(
      place.map { "\($0) of \(total)\(more) lines · ctrl-n next · ctrl-p previous" }
        ?? "not found: \(Words.firstLine(review.search.text))", isWarning: place == nil)
  }

  // MARK: Editing

  /// The operations whose result `e` edits: those of the hunk under the cursor.
  var editablePart: Range<Int>? {
    guard let review, review.canDecideParts, !review.isViewer, let file = review.file, !file.isFolded,
      let hunk = review.currentHunk
    else { return nil }
    let own = file.hunks[hunk].operations
    return !own.isEmpty && file.operations[own].allSatisfy { $0.role == .content } ? own : nil
  }

  mutating func editHunk() {
    guard let review, let file = review.file, let own = editablePart, let id = review.reviewId,
      var text = review.proposedText(file: review.cursor.file, operations: own)
    else { return }
    if case .edited(let edit)? = review.verdict(review.cursor.file, own.lowerBound), edit.count == own.count {
      text = edit.text
    }
    guard !text.unicodeScalars.contains("\u{FFFD}") else {
      return show("these lines are no UTF-8: an editor would change them", isWarning: true)
    }
    let purpose = EditPurpose.reviewHunk(reviewId: id, file: review.cursor.file, operations: own)
    emit(.edit(text: text, fileName: Self.fileName(file), purpose: purpose))
  }

  private static func fileName(_ file: ReviewFile) -> String {
    file.name.split(separator: "/").last.map(String.init) ?? "hunk.txt"
  }

  /// E: the whole proposed file, or what an earlier edit made of it.
  mutating func editReviewFile() {
    guard let review, review.canDecideParts, let file = review.file, let id = review.reviewId else { return }
    guard let sides = file.sides else { return readSides(of: file, .edit) }
    guard file.operations.contains(where: { $0.role == .content }) else {
      return show("there are no lines to edit here")
    }
    guard var text = sides.proposedText else {
      return show("the file is no UTF-8: an editor would change it")
    }
    for case .edited(let edit)? in review.verdicts[review.cursor.file] where edit.isWholeFile {
      text = edit.text
    }
    emit(
      .edit(
        text: text, fileName: Self.fileName(file),
        purpose: .reviewFile(reviewId: id, file: review.cursor.file)))
  }

  mutating func finishReviewEdit(_ id: String, _ change: (inout ReviewState) -> Bool) {
    guard review?.reviewId == id else {
      return show("the review is over; the edit was not used", isWarning: true)
    }
    var isTaken = false
    updateReview { review in
      isTaken = change(&review)
      if isTaken, let hunk = review.currentHunk,
        review.summary(file: review.cursor.file, hunk: hunk).isDecided
      {
        review.stepUndecided(1)
      }
    }
    guard isTaken else {
      return show("not used: this file can't be edited as a whole", isWarning: true)
    }
    finishIfSingle()
  }

  mutating func finishFileEdit(_ id: String, _ file: Int, _ text: String) {
    let refused = review?.rejectedOperations(file: file) ?? 0
    finishReviewEdit(id) { $0.editFile(file, text: text) }
    guard refused > 0, let review, review.reviewId == id, review.rejectedOperations(file: file) == 0 else {
      return
    }
    show(
      "your text stands for the whole file, with what you had rejected in it · u takes it back",
      isWarning: true)
  }

  mutating func copyHunk(_ review: ReviewState) {
    guard let file = review.file else { return }
    var lines = review.selectedLines
    if lines == nil, let hunk = review.currentHunk {
      lines = file.lines[file.hunks[hunk].lines].filter { $0.kind == .plus || $0.kind == .context }
    }
    emit(.copy((lines ?? []).filter { $0.kind != .noNewline }.map(\.text).joined(separator: "\n")))
    updateReview { $0.cursor.anchor = nil }
  }
}

/// What a file's text was asked for.
public enum ReviewTextPurpose: Hashable, Sendable { case expand, expandFile, edit }
