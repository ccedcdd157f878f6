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
    if case .review(let review) = prompt.kind { readRest(of: review) }
    call("stet: an answer is needed", for: .approval)
  }

  private func prompt(_ id: RequestID, _ request: ServerRequest) -> Prompt? {
    switch request {
    case .commandExecutionRequestApproval(let params):
      let content = CommandPrompt(params, item: transcript.item(params.itemId))
      return Prompt(id: id, kind: .command(content), turnId: params.turnId)
    case .fileChangeRequestApproval(let params):
      var changes: [FileChangeContent.File] = []
      if case .fileChange(let content) = transcript.item(params.itemId)?.content { changes = content.files }
      var review = ReviewState(request: params, changes: changes)
      if let lastReview, review.supersedes == lastReview.reviewId { review.inherit(lastReview) }
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

  /// The line of text that has the keys: the review's while it is open, else the prompt's.
  var field: PromptField? { isReviewOpen ? reviewField : prompts.current?.field }

  mutating func updateField(_ change: (inout PromptField?) -> Void) {
    if isReviewOpen { change(&reviewField) } else { prompts.updateCurrent { change(&$0.field) } }
  }

  var isReviewOpen: Bool {
    if case .review? = dialogs.last { true } else { false }
  }

  var severalFilesObstacle: String? {
    review.map { $0.files.count > 1 } == true ? nil : "one file only"
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
