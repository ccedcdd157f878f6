import StetProtocol
import StetWorkspace

/// What every edit goes through, whichever tool made it: item, question, decisions per hunk, one write transaction,
/// and a report of what is on disk now (review.md A5).
struct EditFlow {
  /// A review is put again when the files changed under it; somebody who keeps saving ends it after this many rounds.
  static let reviewRounds = 5

  let call: ToolCall
  let context: ToolContext
  /// How a success that applied everything is told: lines like `M path`, or one sentence.
  let successText: @Sendable ([Proposal]) -> String

  func run(_ changes: [FileChange]) async -> ToolOutput {
    let proposals: ProposalSet
    do {
      proposals = try await WorkspaceThread.shared.run { try ProposalSet(changes) }
    } catch {
      return .failure("The edit could not be prepared: \(error)", "Nothing was written.")
    }
    guard proposals.files.contains(where: { !$0.operations.isEmpty }) else {
      return .text("No change: the files hold that content already.")
    }
    if let stale = staleReport(proposals) { return stale }
    let need = EditApproval.need(for: proposals, context)
    if case .refuse(let reason) = need {
      return .failure("The edit was not made: \(reason)", "Work inside the workspace, or ask the user.")
    }
    guard let proposed = wire(try? proposals.proposedChanges()) else {
      return .failure("The edit can't be shown.", "Nothing was written; try a smaller edit.")
    }
    let item = FileChangeItem(id: call.itemId, changes: proposed, status: .inProgress)
    context.items.started(.fileChange(item))
    switch need {
    case .ask(let reason): return await review(proposals, item, reason)
    case .none, .refuse: return await write(accepted(proposals), item, nil, below: writableRoots)
    }
  }

  // MARK: - Asking

  private func review(_ proposals: ProposalSet, _ item: FileChangeItem, _ reason: String?) async -> ToolOutput
  {
    var proposals = proposals
    var supersedes: String?
    for _ in 0..<Self.reviewRounds {
      let request = ReviewRequest.make(proposals, callId: call.itemId, supersedes: supersedes)
      let params = FileChangeRequestApprovalParams(
        threadId: context.threadId, turnId: context.turnId, itemId: call.itemId,
        startedAtMs: WallClock.milliseconds,
        reason: supersedes == nil ? reason : "The files changed on disk; this is what would be written now.",
        stet: request)
      let answer = await context.approvals.ask(.fileChangeRequestApproval(params))
      let decided: ReviewAnswer
      switch answer {
      case .cancelled: return end(item, .declined, ReviewReport.cancelled(proposals), interrupts: false)
      case .failed:
        return end(item, .declined, "approval request failed; nothing was written", interrupts: false)
      case .answered(let value): decided = ReviewAnswer(value, proposals)
      }
      switch decided {
      case .cancel: return end(item, .declined, ReviewReport.cancelled(proposals), interrupts: true)
      case .invalid:
        return end(item, .declined, "approval request failed; nothing was written", interrupts: false)
      case .decided(let decision):
        if decision.rememberPaths { remember(proposals) }
        switch await outdated(decision.proposals) {
        case .current:
          // The user saw the paths: what was accepted may lie outside of the workspace.
          let review = FinishedReview(id: request.reviewId, decision: decision)
          return await write(decision.proposals, item, review, below: ["/"])
        case .stale(let reasons): return stale(decision.proposals, item, request.reviewId, reasons)
        case .again(let merged):
          proposals = merged
          supersedes = request.reviewId
        }
      }
    }
    return stale(proposals, item, supersedes ?? "", ["the files kept changing during the review"])
  }

  private func remember(_ proposals: ProposalSet) {
    let session = context.threadMemory.value { SessionApprovals() }
    session.accept(paths: proposals.files.flatMap(\.touchedPaths))
  }

  private enum Freshness {
    case current
    /// Someone changed a file; the decisions still fit, but this is not what was reviewed.
    case again(ProposalSet)
    case stale([String])
  }

  /// Compares every file that would be written with the disk, right before the write.
  private func outdated(_ proposals: ProposalSet) async -> Freshness {
    do {
      return try await WorkspaceThread.shared.run { () -> Freshness in
        let workspace = try Workspace(root: "/")
        var files: [Proposal] = []
        var changed = false
        var reasons: [String] = []
        for file in proposals.files {
          let disk = try workspace.read(file.path)
          guard file.verdict != .none else {
            files.append(file)
            continue
          }
          switch try file.reconcile(with: disk) {
          case .current: files.append(file)
          case .stale(let reason): reasons.append("\(file.change.spelled): \(reason)")
          case .merged(let state, _):
            changed = true
            files.append(
              try Proposal(
                FileChange(
                  path: file.path, movePath: file.movePath, base: disk, proposed: state,
                  spelled: file.change.spelled)))
          }
        }
        if !reasons.isEmpty { return .stale(reasons) }
        return changed ? .again(ProposalSet(files: files)) : .current
      }
    } catch {
      return .stale(["\(error)"])
    }
  }

