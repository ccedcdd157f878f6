import StetWorkspace

/// A review that was submitted. It has more than one round when files changed on disk while the user decided: then
/// what was accepted, merged with the new content, was put again.
struct FinishedReview: Sendable {
  struct Round: Sendable {
    let decision: ReviewDecision
    /// Accepted hunks that the next round could not hold, since the same lines had changed on disk; by path.
    var conflicted: [String: [ProposalHunk.ID]] = [:]
  }

  /// Of the last request.
  var id: String
  /// The first is about what the model proposed, the last about what is written. Never empty.
  var first: Round
  var later: [Round] = []

  var rounds: [Round] { [first] + later }
  /// What is written.
  var final: ProposalSet { (later.last ?? first).decision.proposals }
  var wasMerged: Bool { !later.isEmpty }
  /// Everything that the model proposed is applied.
  var isWhole: Bool {
    rounds.allSatisfy { $0.decision.proposals.verdict == .all && $0.conflicted.isEmpty }
  }
  /// Whether the model has to be told more than yes.
  var hasWords: Bool { wasMerged || rounds.contains { $0.decision.hasWords } }

  /// One more round.
  mutating func add(_ round: Round, id: String) {
    later.append(round)
    self.id = id
  }

  /// Notes for the last round what the next one can't hold.
  mutating func note(conflicted: [String: [ProposalHunk.ID]]) {
    if later.isEmpty { first.conflicted = conflicted } else { later[later.count - 1].conflicted = conflicted }
  }
}
