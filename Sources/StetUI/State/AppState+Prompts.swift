import StetProtocol

/// Keys of the prompts and of the line of text that a prompt asks for.
extension AppState {
  mutating func perform(_ command: PromptCommand, _ key: Key) {
    switch command {
    case .accept: acceptPrompt(forSession: false)
    case .acceptForSession: acceptPrompt(forSession: true)
    case .decline: declinePrompt()
    case .stop: stopFromPrompt()
    case .rule:
      if let offers = commandPrompt?.offers, let first = offers.first {
        ask(commandPrompt?.consent == nil ? .rule(offers: offers) : .remember, text: first)
      }
    case .instead: ask(.instead)
    case .edit: editFromPrompt()
    case .comment: startComment()
    case .openReview: openReview()
    case .acceptAll: acceptFromPrompt { $0.decideRest(.accepted, file: nil) }
    case .declineAll: declinePrompt()
    case .scrollUp: prompts.updateCurrent { $0.scroll = max(0, $0.scroll - 1) }
    case .scrollDown: prompts.updateCurrent { $0.scroll += 1 }
    case .nextOption: moveOption(1)
    case .previousOption: moveOption(-1)
    case .chooseOption: chooseOption()
    case .typeAnswer: askForAnswer()
    case .pickOption: pickOption(key)
    case .skip: skipQuestion()
    case .acceptAlways: answer(ToolPrompt.answer(.accept, holds: "always"))
    }
  }

  private mutating func acceptPrompt(forSession: Bool) {
    switch prompts.current?.kind {
    case .command: answer(forSession ? CommandExecutionApprovalDecision.acceptForSession : .accept)
    // What is applied is what stands in the question, whatever was decided in the full review before.
    case .review: acceptFromPrompt { $0.decideAll(.accepted) }
    case .permissions(let prompt):
      let granted = GrantedPermissionProfile(
        fileSystem: prompt.permissions.fileSystem, network: prompt.permissions.network)
      answer(PermissionsRequestApprovalResponse(permissions: granted, scope: forSession ? .session : .turn))
    case .tool: answer(ToolPrompt.answer(.accept, holds: forSession ? "session" : nil))
    case .question, nil: break
    }
  }

  private mutating func declinePrompt() {
    switch prompts.current?.kind {
    case .command: answer(CommandExecutionApprovalDecision.decline)
    case .review: refuseReview()
    case .permissions: answer(PermissionsRequestApprovalResponse(permissions: GrantedPermissionProfile()))
    case .tool: answer(ToolPrompt.answer(.decline))
    case .question(let question):
      if question.form != nil { answer(McpServerElicitationRequestResponse(action: .decline)) }
    case nil: break
    }
  }

  /// esc: no, and the turn stops.
  private mutating func stopFromPrompt() {
    switch prompts.current?.kind {
    case .command: answer(CommandExecutionApprovalDecision.cancel)
    case .review: answer(FileChangeApprovalDecision.cancel)
    case .tool: answer(ToolPrompt.answer(.cancel))
    case .permissions, .question: break
    case nil: return
    }
    stopTurn()
  }

  private mutating func editFromPrompt() {
    if let command = commandPrompt {
      ask(.editCommand, text: command.script)
    } else {
      editHunk()
    }
  }

  mutating func ask(_ purpose: PromptField.Purpose, text: String = "") {
    updateField { $0 = PromptField(purpose, text: text) }
  }

  // MARK: Questions

  private mutating func moveOption(_ step: Int) {
    prompts.updateCurrent { prompt in
      guard case .question(var question) = prompt.kind else { return }
      question.selected = min(max(0, question.selected + step), max(0, question.options.count - 1))
      prompt.kind = .question(question)
    }
  }

  private mutating func chooseOption() {
    guard let question = questionPrompt else { return }
    guard question.options.indices.contains(question.selected) else {
      askForAnswer()
      return
    }
    answerQuestion(question.options[question.selected].label)
  }

  private mutating func pickOption(_ key: Key) {
    guard let question = questionPrompt, let number = key.typed.flatMap({ $0.wholeNumberValue }) else {
      return
    }
    guard question.options.indices.contains(number - 1) else {
      show("there are \(question.options.count) answers")
      return
    }
    answerQuestion(question.options[number - 1].label)
  }

  /// esc: no answer, and the turn goes on; for an MCP server that is its `cancel`.
  private mutating func skipQuestion() {
    if questionPrompt?.form != nil {
      answer(McpServerElicitationRequestResponse(action: .cancel))
    } else {
      answer(ToolRequestUserInputResponse(answers: [:]))
    }
  }

  private mutating func askForAnswer() {
    ask(.answer(isSecret: questionPrompt?.current?.isSecret ?? false))
  }

