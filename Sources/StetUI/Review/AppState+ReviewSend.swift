import StetProtocol

/// `/review send`: comments and verdicts as one message when the turn is over (issue 8).
extension AppState {
  mutating func sendReviewMessage() {
    guard let review = laidAside else {
      guard prompts.review == nil else { return show("enter in the review sends it with the answer") }
      return show("nothing is said or decided yet: /review and /diff open what can be")
    }
    guard thread != nil, closedReason == nil else { return show("not connected", isWarning: true) }
    guard !isWorking else {
      isReviewDue = true
      return show("the review goes out when the turn is over")
    }
    send(review)
  }

  /// The turn is over: what was to go out then goes out, unless the user stopped it.
  mutating func sendDueReview(after status: TurnStatus) {
    guard isReviewDue else { return }
    isReviewDue = false
    guard let review = laidAside else { return }
    if status == .completed { send(review) } else { show("the review is kept · /review send sends it") }
  }

  /// Verdicts go to the server, which carries them out; the words follow as a message of the user.
  private mutating func send(_ review: ReviewState) {
    let files = review.isViewer || review.isWaiting && !review.isComplete ? [] : review.decidedFiles
    guard let id = review.reviewId, !files.isEmpty else { return sendWords(of: review) }
    sendReview("stet/review/decide", review, id, files: files, tag: .reviewSend(reviewId: id))
  }

  mutating func receiveSent(_ id: String, _ result: Result<StetReviewOutcome, RPCError>) {
    switch result {
    case .failure(let error):
      show("the review was not sent: \(error.message)", isWarning: true)
    case .success:
      guard let review = laidAside, review.reviewId == id else { return }
      forgetDraft(of: review)
      sendWords(of: review)
    }
  }

  private mutating func sendWords(of review: ReviewState) {
    laidAside = nil
    notice = nil
    submit(Self.message(of: review, in: thread?.directory ?? environment.directory))
    guard review.isWaiting, !review.isComplete else { return }
    // What is not decided goes on waiting, with its verdicts; what was said is not said twice.
    var rest = review
    rest.comments = []
    rest.revision += 1
    if let id = rest.reviewId { emit(.save(.review(id: id, rest.hasDraft ? rest.draft : nil))) }
    if rest.hasWords { laidAside = rest }
  }

  /// What the user says of a review, as a message that stands for itself.
  static func message(of review: ReviewState, in directory: String) -> String {
    func name(_ path: String) -> String { Words.path(path, directory: directory) }
    var lines = ["My review of \(review.title)\(verdictWords(of: review)):"]
    for comment in review.comments {
      switch comment.place {
      case .whole: lines.append(comment.text)
      case .file(let path): lines.append("\(name(path)): \(comment.text)")
      case .lines(let path, let isNew, let line, let end):
        let range = line == end ? "\(line)" : "\(line)-\(end)"
        let side = isNew ? "" : " (as it was before)"
        lines.append("\(name(path)):\(range)\(side): \(comment.text)")
        if let quoted = review.text(of: path, line: line, isNew: isNew) { lines.append("  > \(quoted)") }
      }
    }
    if review.comments.isEmpty { lines[0] = String(lines[0].dropLast()) + "." }
    return lines.joined(separator: "\n")
  }

  private static func verdictWords(of review: ReviewState) -> String {
    guard !review.isViewer, !review.isWaiting || review.isComplete else { return "" }
    var counts: [ReviewSummary: Int] = [:]
    for file in review.files.indices {
      for hunk in review.files[file].hunks.indices {
        counts[review.summary(file: file, hunk: hunk), default: 0] += 1
      }
    }
    let words = [ReviewSummary.accepted, .rejected, .edited, .mixed].compactMap { summary in
      counts[summary].map { "\(Words.plural($0, "hunk")) \(summary.words)" }
    }
    return words.isEmpty ? "" : " (" + words.joined(separator: ", ") + ")"
  }
}

extension ReviewState {
  /// Something is said or decided that the agent does not know of.
  var hasWords: Bool { !comments.isEmpty || verdicts.contains { $0.contains { $0 != nil } } }

  /// Columns of a quoted line: enough to know it again.
  private static let quoted = 160

  /// A line that a comment is about.
  fileprivate func text(of path: String, line: Int, isNew: Bool) -> String? {
    let file = files.first { $0.path == path }
    let found = file?.lines.first { shown in
      isNew
        ? shown.newNumber == line && shown.kind != .minus : shown.oldNumber == line && shown.kind == .minus
    }
    return found.map { String($0.text.prefix(Self.quoted)) }
  }
}
