import FoundationEssentials
import StetProtocol
import StetWorkspace

/// An open review in pages, and what decisions would make of it. Blocks: for the workspace's thread.
struct ReviewPages {
  /// Hunks of a page, unless the client wants fewer: 200 kB of JSON.
  static let defaultLimit = 200
  /// Bytes of one side that are sent along: what a person reads and edits; base64 makes a third more of it.
  static let textLimit = 4 << 20

  let review: OpenReviews.Open

  // MARK: - Reading

  func page(_ params: StetReviewReadParams) throws -> StetReviewReadResponse {
    let files = try chosen(params.path)
    let start = try position(params.cursor, in: files)
    var left = min(max(Int(params.limit ?? UInt32(Self.defaultLimit)), 1), ReviewRequest.hunkLimit)
    var page: [StetReviewFile] = []
    for index in start.file..<files.count {
      let hunks = files[index].hunks()
      let first = index == start.file ? start.hunk : 0
      // A file without hunks (a mode, a binary) counts as one, so that every page ends.
      guard left > 0 else { return StetReviewReadResponse(files: page, nextCursor: "\(index):\(first)") }
      let shown = hunks.dropFirst(first).prefix(left)
      page.append(try file(files[index], Array(shown), withText: params.includeText ?? false))
      left -= max(shown.count, 1)
      if first + shown.count < hunks.count {
        return StetReviewReadResponse(files: page, nextCursor: "\(index):\(first + shown.count)")
      }
    }
    return StetReviewReadResponse(files: page)
  }

  private func chosen(_ path: String?) throws(RPCError) -> [Proposal] {
    guard let path else { return review.proposals.files }
    guard let file = review.proposals[path] else {
      throw .invalidRequest("the review holds no file \(path)")
    }
    return [file]
  }

  private func position(_ cursor: String?, in files: [Proposal]) throws(RPCError) -> (file: Int, hunk: Int) {
    guard let cursor else { return (0, 0) }
    let parts = cursor.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let file = parts[0], let hunk = parts[1], files.indices.contains(file), hunk >= 0
    else { throw .invalidRequest("invalid cursor: \(cursor)") }
    return (file, hunk)
  }

  private func file(_ proposal: Proposal, _ hunks: [ProposalHunk], withText: Bool) throws -> StetReviewFile {
    let links = ReviewRequest.links(proposal.hunks(), proposal, review)
    var file = ReviewRequest.file(
      proposal, hunks.map { ReviewRequest.hunk($0, proposal, review, links) })
    guard withText else { return file }
    file.base = try Self.text(proposal.base, proposal)
    file.proposed = try Self.text(proposal.proposed, proposal)
    return file
  }

  private static func text(_ state: FileState, _ proposal: Proposal) throws(RPCError) -> String? {
    guard state.kind != .absent else { return nil }
    guard state.bytes.count <= textLimit else {
      throw .invalidRequest(
        "\(proposal.path) has \(state.bytes.count) bytes; includeText sends at most \(textLimit). Read it without."
      )
    }
    return Data(state.bytes).base64EncodedString()
  }

  // MARK: - Trying decisions

  func preview(_ files: [StetFileDecision]) throws -> StetReviewPreviewResponse {
    let decided = try review.decision(StetReviewDecision(files: files))
    let workspace = try Workspace(root: "/")
    let named = Set(files.map(\.path))
    return StetReviewPreviewResponse(
      files: try decided.proposals.files.filter { file in
        named.contains(file.path) || file.movePath.map(named.contains) ?? false
      }.map { try preview($0, workspace) })
  }

  private func preview(_ file: Proposal, _ workspace: Workspace) throws -> StetFilePreview {
    let result = file.result()
    if review.state == .applied { return try previewRollback(file, result.state, workspace) }
    let disk = try file.reconcile(with: workspace.read(file.path))
    var warnings: [String] = []
    var conflicts: [String] = []
    switch disk {
    case .current: break
    case .stale(let reason): warnings.append("\(reason): a submit would write nothing here")
    case .merged(_, let conflicted):
      warnings.append("the file changed on disk: a submit would merge and ask again")
      conflicts = conflicted
      if !conflicted.isEmpty { warnings.append("\(conflicted.count) of the hunks conflict with that change") }
    }
    if file.base.kind == .regular, result.state.kind == .regular, result.state.bytes.isEmpty,
      !file.base.bytes.isEmpty
    {
      warnings.append("the file would be empty")
    }
    return StetFilePreview(
      path: file.path, diff: try file.appliedChange()?.diff ?? "", resultHash: result.state.hash?.hex,
      warnings: warnings, stale: disk != .current, conflictedHunks: conflicts)
  }

  /// Of what is on disk: the difference that the decisions would make there.
  private func previewRollback(
    _ file: Proposal, _ wanted: FileState, _ workspace: Workspace
  ) throws -> StetFilePreview {
    if review.kind == .picture {
      return StetFilePreview(
        path: file.path, diff: try file.appliedChange()?.diff ?? "", resultHash: wanted.hash?.hex,
        stale: false)
    }
    let disk = try workspace.read(file.path)
    let isStale = !disk.stamp.sameContent(as: file.proposed.stamp)
    var warnings = isStale ? ["the file changed on disk since"] : []
    var state = disk
    var conflicts: [String] = []
    switch try file.rollback(on: disk) {
    case .nothing: break
    case .write(let written, let conflicted):
      state = written
      conflicts = conflicted
      if !conflicted.isEmpty {
        warnings.append("\(conflicted.count) of the hunks can't be taken back: the same lines changed since")
      }
    case .refused(let reason): warnings.append("nothing can be taken back here: \(reason)")
    }
    return StetFilePreview(
      path: file.path, diff: try file.appliedChange()?.diff ?? "", resultHash: state.hash?.hex,
      warnings: warnings, stale: isStale, conflictedHunks: conflicts)
  }
}

extension OpenReviews.Open {
  /// The decisions of a client, read against this review. Untrusted.
  func decision(_ review: StetReviewDecision) throws(RPCError) -> ReviewDecision {
    let isLook = kind == .look || kind == .picture
    guard
      var decision = ReviewAnswer.read(
        review, into: ReviewDecision(proposals: proposals), unnamed: isLook ? .undecided : .reject)
    else {
      throw .invalidRequest(
        "the decisions do not fit review \(id): a file, an operation or a base hash is not of it")
    }
    // Nobody proposed it: what is not named stays as it is.
    if isLook {
      for index in decision.proposals.files.indices { decision.proposals.files[index].acceptUndecided() }
    }
    return decision
  }
}
