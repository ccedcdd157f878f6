import StetProtocol

extension ThreadFeed {
  /// A server request that waits for its answer.
  struct Question {
    let waiting: ApprovalDesk.Waiting
    let continuation: CheckedContinuation<ApprovalAnswer, Never>
    let beforeClear: (@Sendable (ApprovalAnswer) -> Void)?
    var token: (any PendingRequestToken)?
  }

  func ask(
    _ request: ServerRequest, turn: String, waiting: ApprovalDesk.Waiting, startItem: (@Sendable () -> Void)?,
    beforeClear: (@Sendable (ApprovalAnswer) -> Void)?
  ) async -> ApprovalAnswer {
    let key = state.withLock { state in
      defer { state.nextQuestion += 1 }
      return state.nextQuestion
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let question = Question(waiting: waiting, continuation: continuation, beforeClear: beforeClear)
        guard open(question, key, turn) else { return continuation.resume(returning: .cancelled) }
        startItem?()
        journal.sync()
        send(request, key)
      }
    } onCancel: {
      cancel(key)
    }
  }

  /// Questions that are open when a turn ends; their requests are resolved after `turn/completed`.
  func takeQuestions(in state: inout State) -> [Question] {
    let left = state.questions.sorted { $0.key < $1.key }.map(\.value)
    state.leftTokens += left.compactMap(\.token)
    state.questions = [:]
    state.waitingApproval = 0
    state.waitingInput = 0
    return left
  }

  /// Ends the requests whose questions are gone, before the turn ends.
  func resolveLeftRequests() {
    let tokens = state.withLock { state in
      defer { state.leftTokens = [] }
      return state.leftTokens
    }
    for token in tokens { token.resolve() }
  }

  // MARK: - Parts

  /// Registers the question and sets its flag; false when the turn is over or the task cancelled already.
  private func open(_ question: Question, _ key: Int, _ turn: String) -> Bool {
    state.withLock { state in
      guard state.active == turn, state.cancelledQuestions.remove(key) == nil else { return false }
      state.questions[key] = question
      switch question.waiting {
      case .approval: state.waitingApproval += 1
      case .userInput: state.waitingInput += 1
      case .client: break
      }
      setStatus(activeStatus(state), in: &state)
      return true
    }
  }

  private func send(_ request: ServerRequest, _ key: Int) {
    state.withLock { state in
      guard state.questions[key] != nil else { return }
      state.questions[key]?.token = sink.request(request, thread: threadId) { [self] result in
        switch result {
        case .success(let value): answer(key, .answered(value))
        case .failure(let error): answer(key, .failed(error))
        }
      }
    }
  }

  private func answer(_ key: Int, _ answer: ApprovalAnswer) {
    guard let question = state.withLock({ $0.questions.removeValue(forKey: key) }) else { return }
    question.beforeClear?(answer)
    clear(question)
    question.continuation.resume(returning: answer)
  }

  private func cancel(_ key: Int) {
    let question: Question? = state.withLock { state in
      guard let question = state.questions.removeValue(forKey: key) else {
        state.cancelledQuestions.insert(key)
        return nil
      }
      if let token = question.token { state.leftTokens.append(token) }
      return question
    }
    guard let question else { return }
    clear(question)
    question.continuation.resume(returning: .cancelled)
  }

  private func clear(_ question: Question) {
    state.withLock { state in
      switch question.waiting {
      case .approval: state.waitingApproval = max(0, state.waitingApproval - 1)
      case .userInput: state.waitingInput = max(0, state.waitingInput - 1)
      case .client: break
      }
      if state.active != nil { setStatus(activeStatus(state), in: &state) }
    }
  }
}
