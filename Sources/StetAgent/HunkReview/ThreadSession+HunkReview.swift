import StetJSON
import StetProtocol
import StetWorkspace

/// Reviews without an open request: of whole turns whose edits landed, and of proposals that outlived their program
/// (review.md A5, "auto-apply, review later").
extension ThreadSession {
  /// `stet/review/decide`.
  func decideReview(
    _ params: StetReviewDecideParams, _ reply: @escaping AgentReply<StetReviewOutcome>
  ) async {
    do {
      let review = try waiting(params.reviewId)
      let answer = StetReviewDecision(
        files: params.files, comments: params.comments, message: params.message)
      let decision = try review.decision(answer)
      if running != nil, params.now != true {
        return try await queue(review, decision, reply)
      }
      guard openReviews.land(review.id) else { throw Self.notOpen(review.id) }
      defer { openReviews.landed(review.id) }
      let outcome = try await submit(review, decision)
      feed.ordered { _, _ in reply(.success(outcome)) }
    } catch {
      reply(.failure(Self.refusal(error)))
    }
  }

  /// The decisions that waited for the end of the turn take effect.
  func settleReviews() async {
    while let queued = openReviews.takeQueued() {
      defer { openReviews.landed(queued.review.id) }
      do {
        _ = try await submit(queued.review, queued.decision)
      } catch {
        let why = Self.refusal(error).message
        // Another one may have taken its place.
        guard openReviews[queued.review.id] != nil else {
          feed.warn("The decisions of a review could not be carried out: \(why)")
          continue
        }
        feed.warn("The decisions of a review could not be carried out, it waits again: \(why)")
        tellChanged(queued.review, undecided: queued.review.hunksUndecided)
      }
    }
  }

  // MARK: - Opening

  /// The review of a whole turn, at its end.
  func openTurnReview(_ turn: Running) async {
    guard turn.kind == .plain, settings.editReview == .atEnd else { return }
    do {
      let items = feed.history.live.last { $0.id == turn.id }?.entries.map(\.item) ?? []
      let review = try await snapshotReview(from: turn.id, to: turn.id, items: items, kind: .turn)
      if review.hunksUndecided > 0 { hold(review) }
    } catch {
      feed.warn("The turn can't be reviewed: \(Self.refusal(error).message)")
    }
  }

  /// A review of what turns changed; undo of the thread knows their contents.
  func snapshotReview(
    from: String?, to: String?, id: String = ReviewRequest.newId(), items: [ThreadItem],
    kind: OpenReviews.Kind
  ) async throws -> OpenReviews.Open {
    let files = try await snapshots.reviewed(from: from, to: to)
    let cwd = settings.cwd
    let now = nowMs()
    let reasons = threadMemory.value { ChangeReasons() }
    return try await WorkspaceThread.shared.run {
      let proposals = ProposalSet(files: try files.map { try Self.proposal($0, cwd) })
      var review = OpenReviews.Open(
        id: id, turnId: to ?? "", itemId: to ?? "", createdAtMs: now, proposals: proposals, kind: kind)
      review.callIds = ReviewAttribution(items).callIds(proposals)
      review.notes = review.callIds.compactMapValues { id in
        reasons[id] ?? ChangeReason.words(before: id, in: items)
      }
      review.directories = Set(files.flatMap(\.createdDirectories)).sorted()
      return review
    }
  }

