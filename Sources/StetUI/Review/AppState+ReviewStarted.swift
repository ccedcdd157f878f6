import StetProtocol
import StetText

/// A review that the user opened and whose text is still being read.
struct StartingReview: Sendable {
  var reviewId: String
  var title: String
  var isOnDisk: Bool
  var use = Use.decide(all: false)
  var pages: [StetReviewFile] = []

  enum Use: Hashable, Sendable {
    /// Nothing can be decided.
    case look
    /// With `all` the server waits for the decisions about all of it; else what is not decided stays.
    case decide(all: Bool)
  }
}

/// Reviews of what is there already: a turn, the thread, HEAD, the index. No model is involved.
extension AppState {
  /// `/review`: the open question, else what waits or was left, else what the last turn did; with a word, another base.
  mutating func runReview(_ argument: String) {
    switch argument {
    case "send": sendReviewMessage()
    case "", "turn":
      if argument.isEmpty {
        if prompts.review != nil { return openReview() }
        if readyReview != nil || !waitingReviews.isEmpty { return openWaiting() }
        if let laidAside { return goOnReviewing(laidAside) }
      }
      guard let turn = lastTurn else { return show("no turn has changed anything yet") }
      startReview(["type": "turn", "turnId": .string(turn)], title: Self.turnTitle)
    default:
      guard let (target, title) = Self.base(argument) else {
        return show("/review takes turn, thread, head, staged, uncommitted or send", isWarning: true)
      }
      startReview(target, title: title)
    }
  }

  mutating func startReview(
    _ target: JSONObject, title: String, use: StartingReview.Use = .decide(all: false)
  ) {
    guard let thread, server?.hunkReview == true else { return show("there is no thread to review") }
    let params: JSONValue = ["threadId": .string(thread.id), "target": .object(target)]
    let tag = RequestTag.reviewStart(title: title, isLook: use == .look)
    keysAtRequest = keysTaken
    emit(.send(.unknown(method: "stet/review/start", params: params), tag))
    show("comparing …")
  }

  mutating func receiveStarted(
    _ title: String, isLook: Bool, _ result: Result<StetReviewRequest, RPCError>
  ) {
    switch result {
    case .failure(let error):
      if isLook, title == Self.turnTitle, openLocalDiff() { return }
      show("no review: \(error.message)", isWarning: true)
    case .success(let request):
      guard !request.files.isEmpty else { return show("nothing has changed: \(title)") }
      var start = StartingReview(
        reviewId: request.reviewId, title: title, isOnDisk: request.state == .applied)
      if isLook { start.use = .look }
      starting = start
      readPage(thread?.id ?? "", request.reviewId, cursor: nil, withText: true)
    }
  }

  mutating func receiveStartedPage(_ id: String, _ result: Result<StetReviewReadResponse, RPCError>) {
    guard var start = starting else { return }
    switch result {
    case .failure(let error):
      starting = nil
      show("the review could not be read: \(error.message)", isWarning: true)
    case .success(let page):
      start.pages += page.files
      if let cursor = page.nextCursor, !page.files.isEmpty {
        starting = start
        return readPage(thread?.id ?? "", id, cursor: cursor, withText: true)
      }
      starting = nil
      open(start)
    }
  }

  private mutating func open(_ start: StartingReview) {
    let files = Self.joined(start.pages).map { file in
      let sides = ReviewSides(
        base: file.base.flatMap(Base64.bytes) ?? [], proposed: file.proposed.flatMap(Base64.bytes) ?? [])
      let hunks = file.hunks ?? []
      var shown = ReviewFile(file, diff: FileDiff(hunks, sides, path: file.path), hunks: hunks)
      shown.sides = sides
      return shown
    }
    var review = ReviewState(
      threadId: thread?.id ?? "", reviewId: start.reviewId, isOnDisk: start.isOnDisk, files: files)
    review.title = start.title
    review.isStarted = true
    review.isViewer = start.use == .look
    review.isWaiting = start.use == .decide(all: true)
    guard keysTaken == keysAtRequest else {
      readyReview = review
      return show("the review of \(review.title) is ready · ctrl-x opens it")
    }
    present(review, byKey: false)
  }

  /// Shows a review that was read.
  /// - Parameter byKey: a key shows it now; else it opens by itself, when its text has come.
  mutating func present(_ review: ReviewState, byKey: Bool) {
    readyReview = nil
    view(review)
    if !byKey { arrival = Arrival() }
    guard review.isWaiting, let id = review.reviewId else { return }
    emit(.readReview(id: id))
    // What is on disk by now may be another thing than what was proposed.
    let params = StetReviewPreviewParams(
      threadId: review.threadId, reviewId: id, files: review.emptyDecisions)
    emit(.send(.stetReviewPreview(params), .reviewPreview(reviewId: id)))
  }