  private mutating func answerQuestion(_ text: String) {
    guard var question = questionPrompt else { return }
    if let problem = question.form?.problem(with: text, field: question.index) {
      show(problem, isWarning: true)
      return
    }
    let isLast = question.answer(text)
    prompts.updateCurrent { $0.kind = .question(question) }
    guard isLast else { return }
    if let form = question.form {
      answer(form.response(question.answers))
    } else {
      answer(ToolRequestUserInputResponse(answers: question.answers))
    }
  }

  // MARK: Field

  mutating func perform(_ command: FieldCommand) {
    switch command {
    case .cancel: updateField { $0 = nil }
    case .done: finishField()
    case .nextOffer: nextOffer()
    case .down: updateField { $0?.move(by: 1) }
    case .up: updateField { $0?.move(by: -1) }
    case .editor:
      guard let field, !field.isSent else { return }
      emit(.edit(text: field.buffer.text, fileName: "COMMIT_EDITMSG", purpose: .field))
    }
  }

  /// What the editor left: the text that is being asked for, or, if that is over, one of the user's messages.
  mutating func finishFieldEdit(_ text: String) {
    var lines = Composer.characters(of: text)
    while lines.last?.isNewline == true { lines.removeLast() }
    guard let field, field.takesLines, !field.isSent else {
      composer.remember(String(lines))
      return show("what you wrote is among your messages: ↑ brings it back", isWarning: true)
    }
    updateField { $0?.buffer.replaceAll(with: lines) }
  }

  /// The prefixes, or the rules, that can be stepped through.
  var fieldOffers: [String] {
    switch field?.purpose {
    case .rule(let offers): offers
    case .remember: commandPrompt?.offers ?? []
    default: []
    }
  }

  private mutating func nextOffer() {
    let offers = fieldOffers
    guard !offers.isEmpty else { return }
    prompts.updateCurrent { prompt in
      guard var field = prompt.field else { return }
      field.offer = (field.offer + 1) % offers.count
      field.buffer.replaceAll(with: Array(offers[field.offer]))
      prompt.field = field
    }
  }

  private mutating func finishField() {
    guard let field else { return }
    let text = field.buffer.text
    let isBlank = !text.contains { !$0.isWhitespace }
    switch field.purpose {
    case .rule: acceptRule(text)
    case .remember: remember(text)
    case .instead:
      guard !isBlank else {
        show("say what to do instead, or esc goes back")
        return
      }
      declineInstead(text)
    case .editCommand:
      guard !isBlank else { return }
      declineInstead("Don't run that command. Run this one instead:\n" + text)
    case .comment(let place, let index):
      updateField { $0 = nil }
      finishComment(place, index, text)
    case .search:
      updateField { $0 = nil }
      finishSearch(text)
    case .commitMessage:
      guard !isBlank else { return }
      commit(text)
    case .answer:
      // A field of a form may stay empty; what may not says so.
      guard !isBlank || questionPrompt?.form != nil else { return }
      prompts.updateCurrent { $0.field = nil }
      answerQuestion(text)
    }
  }

  /// A rule must be plain words that the command begins with; what it would allow is on the screen.
  private mutating func acceptRule(_ text: String) {
    guard let words = ShellWords.split(text), !words.isEmpty else {
      show("a rule is plain words, no pipes or variables", isWarning: true)
      return
    }
    if let command = commandPrompt.flatMap({ ShellWords.split($0.script) }), !command.starts(with: words) {
      show("this command does not begin with that", isWarning: true)
      return
    }
    answer(CommandExecutionApprovalDecision.acceptWithExecpolicyAmendment(words))
  }

  /// Only a rule that was offered can be remembered; the server would refuse any other.
  private mutating func remember(_ text: String) {
    guard let field, let offer = fieldOffers.firstIndex(of: text) else {
      show("only the offered rules can be remembered · tab steps through them", isWarning: true)
      return
    }
    let scope = RuleScope.all[field.scope]
    var wish: JSONObject = ["offer": .int(Int64(offer)), "scope": .string(scope.name)]
    wish["days"] = scope.days.map { .int(Int64($0)) }
    answer(["decision": "accept", "stet": ["remember": .object(wish)]] as JSONValue)
  }

  /// No, with a word to the agent: beside the decision where the server takes one, else as a steer.
  private mutating func declineInstead(_ text: String) {
    switch prompts.current?.kind {
    case .command:
      answer(CommandExecutionApprovalDecision.decline)
      submit(text)
    case .review:
      // The comments that were made go with it.
      if let review = prompts.review, review.canDecideParts, !review.comments.isEmpty {
        prompts.updateReview { $0.comment(ReviewComment(place: .whole, text: text)) }
        return refuseReview()
      }
      answer(FileChangeApprovalDecision.decline, message: text)
      if server?.hunkReview != true { submit(text) }
    case .tool:
      answer(ToolPrompt.answer(.decline))
      submit(text)
    case .permissions, .question, nil: prompts.updateCurrent { $0.field = nil }
    }
  }
}
