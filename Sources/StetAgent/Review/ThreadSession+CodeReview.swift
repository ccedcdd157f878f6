import StetJSON
import StetProtocol

/// `review/start`: a reviewer with a prompt of its own, so that what was talked about before does not colour its
/// view; the thread's history gets the report. Read-only (protocol.md §4).
extension ThreadSession {
  /// The prompt and the rights of a review.
  struct CodeReview {
    let task: ReviewTask
    var prompt = PromptLog()
    let settings: TurnSettings
  }

  func startReview(_ params: ReviewStartParams, _ reply: @escaping AgentReply<ReviewStartResponse>) async {
    guard !isClosing else { return reply(.failure(.threadNotFound(id))) }
    let git = ReviewGit(cwd: settings.cwd, environment: services.environment.processEnvironment)
    let task: ReviewTask
    do {
      task = try await ReviewTask.make(params.target, git: git)
    } catch {
      return reply(.failure(error))
    }
    await interruptAndWait()
    guard !isClosing else { return reply(.failure(.threadNotFound(id))) }
    let turnId = ThreadIds.make(nowMs: nowMs())
    feed.beginTurn(turnId) { [id] turn in
      var turn = turn
      turn.items = [.userMessage(UserMessageItem(id: turnId, content: [.text(task.hint)]))]
      reply(.success(ReviewStartResponse(turn: turn, reviewThreadId: id)))
    }
    journal.updateSummary { summary in
      summary.turns += 1
      summary.updatedAtMs = nowMs()
      summary.recencyAtMs = summary.updatedAtMs
      if summary.preview.isEmpty { summary.preview = String(task.hint.prefix(500)) }
    }
    feed.itemWhole(
      .enteredReviewMode(EnteredReviewModeItem(id: ThreadIds.make(nowMs: nowMs()), review: task.hint)),
      turn: turnId)
    let message = UserMessageItem(id: ThreadIds.make(nowMs: nowMs()), content: [.text(task.question)])
    feed.itemWhole(.userMessage(message), turn: turnId)
    running = running(turnId, .review, nil)
    running?.review = CodeReview(task: task, settings: reviewSettings)
    running?.preparation = Task { await self.prepareReview(turnId) }
  }

  private func prepareReview(_ turnId: String) async {
    let model = await reviewModel()
    guard let review = prepared(turnId, model)?.review else { return }
    running?.review?.prompt = prompt(of: review, model)
    ask(model)
  }

  /// The report: on the screen, then in the thread's own history.
  func finishReview(_ outcome: TurnOutcome, _ turn: Running) {
    guard let review = turn.review else { return }
    running?.review = nil
    let answer = review.prompt.values.last { $0["role"]?.stringValue == "assistant" }.map(MessageItem.text)
    let text =
      switch outcome {
      case .completed: ReviewFindings.render(answer ?? "")
      case .interrupted: ReviewFindings.interrupted
      case .failed: ReviewFindings.failed
      }
    feed.itemWhole(
      .exitedReviewMode(ExitedReviewModeItem(id: ThreadIds.make(nowMs: nowMs()), review: text)), turn: turn.id
    )
    guard outcome == .completed, let model = turn.model else { return }
    let message = AgentMessageItem(id: "msg_\(ThreadIds.make(nowMs: nowMs()))", text: text)
    feed.itemWhole(.agentMessage(message), turn: turn.id)
    if facts == nil { appendContext(model) }
    append(MessageItem.ours(ReviewTexts.outcome(review.task.hint, text)))
  }

  // MARK: - Parts

  /// `review_model` if it is set, else the thread's own; only what reads is offered.
  private func reviewModel() async -> TurnModel {
    let model = await beginningModel(named: configuration()?.reviewModel)
    return model.offering { $0.access == .read && $0.name != "update_plan" && $0.name != "get_goal" }
  }

  private var reviewSettings: TurnSettings {
    var settings = settings
    settings.sandboxPolicy = .readOnly(networkAccess: false)
    settings.approvalPolicy = .never
    settings.editReview = .off
    settings.mode = .default
    settings.modeInstructions = nil
    return settings
  }

  private func prompt(of review: CodeReview, _ model: TurnModel) -> PromptLog {
    var prompt = PromptLog()
    let layers = freshLayers(model, settings: review.settings, base: ReviewTexts.base)
    for item in layers.items { prompt.append(item) }
    prompt.append(MessageItem.user(review.task.message))
    prompt.freeze(PromptTools(model.list.map(\.definition)))
    return prompt
  }
}
