import StetProtocol

extension ReviewState {
  /// The answer to the server's request, from the decisions. What was not decided counts as rejected there.
  func decision() -> FileChangeApprovalDecision {
    guard reviewId != nil else {
      let isAccepted = files.allSatisfy { summary($0) == .accepted }
      return isAccepted ? .accept : .decline
    }
    let notes = comments.map { comment in
      StetReviewComment(
        path: comment.path, side: comment.isNew ? "new" : "old", line: comment.line, text: comment.text,
        question: comment.text.hasSuffix("?"))
    }
    return .stetReview(
      StetReviewDecision(files: files.map(decision), comments: notes.isEmpty ? nil : notes))
  }

  private func decision(_ file: ReviewFile) -> StetFileDecision {
    var result = StetFileDecision(path: file.path, baseHash: file.baseHash, decision: .partial)
    var operations: [StetOperationDecision] = []
    for operation in file.operations {
      let verdict = verdict(operation)
      switch operation.role {
      case .rename: result.rename = verdict == .accepted ? .accept : .reject
      case .mode: result.mode = verdict == .accepted ? .accept : .reject
      case .whole: break
      case .content:
        switch verdict {
        case .accepted: operations.append(.init(opId: operation.opId, decision: .accept))
        case .edited(let text): operations.append(.init(opId: operation.opId, decision: .edit, text: text))
        case .rejected, nil: operations.append(.init(opId: operation.opId, decision: .reject))
        }
      }
    }
    let summary = summary(file)
    if summary == .accepted {
      result.decision = .accept
    } else if summary == .rejected {
      result.decision = .reject
    } else {
      result.ops = operations
    }
    return result
  }
}
