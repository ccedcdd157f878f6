import StetProtocol
import StetWorkspace

/// What the model is told of a review: what is on disk now, and in which words each hunk was refused (review.md A5).
enum ReviewReport {
  /// Lines of a refused hunk that are quoted.
  static let hunkLines = 40
  /// Lines of a file that are shown when it is not what the model proposed.
  static let fileLines = 200

  /// - Parameter after: what is on disk now, by real path, of the files that were written.
  static func text(_ review: FinishedReview, after: [String: FileState]) -> String {
    let proposed = review.first.decision.proposals
    let verdict = review.isWhole ? "all" : after.isEmpty ? "none" : "partial"
    let rejected = proposed.files.reduce(0) { $0 + $1.rejectedHunks.count }
    let edited = proposed.files.reduce(0) { $0 + $1.editedHunks.count }
    let divided = proposed.files.reduce(0) { $0 + $1.dividedHunks.count }
    let stuck = proposed.files.reduce(0) { count, file in
      let others = Set(file.rejectedHunks + file.editedHunks + file.dividedHunks)
      return count + Set(review.first.conflicted[file.path] ?? []).subtracting(others).count
    }
    let all = proposed.files.reduce(0) { $0 + $1.hunks().count }
    var lines = [
      "review: \(verdict) (\(all - rejected - edited - divided - stuck) accepted, \(edited) edited, \(rejected) rejected"
        + inPart(divided) + (stuck == 0 ? "" : ", \(stuck) NOT applied")
        + (review.isWhole && !review.wasMerged ? ")" : "; what follows is on disk now, not your proposal)")
    ]
    for file in proposed.files { lines += report(file, review, after) }
    for round in review.rounds { lines += words(round.decision) }
    return lines.joined(separator: "\n")
  }

  /// The count of hunks that were taken in part, where there are any.
  static func inPart(_ count: Int) -> String { count == 0 ? "" : ", \(count) in part" }

  static let dividedWords = "taken IN PART: some of its lines were REJECTED and are not on disk."

  /// What the user said besides the decisions.
  static func words(_ decision: ReviewDecision) -> [String] {
    var lines: [String] = []
    if let message = decision.message { lines.append("The user says: \(message)") }
    for comment in decision.comments {
      let question = comment.question == true ? " (question: answer before further edits)" : ""
      lines.append(
        "comment: \(comment.path):\(comment.line) (\(comment.side)) \"\(comment.text)\"\(question)")
    }
    return lines
  }

  private static func report(
    _ file: Proposal, _ review: FinishedReview, _ after: [String: FileState]
  ) -> [String] {
    let words = review.first.decision.fileMessages[file.path].map { " user: \"\($0)\"" } ?? ""
    guard file.verdict != .none, let final = review.final[file.path], final.verdict != .none else {
      let done = file.base.kind == .absent ? "created" : file.proposed.kind == .absent ? "deleted" : "changed"
      return ["\(file.change.spelled): NOT \(done) (rejected).\(words) Do not propose it again unless asked."]
    }
    let present = after[final.result().path] ?? final.result().state
    let conflicted = Set(review.first.conflicted[file.path] ?? [])
    let rejected = Set(file.rejectedHunks)
    let edited = Set(file.editedHunks)
    let divided = Set(file.dividedHunks)
    let hunks = Array(file.hunks().enumerated())
    let applied = hunks.filter {
      !rejected.union(edited).union(divided).union(conflicted).contains($0.element.id)
    }
    let hash = present.hash.map { "; hash after \($0.hex.prefix(12))" } ?? ""
    var lines = ["\(file.change.spelled): applied hunks \(numbers(applied)) of \(hunks.count)\(hash)\(words)"]
    for (index, hunk) in hunks where rejected.contains(hunk.id) {
      lines += quoted(hunk, file, "  hunk \(index + 1) REJECTED, not on disk.")
    }
    for (index, hunk) in hunks where conflicted.contains(hunk.id) {
      lines += quoted(hunk, file, "  hunk \(index + 1) NOT applied: the same lines had changed on disk.")
    }
    if !edited.isEmpty {
      lines.append("  hunk \(numbers(hunks.filter { edited.contains($0.element.id) })) EDITED by the user.")
    }
    for (index, hunk) in hunks where divided.contains(hunk.id) {
      lines.append("  hunk \(index + 1) \(dividedWords)")
    }
    // Of several files the one that changed under the review is meant, not all of them.
    let isOther = final.result().state.bytes != file.result().state.bytes
    if isOther, final.base.bytes != file.base.bytes {
      let more = review.later.contains { $0.decision.proposals[file.path]?.verdict != .all }
      lines.append(
        "  Somebody else changed this file during the review; yours was merged with that\(more ? " in part" : "")."
      )
    } else if isOther {
      lines.append("  Put again to the user, since other files had changed, it was taken in part.")
    }
    if isOther || !edited.isEmpty || !divided.isEmpty {
      lines.append("  The file now reads:\n\(numbered(present, limit: fileLines))")
    }
    return lines
  }

