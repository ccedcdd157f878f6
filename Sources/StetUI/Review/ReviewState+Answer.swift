import StetProtocol

extension ReviewState {
  /// The answer to the server's request, from the decisions. What was not decided counts as rejected there.
  func decision() -> FileChangeApprovalDecision {
    guard reviewId != nil else {
      let isAccepted = files.indices.allSatisfy { summary(file: $0) == .accepted }
      return isAccepted ? .accept : .decline
    }
    return .stetReview(
      StetReviewDecision(
        files: fileDecisions(), comments: lineComments.isEmpty ? nil : lineComments, message: message))
  }

  func fileDecisions() -> [StetFileDecision] { files.indices.map { decision($0) } }

  /// Only what was decided or said, for a review in which the rest stays as it is.
  var decidedFiles: [StetFileDecision] {
    files.indices.filter { file in
      verdicts[file].contains { $0 != nil } || comments.contains { $0.place == .file(path: files[file].path) }
    }.map { decision($0, skipsUndecided: true) }
  }

  /// What is said about everything.
  var message: String? {
    let words = comments.filter { $0.place == .whole }.map(\.text)
    return words.isEmpty ? nil : words.joined(separator: "\n")
  }

  var lineComments: [StetReviewComment] {
    comments.compactMap { comment in
      guard case .lines(let path, let isNew, let line, let end) = comment.place else { return nil }
      return StetReviewComment(
        path: path, side: isNew ? "new" : "old", line: line, endLine: end == line ? nil : end,
        text: comment.text, question: comment.text.hasSuffix("?"))
    }
  }

  private func decision(_ index: Int, skipsUndecided: Bool = false) -> StetFileDecision {
    let file = files[index]
    var result = StetFileDecision(path: file.path, baseHash: file.baseHash, decision: .partial)
    let words = comments.filter { $0.place == .file(path: file.path) }.map(\.text)
    if !words.isEmpty { result.message = words.joined(separator: "\n") }
    var operations: [StetOperationDecision] = []
    for (number, operation) in file.operations.enumerated() {
      let verdict = verdict(index, number)
      if skipsUndecided, verdict == nil { continue }
      switch operation.role {
      case .rename: result.rename = verdict == .accepted ? .accept : .reject
      case .mode: result.mode = verdict == .accepted ? .accept : .reject
      case .content, .whole:
        guard !operation.opId.isEmpty else { continue }
        switch verdict {
        case .accepted: operations.append(.init(opId: operation.opId, decision: .accept))
        case .rejected, nil: operations.append(.init(opId: operation.opId, decision: .reject))
        case .edited(let edit):
          operations.append(.init(opId: edit.hunkId ?? operation.opId, decision: .edit, text: edit.text))
        case .covered(let lead):
          // The server knows the hunk whose text speaks for this one; for a part of a hunk the first operation has it all.
          if case .edited(let edit)? = self.verdict(index, lead), edit.hunkId != nil { continue }
          operations.append(.init(opId: operation.opId, decision: .edit, text: ""))
        }
      }
    }
    switch summary(file: index) {
    case .accepted: result.decision = .accept
    case .rejected: result.decision = .reject
    default: result.ops = operations
    }
    if result.decision != .partial { (result.mode, result.rename) = (nil, nil) }
    return result
  }
}
