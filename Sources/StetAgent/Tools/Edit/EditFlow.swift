import StetProtocol
import StetWorkspace

/// What every edit goes through, whichever tool made it: item, question, decisions per hunk, one write transaction,
/// and a report of what is on disk now (review.md A5).
struct EditFlow {
  let call: ToolCall
  let context: ToolContext
  /// How a success that applied everything is told: lines like `M path`, or one sentence.
  let successText: @Sendable ([Proposal]) -> String

  func run(_ changes: [FileChange]) async -> ToolOutput {
    let prepared: (proposals: ProposalSet, changes: [FileUpdateChange])
    let reason = ChangeReason.of(call, context)
    do {
      prepared = try await WorkspaceThread.shared.run {
        let proposals = try ProposalSet(changes, note: reason)
        return (proposals, try proposals.proposedChanges().map(FileUpdateChange.init))
      }
    } catch {
      return .failure("The edit could not be prepared: \(error)", "Nothing was written.")
    }
    guard prepared.proposals.files.contains(where: { !$0.operations.isEmpty }) else {
      return .text("No change: the files hold that content already.")
    }
    if let stale = await StaleFiles.report(prepared.proposals, context) { return stale }
    let item = FileChangeItem(id: call.itemId, changes: prepared.changes, status: .inProgress)
    switch EditApproval.need(for: prepared.proposals, context) {
    case .refuse(let reason):
      let paths = prepared.changes.map(\.path).joined(separator: ", ")
      context.items.refused("edit of \(paths)", because: reason)
      return .failure(
        "The edit was not made: \(reason), and the approval policy allows no questions.",
        "Work inside the workspace, or ask the user.")
    case .ask(let reason, let isOutside):
      context.items.started(.fileChange(item))
      return await review(prepared.proposals, item, reason, isOutside: isOutside)
    case .none(let roots):
      context.items.started(.fileChange(item))
      var accepted = prepared.proposals
      accepted.decideAll(.accept)
      return await write(accepted, item, nil, below: roots)
    }
  }

  // MARK: - Writing

  func write(
    _ decided: ProposalSet, _ item: FileChangeItem, _ review: FinishedReview?, below roots: [String]
  ) async -> ToolOutput {
    let writes = decided.plannedWrites()
    guard !writes.isEmpty else {
      var item = item
      item.stet = review.map { ReviewReport.outcome($0, .none, item.changes) }
      return end(item, .declined, review.map { ReviewReport.text($0, after: [:]) } ?? "Nothing was written.")
    }
    await context.changes.willWrite(writes.map(\.path))
    // Interrupted on the way here: nothing may be written any more.
    if Task.isCancelled { return end(item, .failed, "aborted by user; nothing was written") }
    let consent = await ProtectedWrites.begin(
      writes.map(\.path), memory: context.processMemory, environment: context.processEnvironment)
    do {
      let applied = try await WorkspaceThread.shared.run {
        try decided.appliedChanges().map(FileUpdateChange.init)
      }
      let verified = try await context.changes.commit(writes, below: roots)
      await consent.accept()
      return await written(decided, applied, verified, item, review)
    } catch {
      await consent.forget()
      if (error as? WorkspaceError)?.code == .stale { return stale(item, review, ["\(error)"]) }
      return end(item, .failed, "The edit failed and nothing was written: \(error)")
    }
  }

  private func written(
    _ decided: ProposalSet, _ applied: [FileUpdateChange], _ verified: [VerifiedWrite],
    _ item: FileChangeItem, _ review: FinishedReview?
  ) async -> ToolOutput {
    var after: [String: FileState] = [:]
    for file in verified {
      after[file.path] = file.after
      context.sees(file.path, file.after)
    }
    if let review { context.openReviews.wrote(verified, review: review.id) }
    let isWhole = review?.isWhole ?? true
    var item = item
    item.status = .completed
    item.stet = review.map { ReviewReport.outcome($0, isWhole ? .all : .partial, item.changes) }
    item.changes = applied
    context.items.completed(.fileChange(item))
    await context.changes.didWrite(verified)
    guard let review, !isWhole || review.hasWords else { return .text(successText(decided.files)) }
    return .text(ReviewReport.text(review, after: after), success: isWhole)
  }

  // MARK: - Ends

  func stale(_ item: FileChangeItem, _ review: FinishedReview?, _ reasons: [String]) -> ToolOutput {
    var item = item
    item.stet = review.map { ReviewReport.outcome($0, .stale, item.changes) }
    return end(
      item, .failed,
      "stale: \(reasons.joined(separator: "; ")). Nothing was written.\nRead the files again before you edit them."
    )
  }

  func end(
    _ item: FileChangeItem, _ status: PatchApplyStatus, _ text: String, interrupts: Bool = false
  ) -> ToolOutput {
    var item = item
    item.status = status
    context.items.completed(.fileChange(item))
    return ToolOutput([.text(text)], success: false, interruptsTurn: interrupts)
  }
}

extension FileUpdateChange {
  init(_ change: WireChange) {
    let kind: PatchChangeKind =
      switch change.kind {
      case .add: .add
      case .delete: .delete
      case .update: .update(movePath: change.movePath)
      }
    self.init(path: change.path, kind: kind, diff: change.diff)
  }
}
