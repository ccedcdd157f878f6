import StetProtocol
import StetWorkspace

/// What the user decided of a proposal.
struct ReviewDecision: Sendable {
  /// The proposals with the decisions in them; nothing is undecided.
  var proposals: ProposalSet
  /// A word to the model.
  var message: String?
  /// Words about single files, by path.
  var fileMessages: [String: String] = [:]
  var comments: [StetReviewComment] = []
  /// These paths need no more questions in this session.
  var rememberPaths = false

  init(proposals: ProposalSet) { self.proposals = proposals }

  /// Whether the user said more than yes.
  var hasWords: Bool { message != nil || !fileMessages.isEmpty || !comments.isEmpty }
}

/// An answer to `item/fileChange/requestApproval`, read against what was proposed. Untrusted.
enum ReviewAnswer {
  case decided(ReviewDecision)
  case cancel
  case invalid

  init(_ value: JSONValue, _ proposals: ProposalSet) {
    guard let response = try? value.decode(FileChangeRequestApprovalResponse.self) else {
      // An unknown decision or no decision fails closed: nothing is written, and the model is told so.
      self = .invalid
      return
    }
    var decision = ReviewDecision(proposals: proposals)
    decision.message = response.stet?.message.flatMap { $0.isEmpty ? nil : $0 }
    switch response.decision {
    case .accept, .acceptForSession:
      decision.proposals.decideAll(.accept)
      decision.rememberPaths = response.decision == .acceptForSession
      self = .decided(decision)
    case .decline:
      decision.proposals.decideAll(.reject)
      self = .decided(decision)
    case .cancel: self = .cancel
    case .unknown: self = .invalid
    case .stetReview(let review):
      guard let read = Self.read(review, into: decision) else {
        self = .invalid
        return
      }
      self = .decided(read)
    }
  }

  /// Files and operations that are not named count as rejected; a name that is not in the review makes it invalid.
  static func read(
    _ review: StetReviewDecision, into start: ReviewDecision, unnamed: Decision = .reject
  ) -> ReviewDecision? {
    var decision = start
    decision.proposals.decideAll(unnamed)
    for file in review.files {
      guard
        let index = decision.proposals.files.firstIndex(where: {
          $0.path == file.path || $0.movePath == file.path
        })
      else { return nil }
      // The client reviewed other bytes than these.
      if let hash = file.baseHash, hash != decision.proposals.files[index].base.hash?.hex { return nil }
      guard apply(file, to: &decision.proposals.files[index]) else { return nil }
      if let message = file.message, !message.isEmpty { decision.fileMessages[file.path] = message }
    }
    decision.message = review.message.flatMap { $0.isEmpty ? nil : $0 } ?? decision.message
    decision.comments = review.comments ?? []
    decision.rememberPaths = review.remember == "session"
    return decision
  }

  private static func apply(_ file: StetFileDecision, to proposal: inout Proposal) -> Bool {
    switch file.decision {
    case .accept: proposal.decideAll(.accept)
    case .reject: proposal.decideAll(.reject)
    case .unknown: return false
    case .partial:
      for operation in file.ops ?? [] {
        guard let verdict = decision(operation.decision, operation.text),
          (try? proposal.decide(operation.opId, verdict)) != nil
        else { return false }
      }
    }
    return decide("mode", file.mode, &proposal) && decide("rename", file.rename, &proposal)
  }

  private static func decide(_ id: String, _ verdict: StetVerdict?, _ proposal: inout Proposal) -> Bool {
    guard let verdict else { return true }
    guard let decision = decision(verdict, nil) else { return false }
    return (try? proposal.decide(id, decision)) != nil
  }

  private static func decision(_ verdict: StetVerdict, _ text: String?) -> Decision? {
    switch verdict {
    case .accept: .accept
    case .reject: .reject
    case .edit: text.map { .edit(Array($0.utf8)) }
    case .unknown: nil
    }
  }
}
