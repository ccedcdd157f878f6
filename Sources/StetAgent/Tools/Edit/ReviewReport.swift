import StetProtocol
import StetWorkspace

/// What the model is told of a review: what is on disk now, and in which words each hunk was refused (review.md A5).
enum ReviewReport {
  /// Lines of a refused or edited hunk that are quoted.
  static let hunkLines = 40

  static func text(_ decided: ProposalSet, _ review: FinishedReview?, after: [String: FileState]) -> String {
    let counts = decided.files.reduce(into: (accepted: 0, edited: 0, rejected: 0)) { counts, file in
      let rejected = file.rejectedHunks.count
      let edited = file.editedHunks.count
      counts.rejected += rejected
      counts.edited += edited
      counts.accepted += file.hunks().count - rejected - edited
    }
    let verdict = decided.verdict == .all ? "all" : decided.verdict == .none ? "none" : "partial"
    var lines = [
      "review: \(verdict) (\(counts.accepted) accepted, \(counts.edited) edited, \(counts.rejected) rejected"
        + (verdict == "all" ? ")" : "; what follows is on disk now, not your proposal)")
    ]
    for file in decided.files { lines += report(file, review, after: after) }
    if let message = review?.decision.message { lines.append("The user says: \(message)") }
    for comment in review?.decision.comments ?? [] {
      let question = comment.question == true ? " (question: answer before further edits)" : ""
      lines.append(
        "comment: \(comment.path):\(comment.line) (\(comment.side)) \"\(comment.text)\"\(question)")
    }
    return lines.joined(separator: "\n")
  }

  private static func report(
    _ file: Proposal, _ review: FinishedReview?, after: [String: FileState]
  ) -> [String] {
    let name = file.change.spelled
    let words = review?.decision.fileMessages[file.path].map { " user: \"\($0)\"" } ?? ""
    if file.verdict == .none {
      let what = file.base.kind == .absent ? "NOT created (rejected)" : "NOT changed (rejected)"
      return ["\(name): \(what).\(words) Do not propose it again unless asked."]
    }
    let hunks = file.hunks()
    let rejected = Set(file.rejectedHunks)
    let edited = Set(file.editedHunks)
    let applied = hunks.indices.filter { !rejected.contains(hunks[$0].id) && !edited.contains(hunks[$0].id) }
    let hash = after[file.result().path]?.hash.map { "; hash after \($0.hex.prefix(12))" } ?? ""
    let list = applied.map { String($0 + 1) }.joined(separator: ",")
    var lines = ["\(name): applied hunks \(list.isEmpty ? "none" : list) of \(hunks.count)\(hash)\(words)"]
    for (index, hunk) in hunks.enumerated() where rejected.contains(hunk.id) {
      lines.append("  hunk \(index + 1) REJECTED, not on disk. Your text was:")
      lines += quoted(file.proposed, from: hunk.newStart, count: hunk.newLines)
    }
    if !edited.isEmpty {
      let numbers = hunks.indices.filter { edited.contains(hunks[$0].id) }.map { String($0 + 1) }
      lines.append("  hunk \(numbers.joined(separator: ",")) EDITED by the user; the file now reads:")
      lines.append(numbered(after[file.result().path] ?? file.result().state, limit: 200))
    }
    return lines
  }

  /// The text for a review that the user cancelled together with the turn.
  static func cancelled(_ proposals: ProposalSet) -> String {
    let names = proposals.files.map(\.change.spelled).joined(separator: ", ")
    return "review: cancelled by the user before it was decided; nothing was written (\(names))"
  }

  static func stale(_ reasons: [String]) -> String {
    "stale: \(reasons.joined(separator: "; ")). Nothing was written. Read the files again before you edit them."
  }

  /// The outcome member of the finished item.
  static func outcome(
    _ decided: ProposalSet, _ review: FinishedReview, _ outcome: StetOutcome, _ proposed: [FileUpdateChange]
  ) -> StetReviewOutcome {
    StetReviewOutcome(
      reviewId: review.id, outcome: outcome, proposedChanges: proposed,
      files: decided.files.map { file in
        let result: StetFileOutcome =
          outcome == .stale
          ? .stale : file.verdict == .all ? .applied : file.verdict == .none ? .rejected : .partial
        return StetFileResult(
          path: file.path, outcome: result, hashAfter: file.result().state.hash?.hex,
          rejectedHunks: file.rejectedHunks, editedHunks: file.editedHunks)
      })
  }

  /// A file's lines with their numbers, for a model that has to see what is there.
  static func numbered(_ state: FileState, limit: Int) -> String {
    guard state.kind == .regular, !state.isBinary else { return "(\(state.kind.rawValue), not text)" }
    let lines = String(decoding: state.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    var shown = lines.prefix(limit).enumerated().map { "\($0.offset + 1)\t\($0.element)" }
    if lines.count > limit { shown.append("… \(lines.count - limit) more lines: read the file") }
    return shown.joined(separator: "\n")
  }

  private static func quoted(_ state: FileState, from start: Int, count: Int) -> [String] {
    guard state.kind == .regular, !state.isBinary else { return [] }
    let lines = String(decoding: state.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let range = lines.dropFirst(max(start - 1, 0)).prefix(min(count, hunkLines))
    return range.map { "    \($0)" } + (count > hunkLines ? ["    … \(count - hunkLines) more lines"] : [])
  }
}
