import StetProtocol
import StetWorkspace

/// A submitted review of changes that were on disk before it: what became of them.
struct AppliedReview: Sendable {
  let review: OpenReviews.Open
  let decision: ReviewDecision
  /// Rejected or edited hunks that stay as they were, by path: the same lines changed since.
  let conflicted: [String: [ProposalHunk.ID]]
  /// Why nothing of a file could be taken back, by path.
  let refused: [String: String]
  /// What is on disk now, by path.
  let after: [String: FileState]

  /// Every change stays as it was made.
  var isWhole: Bool { decision.proposals.verdict == .all }

  func outcome(_ file: Proposal) -> StetFileOutcome {
    if refused[file.path] != nil { return .stale }
    if conflicted[file.path] != nil { return .conflicted }
    switch file.verdict {
    case .all: return .applied
    case .none: return .rejected
    case .partial: return .partial
    }
  }

  private var outcome: StetOutcome {
    if !refused.isEmpty || !conflicted.isEmpty { return .conflict }
    switch decision.proposals.verdict {
    case .all: return .all
    case .none: return .none
    case .partial: return .partial
    }
  }

  /// As `stet/review/decide` answers.
  func wire(queued: Bool = false) -> StetReviewOutcome {
    var wire = StetReviewOutcome(
      reviewId: review.id, outcome: outcome, proposedChanges: [],
      files: decision.proposals.files.map { file in
        StetFileResult(
          path: file.path, outcome: self.outcome(file),
          hashAfter: (after[file.path] ?? file.result().state).hash?.hex,
          rejectedHunks: file.rejectedHunks, editedHunks: file.editedHunks,
          reason: refused[file.path])
      })
    if queued { wire.queued = true }
    return wire
  }

  // MARK: - For the model

  /// Nil when there is nothing that it does not know.
  var text: String? {
    guard !isWhole || decision.hasWords else { return nil }
    let files = decision.proposals.files
    let rejected = files.reduce(0) { $0 + $1.rejectedHunks.count }
    let edited = files.reduce(0) { $0 + $1.editedHunks.count }
    let divided = files.reduce(0) { $0 + $1.dividedHunks.count }
    let all = files.reduce(0) { $0 + $1.hunks().count }
    let verdict = isWhole ? "all" : rejected == all ? "none" : "partial"
    var lines = [
      "review: \(verdict) (\(all - rejected - edited - divided) accepted, \(edited) edited, \(rejected) rejected"
        + ReviewReport.inPart(divided)
        + (isWhole ? ")" : "; what follows is on disk now, not what you left)")
    ]
    for file in files { lines += report(file) }
    lines += ReviewReport.words(decision)
    return lines.joined(separator: "\n")
  }

  private func report(_ file: Proposal) -> [String] {
    let words = decision.fileMessages[file.path].map { " user: \"\($0)\"" } ?? ""
    let name = file.change.spelled
    if file.verdict == .all { return words.isEmpty ? [] : ["\(name): all of it stays.\(words)"] }
    if let reason = refused[file.path] {
      return [
        "\(name): the user rejected your change, but it could not be taken back: \(reason). It is still there.\(words)"
      ]
    }
    let state = after[file.path] ?? file.result().state
    let left = Set(conflicted[file.path] ?? [])
    if file.verdict == .none, left.isEmpty {
      let done =
        file.base.kind == .absent
        ? "NOT there any more" : file.proposed.kind == .absent ? "NOT deleted" : "NOT changed"
      return [
        "\(name): \(done) (rejected and taken back). It is as it was before\(hash(state)).\(words) "
          + "Do not propose it again unless asked."
      ]
    }
    return [header(file, state) + words] + hunks(file, left)
      + (file.editedHunks.isEmpty && file.dividedHunks.isEmpty && left.isEmpty
        ? [] : ["  The file now reads:\n\(ReviewReport.numbered(state, limit: ReviewReport.fileLines))"])
  }

  private func header(_ file: Proposal, _ state: FileState) -> String {
    let gone = Set(file.rejectedHunks).union(file.editedHunks).union(file.dividedHunks)
    let hunks = Array(file.hunks().enumerated())
    let kept = hunks.filter { !gone.contains($0.element.id) }
    return "\(file.change.spelled): kept hunks \(ReviewReport.numbers(kept)) of \(hunks.count)\(hash(state))"
  }

  private func hunks(_ file: Proposal, _ left: Set<ProposalHunk.ID>) -> [String] {
    let rejected = Set(file.rejectedHunks)
    let edited = Set(file.editedHunks)
    let divided = Set(file.dividedHunks)
    var lines: [String] = []
    for (index, hunk) in file.hunks().enumerated() {
      let title = "  hunk \(index + 1)"
      if left.contains(hunk.id) {
        lines.append("\(title) rejected, but still on disk: the same lines have changed since.")
      } else if rejected.contains(hunk.id) {
        lines += ReviewReport.quoted(hunk, file, "\(title) REJECTED, taken back, not on disk.")
      } else if edited.contains(hunk.id) {
        lines.append("\(title) EDITED by the user.")
      } else if divided.contains(hunk.id) {
        lines.append("\(title) \(ReviewReport.dividedWords)")
      }
    }
    return lines
  }

  private func hash(_ state: FileState) -> String {
    state.hash.map { "; hash after \($0.hex.prefix(12))" } ?? ""
  }
}