  /// Sends what is decided in a review that the user opened; the rest stays as it is. One that waits is decided whole.
  mutating func submitStarted() {
    guard let review = viewer, let id = review.reviewId else { return }
    if review.isWaiting, !review.isComplete {
      updateReview { $0.stepUndecided(1) }
      return show("\(Words.plural(review.hunkCount - review.decidedHunks, "hunk")) undecided")
    }
    let files = review.isWaiting ? review.fileDecisions() : review.decidedFiles
    guard !files.isEmpty || review.hasWords else { return show("nothing is decided") }
    // What stays as it is, is shown before the decisions go out.
    if !review.isComplete, !files.isEmpty, review.offeredRevision != review.revision {
      updateReview { review in
        review.offeredRevision = review.revision
        review.stepUndecided(1)
      }
      let left = Words.plural(review.hunkCount - review.decidedHunks, "hunk")
      return show("\(left) undecided: enter again sends what is decided")
    }
    notice = nil
    sendReview(
      "stet/review/decide", review, id, files: files, tag: .reviewDecide(reviewId: id), withWords: true)
  }

  mutating func receiveDecided(_ id: String, _ result: Result<StetReviewOutcome, RPCError>) {
    switch result {
    case .failure(let error): show("nothing was changed: \(error.message)", isWarning: true)
    case .success(let outcome):
      let decided = viewer
      if let decided, decided.reviewId == id {
        // Until the turn is over the decisions are in the server's memory alone.
        if outcome.queued == true { saveReviewDraft() } else { forgetDraft(of: decided) }
        viewer = nil
        closeReview()
      }
      forgetWaiting(id)
      show(outcomeWords(outcome, wasOnDisk: decided?.isOnDisk ?? true))
    }
  }

  /// What became of the decisions, from what the server says it did.
  private func outcomeWords(_ outcome: StetReviewOutcome, wasOnDisk: Bool) -> String {
    let stuck = outcome.files.count { [.stale, .conflicted, .failed].contains($0.outcome) }
    let still = stuck == 0 ? "" : " · not in \(Words.plural(stuck, "file")): changed on disk since"
    let when = outcome.queued == true ? " when the turn is over" : ""
    guard wasOnDisk else {
      let written = outcome.files.count { [.applied, .partial].contains($0.outcome) }
      return (written == 0 ? "nothing was written" : "written in \(Words.plural(written, "file"))\(when)")
        + still
    }
    let back = outcome.files.count { file in
      switch file.outcome {
      case .rejected: true
      // Of a file that is only edited nothing was taken back.
      case .partial: !file.rejectedHunks.isEmpty || file.editedHunks.isEmpty
      default: false
      }
    }
    let edited = outcome.files.count { !$0.editedHunks.isEmpty }
    if back == 0, edited > 0, stuck == 0 { return "edited in \(Words.plural(edited, "file"))\(when)" }
    return (back == 0 ? "everything stays" : "rolled back in \(Words.plural(back, "file"))\(when)") + still
  }
}

extension FileDiff {
  /// The diff that described hunks make of both sides: the server compared them, here they are only written out.
  init(_ hunks: [StetHunk], _ sides: ReviewSides, path: String) {
    self.init(path: path)
    for hunk in hunks {
      var lines: [DiffLine] = []
      let base = DiffIndex.range(hunk.baseStart - 1, hunk.baseLines).clamped(to: 0..<sides.base.count)
      let new = DiffIndex.range(hunk.newStart - 1, hunk.newLines).clamped(to: 0..<sides.proposed.count)
      let removed = hunk.ops.map { DiffIndex.range($0.baseStart - 1, $0.baseLines) }
      let added = hunk.ops.map { DiffIndex.range($0.newStart - 1, $0.newLines) }
      let gone = Self.flags(removed, base)
      let come = Self.flags(added, new)
      var (old, at) = (base.lowerBound, new.lowerBound)
      while old < base.upperBound || at < new.upperBound {
        if old < base.upperBound, gone[old - base.lowerBound] {
          lines.append(DiffLine(kind: .minus, line: old, of: sides.base, oldNumber: old + 1, newNumber: nil))
          old += 1
          if old == sides.base.count, !sides.baseEndsWithNewline { lines.append(.noLineEnd) }
        } else if at < new.upperBound, come[at - new.lowerBound] {
          lines.append(DiffLine(kind: .plus, line: at, of: sides.proposed, oldNumber: nil, newNumber: at + 1))
          at += 1
          if at == sides.proposed.count, !sides.endsWithNewline { lines.append(.noLineEnd) }
        } else if old < base.upperBound {
          lines.append(
            DiffLine(kind: .context, line: old, of: sides.base, oldNumber: old + 1, newNumber: at + 1))
          (old, at) = (old + 1, at + 1)
          if old == sides.base.count, !sides.baseEndsWithNewline { lines.append(.noLineEnd) }
        } else {
          at += 1
        }
      }
      self.hunks.append(
        Hunk(
          oldStart: base.lowerBound + 1, oldCount: base.count, newStart: new.lowerBound + 1,
          newCount: new.count, lines: lines))
    }
  }

  private static func flags(_ ranges: [Range<Int>], _ whole: Range<Int>) -> [Bool] {
    var flags = Array(repeating: false, count: whole.count)
    for range in ranges {
      for index in range.clamped(to: whole) { flags[index - whole.lowerBound] = true }
    }
    return flags
  }
}