  private static func proposal(_ file: ReviewedFile, _ cwd: String) throws -> Proposal {
    var notes: [String] = []
    if let via = file.via?.split(separator: "\n").first { notes.append("changed while `\(via)` ran") }
    if file.overlapping > 0 {
      notes.append("\(file.overlapping) more changes overlap with later edits and are not shown")
    }
    var change = file.change
    if change.path.hasPrefix(cwd + "/") { change.spelled = String(change.path.dropFirst(cwd.count + 1)) }
    return try Proposal(change, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  /// Lets a review wait for its decisions, also across a restart.
  func hold(_ review: OpenReviews.Open) {
    letGo(openReviews.add(review))
    if let record = ReviewRecord.opened(review) { journal.append(ThreadRecord.review, record) }
    tellChanged(review, undecided: review.hunksUndecided)
  }

  /// Reviews that had to make room: their changes stay as they are.
  func letGo(_ gone: [OpenReviews.Open]) {
    for review in gone {
      if !review.isLook { journal.append(ThreadRecord.review, ReviewRecord.done(review.id)) }
      tellChanged(review, undecided: 0)
    }
  }

  /// The log is read from where the prompt last began anew: what waits is told there again.
  func repeatReviews() {
    for review in openReviews.all {
      if let record = ReviewRecord.opened(review) { journal.append(ThreadRecord.review, record) }
    }
  }

  /// The reviews that waited when the thread was last in memory.
  func restoreReviews(_ records: [JSONValue]) async {
    openReviews.clear()
    for record in records {
      do {
        guard let id = record["id"]?.stringValue, let turn = record["turnId"]?.stringValue else { continue }
        if record["state"] == "applied" {
          var review = try await snapshotReview(from: turn, to: turn, id: id, items: [], kind: .turn)
          ReviewRecord.restoreReasons(record, to: &review)
          if review.hunksUndecided > 0 { openReviews.add(review) }
        } else if let review = try ReviewRecord.proposal(record) {
          openReviews.add(review)
        }
      } catch {
        feed.warn("A review that waited can't be read any more: \(Self.refusal(error).message)")
      }
    }
  }

  // MARK: - Submitting

  private func waiting(_ id: String) throws(RPCError) -> OpenReviews.Open {
    guard let review = openReviews[id], openReviews.isUndecided(id) else { throw Self.notOpen(id) }
    switch review.kind {
    case .asked: throw .invalidRequest("the review \(id) has an open request: answer that")
    case .picture: throw .invalidRequest("the review \(id) shows what is not on disk: nothing can be decided")
    case .proposal, .turn, .look: return review
    }
  }

  private static func notOpen(_ id: String) -> RPCError {
    .invalidRequest("no open review \(id) in this thread")
  }

  private func queue(
    _ review: OpenReviews.Open, _ decision: ReviewDecision, _ reply: AgentReply<StetReviewOutcome>
  ) async throws {
    let proposals = review.state == .applied ? decision.proposals : ProposalSet(files: [])
    let plan = try await WorkspaceThread.shared.run { try RollbackPlan(proposals) }
    let expected = AppliedReview(
      review: review, decision: decision, conflicted: plan.conflicted, refused: plan.refused,
      after: [:])
    guard openReviews.enqueue(OpenReviews.Queued(review: review, decision: decision)) else {
      throw Self.notOpen(review.id)
    }
    feed.ordered { _, _ in
      reply(.success(expected.wire(queued: true)))
      tellChangedInOrder(review, undecided: 0)
    }
    // The turn may have ended while the disk was read.
    if running == nil { await settleReviews() }
  }

  private func submit(
    _ review: OpenReviews.Open, _ decision: ReviewDecision
  ) async throws -> StetReviewOutcome {
    review.state == .applied
      ? try await submitApplied(review, decision) : try await submitProposal(review, decision)
  }

  private func submitApplied(
    _ review: OpenReviews.Open, _ decision: ReviewDecision
  ) async throws -> StetReviewOutcome {
    let (plan, record) = try await snapshots.rollBack(decision.proposals, of: review)
    let paths = decision.proposals.files.map(\.path)
    let after = try await WorkspaceThread.shared.run { try Self.states(paths) }
    let done = AppliedReview(
      review: review, decision: decision, conflicted: plan.conflicted, refused: plan.refused, after: after)
    let known = after.filter { path, state in
      guard let file = decision.proposals[path], file.verdict != .all else { return false }
      return isKnown(state, of: file)
    }
    finish(review, snapshot: record?.id, known: Set(known.keys))
    if let text = done.text { tell(review.title(for: text)) }
    note(known)
    return done.wire()
  }

  /// Whether the model knows what a decided file became: it saw what was reviewed, and nobody wrote the file since. Of
  /// any other file it has to see the difference before it edits it.
  private func isKnown(_ state: FileState, of file: Proposal) -> Bool {
    let seen = files.lastSeen(file.path)
    return seen == (file.proposed.hash?.hex ?? FileKnowledge.absent)
      && state.stamp.sameContent(as: file.result().state.stamp)
  }

  /// What is there now, of the paths that can be read.
  static func states(_ paths: [String]) throws -> [String: FileState] {
    let workspace = try Workspace(root: "/")
    var states: [String: FileState] = [:]
    for path in paths { states[path] = try readable(path, workspace) }
    return states
  }

  /// Nil for what can't be read: a link on the way, a closed directory.
  private static func readable(_ path: String, _ workspace: Workspace) throws -> FileState? {
    do {
      return try workspace.read(path)
    } catch {
      if error.code == .library { throw error }
      return nil
    }
  }

  /// The review is over; its decisions can be taken back.
  func finish(_ review: OpenReviews.Open, snapshot: Int64?, known: Set<String> = []) {
    openReviews.finish(OpenReviews.Done(review: review, snapshot: snapshot, known: known))
    journal.append(ThreadRecord.review, ReviewRecord.done(review.id))
    tellChanged(review, undecided: 0)
  }

  /// The model knows these contents, so that its next edit of them is not refused.
  func note(_ after: [String: FileState]) {
    let contents = threadMemory.value { SeenContents() }
    for (path, state) in after {
      files.saw(path, hash: state.hash?.hex ?? FileKnowledge.absent)
      contents.note(path, state)
    }
    let seen = files.takeChanges()
    if !seen.isEmpty { journal.append(ThreadRecord.seen, ThreadRecord.Seen(files: seen)) }
  }

  /// What the model learns with its next request.
  func tell(_ text: String) {
    let item = MessageItem.ours("<review>\n\(text)\n</review>")
    if running?.review != nil { return appendToThread(item) }
    injected.append(item)
    // The layers come first, and between a call and its output nothing may stand.
    if facts != nil, running.map({ $0.machine.calls.isEmpty }) ?? true { takeInjected() }
  }

  func tellChanged(_ review: OpenReviews.Open, undecided: Int) {
    feed.ordered { _, _ in tellChangedInOrder(review, undecided: undecided) }
  }

  /// Inside the feed's order.
  func tellChangedInOrder(_ review: OpenReviews.Open, undecided: Int) {
    services.sink.notify(
      .stetReviewChanged(
        StetReviewChangedNotification(
          threadId: id, reviewId: review.id, state: review.state, hunksUndecided: undecided)), thread: id)
  }

  /// What a client is told of an error of the workspace.
  static func refusal(_ error: any Error) -> RPCError {
    if let error = error as? RPCError { return error }
    guard let error = error as? WorkspaceError else { return .invalidRequest("\(error)") }
    switch error.code {
    case .locked: return .invalidRequest("\(error)", data: ["stetError": "workspaceLocked"])
    case .planStale, .stale: return .invalidRequest("\(error)", data: ["stetError": "staleBase"])
    case .expired: return .invalidRequest("\(error)", data: ["stetError": "expired"])
    default: return .invalidRequest("\(error)")
    }
  }
}

extension OpenReviews.Open {
  /// What the text for the model begins with.
  func title(for text: String) -> String {
    switch kind {
    case .turn: "The user reviewed what your turn changed on disk.\n\(text)"
    case .proposal, .asked: "The user decided about an earlier proposal of yours.\n\(text)"
    case .look, .picture: "The user went through changes on disk.\n\(text)"
    }
  }
}
