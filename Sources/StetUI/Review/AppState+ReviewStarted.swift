import StetProtocol
import StetText

/// A review that the user opened and whose text is still being read.
struct StartingReview: Sendable {
  var reviewId: String
  var title: String
  var isOnDisk: Bool
  var pages: [StetReviewFile] = []
}

/// Reviews of what is there already: a turn, the thread, HEAD, the index. No model is involved.
extension AppState {
  /// `/review`: the open question, else what the last turn did; with a word, another base.
  mutating func runReview(_ argument: String) {
    switch argument {
    case "", "turn":
      if argument.isEmpty, prompts.review != nil { return openReview() }
      guard let turn = transcript.items.last(where: { $0.turnId != nil })?.turnId else {
        return show("no turn has changed anything yet")
      }
      startReview(["type": "turn", "turnId": .string(turn)], title: "the last turn")
    case "thread": startReview(["type": "thread"], title: "the whole thread")
    case "head": startReview(["type": "head"], title: "HEAD and the working tree")
    case "staged": startReview(["type": "staged"], title: "HEAD and the index")
    case "uncommitted": startReview(["type": "uncommitted"], title: "what is not committed")
    default: show("/review takes turn, thread, head, staged or uncommitted", isWarning: true)
    }
  }

  mutating func startReview(_ target: JSONObject, title: String) {
    guard let thread, server?.hunkReview == true else { return show("there is no thread to review") }
    let params: JSONValue = ["threadId": .string(thread.id), "target": .object(target)]
    emit(.send(.unknown(method: "stet/review/start", params: params), .reviewStart(title: title)))
    show("comparing …")
  }

  mutating func receiveStarted(_ title: String, _ result: Result<StetReviewRequest, RPCError>) {
    switch result {
    case .failure(let error): show("no review: \(error.message)", isWarning: true)
    case .success(let request):
      guard !request.files.isEmpty else { return show("nothing has changed: \(title)") }
      starting = StartingReview(
        reviewId: request.reviewId, title: title, isOnDisk: request.state == .applied)
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
    notice = nil
    viewer = review
    dialogs.append(.review)
  }

  /// Sends what is decided in a review that the user opened; the rest stays as it is.
  mutating func submitStarted() {
    guard let review = viewer, let id = review.reviewId else { return }
    let files = review.decidedFiles
    guard !files.isEmpty else { return show("nothing is decided") }
    sendReview("stet/review/decide", review, id, files: files, tag: .reviewDecide)
  }

  mutating func receiveDecided(_ result: Result<StetReviewOutcome, RPCError>) {
    switch result {
    case .failure(let error): show("nothing was changed: \(error.message)", isWarning: true)
    case .success(let outcome):
      viewer = nil
      closeReview()
      let back = outcome.files.count { !$0.rejectedHunks.isEmpty || $0.outcome == .rejected }
      show(back == 0 ? "everything stays" : "rolled back in \(Words.plural(back, "file"))")
    }
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
          lines.append(DiffLine(kind: .minus, text: sides.base[old], oldNumber: old + 1, newNumber: nil))
          old += 1
        } else if at < new.upperBound, come[at - new.lowerBound] {
          lines.append(DiffLine(kind: .plus, text: sides.proposed[at], oldNumber: nil, newNumber: at + 1))
          at += 1
        } else if old < base.upperBound {
          lines.append(
            DiffLine(kind: .context, text: sides.base[old], oldNumber: old + 1, newNumber: at + 1))
          (old, at) = (old + 1, at + 1)
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
