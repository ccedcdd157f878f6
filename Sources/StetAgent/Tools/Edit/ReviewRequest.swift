import FoundationEssentials
import StetProtocol
import StetWorkspace

/// The facts of a review as the wire tells them (protocol.md §7.1).
enum ReviewRequest {
  /// More hunks than this are paged by the client instead of sent at once: 2 MB of JSON at most.
  static let hunkLimit = 2_000

  static func make(_ proposals: ProposalSet, callId: String, supersedes: String?) -> StetReviewRequest {
    make(
      OpenReviews.Open(
        id: newId(), turnId: "", itemId: callId, createdAtMs: 0, proposals: proposals), supersedes: supersedes
    )
  }

  static func newId() -> String { UUID().uuidString.lowercased() }

  static func make(_ review: OpenReviews.Open, supersedes: String? = nil) -> StetReviewRequest {
    var left = hunkLimit
    var truncated = false
    let files = review.proposals.files.map { proposal in
      let hunks = proposal.hunks()
      let shown = hunks.prefix(max(left, 0))
      left -= hunks.count
      if shown.count < hunks.count { truncated = true }
      let links = links(hunks, proposal, review)
      return file(proposal, shown.map { hunk($0, proposal, review, links) })
    }
    return StetReviewRequest(
      reviewId: review.id, state: review.state, files: files, truncated: truncated,
      supersedes: supersedes)
  }

  static func file(_ proposal: Proposal, _ hunks: [StetHunk]) -> StetReviewFile {
    StetReviewFile(
      path: proposal.path, kind: proposal.kind.rawValue, movePath: proposal.movePath,
      baseHash: proposal.base.hash?.hex, proposedHash: proposal.proposed.hash?.hex,
      baseMode: mode(proposal.base), proposedMode: mode(proposal.proposed), size: proposal.size,
      note: proposal.note,
      collapsed: proposal.collapsed?.rawValue, hunks: hunks)
  }

  /// The mode with its type bits, as stat(2) tells it; nil where nothing is.
  private static func mode(_ state: FileState) -> Int? {
    switch state.kind {
    case .absent, .other: nil
    case .regular: 0o100000 | Int(state.mode)
    case .symlink: 0o120777
    case .directory: 0o040000 | Int(state.mode)
    }
  }

  /// Which hunks of a file need which others, by their ids: as the note of the file or of the hunk says.
  static func links(
    _ hunks: [ProposalHunk], _ proposal: Proposal, _ review: OpenReviews.Open
  ) -> [String: [String]] {
    var links: [String: [String]] = [:]
    for (hunk, needed) in HunkLinks.needed(by: proposal.note, count: hunks.count) {
      links[hunks[hunk].id] = needed.map { hunks[$0].id }
    }
    for hunk in hunks.indices {
      guard let note = review.notes[hunks[hunk].id],
        let needed = HunkLinks.needed(by: note, count: hunks.count)[hunk]
      else { continue }
      links[hunks[hunk].id] = needed.map { hunks[$0].id }
    }
    return links
  }

  static func hunk(
    _ hunk: ProposalHunk, _ proposal: Proposal, _ review: OpenReviews.Open, _ links: [String: [String]]
  ) -> StetHunk {
    let members = Set(hunk.operations)
    return StetHunk(
      hunkId: hunk.id, baseStart: hunk.baseStart, baseLines: hunk.baseLines, newStart: hunk.newStart,
      newLines: hunk.newLines,
      ops: proposal.operations.filter { members.contains($0.id) }.map { operation in
        StetOperation(
          opId: operation.id, kind: operation.kind.rawValue, baseStart: operation.baseStart,
          baseLines: operation.baseLines, newStart: operation.newStart, newLines: operation.newLines)
      }, callId: review.state == .proposed ? review.itemId : review.callIds[hunk.id],
      note: review.notes[hunk.id], requires: links[hunk.id] ?? [])
  }
}
