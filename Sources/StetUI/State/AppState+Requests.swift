import StetProtocol

/// Questions of the server and their answers.
extension AppState {
  mutating func receive(_ id: RequestID, _ request: ServerRequest) {
    guard let prompt = prompt(id, request) else {
      emit(.refuse(id, .invalidRequest("\(request.method) is not supported by this client")))
      return
    }
    guard prompts.count < PromptQueue.maxPrompts else {
      emit(.refuse(id, .overloaded))
      return
    }
    prompts.add(prompt)
    call("stet: an answer is needed")
  }

  private func prompt(_ id: RequestID, _ request: ServerRequest) -> Prompt? {
    switch request {
    case .commandExecutionRequestApproval(let params):
      let content = CommandPrompt(params, item: transcript.item(params.itemId))
      return Prompt(id: id, kind: .command(content), turnId: params.turnId)
    case .fileChangeRequestApproval(let params):
      var changes: [FileChangeContent.File] = []
      if case .fileChange(let content) = transcript.item(params.itemId)?.content { changes = content.files }
      let review = ReviewState(request: params, changes: changes)
      return Prompt(id: id, kind: .review(review), turnId: params.turnId)
    case .toolRequestUserInput(let params):
      guard !params.questions.isEmpty else { return nil }
      return Prompt(id: id, kind: .question(QuestionPrompt(params)), turnId: params.turnId)
    case .permissionsRequestApproval(let params):
      return Prompt(id: id, kind: .permissions(PermissionsPrompt(params)), turnId: params.turnId)
    case .mcpServerElicitation(let params):
      if let tool = ToolPrompt(params) { return Prompt(id: id, kind: .tool(tool), turnId: params.turnId) }
      return Prompt(id: id, kind: .question(QuestionPrompt(params)), turnId: params.turnId)
    case .toolCall, .currentTimeRead, .unknown: return nil
    }
  }

  /// Sends the answer of the prompt on the screen and takes it away.
  mutating func answer(_ response: some Encodable) {
    guard let prompt = prompts.current else { return }
    do {
      emit(.answer(prompt.id, try JSONValue(encoding: response)))
    } catch {
      emit(.refuse(prompt.id, .internalError("the answer could not be encoded")))
    }
    resolved(prompt.id)
  }

  mutating func answer(_ decision: CommandExecutionApprovalDecision) {
    answer(CommandExecutionRequestApprovalResponse(decision: decision))
  }

  mutating func answer(_ decision: FileChangeApprovalDecision, message: String? = nil) {
    let note = server?.hunkReview == true ? message.map { StetDecisionNote(message: $0) } : nil
    answer(FileChangeRequestApprovalResponse(decision: decision, stet: note))
  }

  var commandPrompt: CommandPrompt? {
    if case .command(let command) = prompts.current?.kind { command } else { nil }
  }

  var questionPrompt: QuestionPrompt? {
    if case .question(let question) = prompts.current?.kind { question } else { nil }
  }

  var field: PromptField? { prompts.current?.field }

  /// The operation that `e` edits: the one under the cursor in the review, else the only one of the hunk.
  var editableOperation: ReviewOperation? {
    guard let review = prompts.review, review.canDecideParts,
      review.files.indices.contains(review.cursor.file),
      let hunk = review.currentHunk
    else { return nil }
    let operations = review.files[review.cursor.file].hunks[hunk].operations.filter { $0.role == .content }
    let rows = review.rows
    if rows.indices.contains(review.cursor.row), case .line(_, let line) = rows[review.cursor.row],
      let exact = operations.first(where: { $0.lines.contains(line) })
    {
      return exact
    }
    return operations.first { review.verdict($0) == nil } ?? operations.first
  }

  var severalFilesObstacle: String? {
    prompts.review.map { $0.files.count > 1 } == true ? nil : "one file only"
  }

  /// Whether the prompt takes the keys now (U2).
  var promptHasKeys: Bool {
    guard let prompt = prompts.current, dialogs.isEmpty, prompt.paintedAt != nil else { return false }
    if prompts.isCurrentFocused { return true }
    guard focus == .composer, composer.isEmpty else { return false }
    if prompt.isEngaged { return true }
    guard let armedAt = prompt.armedAt(lastKey: lastKey) else { return false }
    return now >= armedAt
  }
}