  static func numbers(_ hunks: [(offset: Int, element: ProposalHunk)]) -> String {
    hunks.isEmpty ? "none" : hunks.map { String($0.offset + 1) }.joined(separator: ",")
  }

  /// A hunk that is not on disk, in the model's own words.
  static func quoted(_ hunk: ProposalHunk, _ file: Proposal, _ title: String) -> [String] {
    switch hunk.kind {
    case .rename: return ["\(title) (the move to \(spelledMove(file)))"]
    case .mode: return ["\(title) (the change of mode)"]
    case .lineEndings: return ["\(title) (the change of line ends)"]
    case .content, .whole: break
    }
    guard file.proposed.kind == .regular, !file.proposed.isBinary, hunk.newLines > 0 else { return [title] }
    let lines = String(decoding: file.proposed.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let range = lines.dropFirst(max(hunk.newStart - 1, 0)).prefix(min(hunk.newLines, hunkLines))
    let more = hunk.newLines > hunkLines ? ["    … \(hunk.newLines - hunkLines) more lines"] : []
    return ["\(title) Your text was:"] + range.map { "    \($0)" } + more
  }

  /// Where a file was to go, from the folder that the model's own path of it begins in.
  private static func spelledMove(_ file: Proposal) -> String {
    guard let target = file.movePath else { return "another path" }
    let spelled = file.change.spelled
    guard file.path.hasSuffix("/" + spelled) else { return target }
    let folder = file.path.dropLast(spelled.count)
    return target.hasPrefix(folder) ? String(target.dropFirst(folder.count)) : target
  }

  /// A file's lines with their numbers, for a model that has to see what is there.
  static func numbered(_ state: FileState, limit: Int) -> String {
    guard state.kind == .regular, !state.isBinary else { return "(\(state.kind.rawValue), not text)" }
    var lines = String(decoding: state.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var shown = lines.prefix(limit).enumerated().map { index, line in
      "\(index + 1)\t\(line.prefix(ReadFileTool.lineLimit))"
    }
    if lines.count > limit { shown.append("… \(lines.count - limit) more lines: read the file") }
    return shown.joined(separator: "\n")
  }

  /// The outcome member of the finished item.
  /// - Parameter proposed: what the item showed first.
  static func outcome(
    _ review: FinishedReview, _ outcome: StetOutcome, _ proposed: [FileUpdateChange]
  ) -> StetReviewOutcome {
    StetReviewOutcome(
      reviewId: review.id, outcome: outcome, proposedChanges: proposed,
      files: review.first.decision.proposals.files.map { file in
        let conflicted = review.first.conflicted[file.path] ?? []
        let final = review.final[file.path]
        let result: StetFileOutcome =
          switch (outcome, file.verdict) {
          case (.stale, _): .stale
          case (_, .none): .rejected
          case _ where final == nil || final?.verdict == Proposal.Verdict.none: .rejected
          case _ where !conflicted.isEmpty: .conflicted
          case (_, .all) where review.later.allSatisfy({ $0.decision.proposals[file.path]?.verdict == .all }):
            .applied
          default: .partial
          }
        return StetFileResult(
          path: file.path, outcome: result,
          hashAfter: outcome == .stale ? nil : (final ?? file).result().state.hash?.hex,
          rejectedHunks: file.rejectedHunks + conflicted, editedHunks: file.editedHunks)
      })
  }
}
