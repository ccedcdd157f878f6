import StetProtocol
import StetWorkspace

/// Taking back single hunks of a review (`stet/snapshot/restore` with the scope `hunks`).
extension ThreadSession {
  /// What it would do; nothing is written. The plan waits for its restore.
  func hunkPlan(_ hunks: [String], _ id: String) async throws(RPCError) -> RestorePlan {
    let done = openReviews.done.last { $0.review.id == id }?.review
    guard let review = openReviews[id] ?? done, review.kind != .picture else {
      throw .invalidRequest("no review \(id) of changes on disk in this thread")
    }
    guard review.kind != .asked || done != nil else {
      throw .invalidRequest("nothing of the review \(id) is on disk: its request is open")
    }
    do {
      return try await snapshots.keep { try review.plan(takingBack: hunks) }
    } catch {
      throw Self.refusal(error)
    }
  }
}

extension OpenReviews.Open {
  /// Blocks.
  fileprivate func plan(takingBack hunks: [String]) throws -> RestorePlan {
    var chosen: [Proposal] = []
    var left = Set(hunks)
    for var file in proposals.files {
      let own = file.hunks().map(\.id).filter(left.contains)
      guard !own.isEmpty else { continue }
      file.decideAll(.accept)
      for id in own { try file.decide(id, .reject) }
      left.subtract(own)
      chosen.append(file)
    }
    guard left.isEmpty else {
      throw RPCError.invalidRequest("the review \(id) has no hunk \(left.sorted().joined(separator: ", "))")
    }
    return try RollbackPlan(ProposalSet(files: chosen), scope: .hunks(hunks, review: id)).plan
  }
}