  // MARK: - Writing

  private func accepted(_ proposals: ProposalSet) -> ProposalSet {
    var proposals = proposals
    proposals.decideAll(.accept)
    return proposals
  }

  /// Where an edit that nobody was asked about may write.
  private var writableRoots: [String] {
    switch context.settings.sandboxPolicy {
    case .workspaceWrite(let policy):
      [context.settings.cwd] + context.settings.workspaceRoots + policy.writableRoots
    // What was accepted for the session, and full access: the question was answered before.
    default: ["/"]
    }
  }

  private func write(
    _ decided: ProposalSet, _ item: FileChangeItem, _ review: FinishedReview?, below roots: [String]
  ) async -> ToolOutput {
    let writes = decided.plannedWrites()
    guard !writes.isEmpty else {
      var item = item
      item.stet = review.map { ReviewReport.outcome(decided, $0, .none, item.changes) }
      return end(item, .declined, ReviewReport.text(decided, review, after: [:]), interrupts: false)
    }
    await context.changes.willWrite(writes.map(\.path))
    let transaction = WriteTransaction(
      roots: roots, journalDirectory: context.home.stateDirectory + "/journal")
    do {
      let verified = try await WorkspaceThread.shared.run { try transaction.commit(writes) }
      return await written(decided, verified, item, review)
    } catch {
      if (error as? WorkspaceError)?.code == .stale {
        return stale(decided, item, review?.id ?? "", ["\(error)"])
      }
      return end(
        item, .failed, "The edit failed and nothing was written: \(error)", interrupts: false)
    }
  }

  private func written(
    _ decided: ProposalSet, _ verified: [VerifiedWrite], _ item: FileChangeItem, _ review: FinishedReview?
  ) async -> ToolOutput {
    var after: [String: FileState] = [:]
    for file in verified {
      after[file.path] = file.after
      context.files.saw(file.path, hash: file.after.hash?.hex ?? FileKnowledge.absent)
    }
    let verdict = decided.verdict
    var item = item
    item.status = .completed
    item.stet = review.map {
      ReviewReport.outcome(decided, $0, verdict == .all ? .all : .partial, item.changes)
    }
    if let applied = wire(try? decided.appliedChanges()) { item.changes = applied }
    context.items.completed(.fileChange(item))
    await context.changes.didWrite(verified)
    let text =
      verdict == .all && review?.decision.hasWords != true
      ? successText(decided.files) : ReviewReport.text(decided, review, after: after)
    return .text(text, success: verdict == .all)
  }

  private func stale(
    _ proposals: ProposalSet, _ item: FileChangeItem, _ reviewId: String, _ reasons: [String]
  ) -> ToolOutput {
    var item = item
    if !reviewId.isEmpty {
      let review = FinishedReview(id: reviewId, decision: ReviewDecision(proposals: proposals))
      item.stet = ReviewReport.outcome(proposals, review, .stale, item.changes)
    }
    return end(item, .failed, ReviewReport.stale(reasons), interrupts: false)
  }

  // MARK: - Ends

  private func end(
    _ item: FileChangeItem, _ status: PatchApplyStatus, _ text: String, interrupts: Bool
  ) -> ToolOutput {
    var item = item
    item.status = status
    context.items.completed(.fileChange(item))
    return ToolOutput([.text(text)], success: false, interruptsTurn: interrupts)
  }

  /// A file that changed since the model last saw it is not edited: the model gets what is there now (T3).
  private func staleReport(_ proposals: ProposalSet) -> ToolOutput? {
    for file in proposals.files {
      guard let seen = context.files.lastSeen(file.path) else { continue }
      let present = file.base.hash?.hex ?? FileKnowledge.absent
      guard seen != present else { continue }
      context.files.saw(file.path, hash: present)
      let content = ReviewReport.numbered(file.base, limit: 200)
      return .text(
        "\(file.change.spelled) changed on disk since you last saw it; nothing was written.\n"
          + "Make the edit again on what is there now:\n\(content)", success: false)
    }
    return nil
  }

  private func wire(_ changes: [WireChange]?) -> [FileUpdateChange]? {
    changes?.map { change in
      let kind: PatchChangeKind =
        switch change.kind {
        case .add: .add
        case .delete: .delete
        case .update: .update(movePath: change.movePath)
        }
      return FileUpdateChange(path: change.path, kind: kind, diff: change.diff)
    }
  }
}
