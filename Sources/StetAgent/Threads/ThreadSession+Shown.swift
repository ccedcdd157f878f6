import StetProtocol

/// What the model streams, as items and deltas of the protocol.
extension ThreadSession {
  func show(_ event: ShownEvent, turn: String) {
    // What a reviewer writes is JSON: it is shown once, rendered, when the review is over.
    if running?.review != nil, event.isMessage { return }
    if showPlan(event, turn: turn) { return }
    switch event {
    case .messageStarted(let id, let phase):
      feed.itemStarted(
        .agentMessage(AgentMessageItem(id: id, text: "", phase: Self.phase(phase))), turn: turn)
    case .text(let id, let delta): messageDelta(id, delta, turn: turn)
    case .messageCompleted(let id, let text, let phase): completeMessage(id, text, phase)
    case .reasoningStarted(let id):
      feed.itemStarted(.reasoning(ReasoningItem(id: id)), turn: turn)
    case .reasoningPart(let id, let index):
      feed.itemProgress(
        .reasoningSummaryPartAdded(
          ReasoningSummaryPartAddedNotification(
            threadId: self.id, turnId: turn, itemId: id, summaryIndex: index)), item: id)
    case .reasoningSummary(let id, let index, let delta):
      feed.itemProgress(
        .reasoningSummaryTextDelta(
          ReasoningSummaryTextDeltaNotification(
            threadId: self.id, turnId: turn, itemId: id, delta: delta, summaryIndex: index)), item: id)
    case .reasoningText(let id, let index, let delta):
      feed.itemProgress(
        .reasoningTextDelta(
          ReasoningTextDeltaNotification(
            threadId: self.id, turnId: turn, itemId: id, contentIndex: index, delta: delta)), item: id)
    case .reasoningCompleted(let id, let summary, let content):
      feed.itemCompleted(.reasoning(ReasoningItem(id: id, summary: summary, content: content)))
    }
  }

  func messageDelta(_ id: String, _ delta: String, turn: String) {
    feed.itemProgress(
      .agentMessageDelta(
        AgentMessageDeltaNotification(threadId: self.id, turnId: turn, itemId: id, delta: delta)),
      item: id)
  }

  func completeMessage(_ id: String, _ text: String, _ phase: String?) {
    feed.itemCompleted(.agentMessage(AgentMessageItem(id: id, text: text, phase: Self.phase(phase))))
  }

  private static func phase(_ name: String?) -> MessagePhase? {
    guard let name else { return nil }
    return MessagePhase.variants.first { $0.name == name }?.value ?? MessagePhase.unlisted(name)
  }
}
