import StetProtocol

/// What the model streams, as items and deltas of the protocol.
extension ThreadSession {
  func show(_ event: ShownEvent, turn: String) {
    switch event {
    case .messageStarted(let id, let phase):
      feed.itemStarted(
        .agentMessage(AgentMessageItem(id: id, text: "", phase: Self.phase(phase))), turn: turn)
    case .text(let id, let delta):
      feed.itemProgress(
        .agentMessageDelta(
          AgentMessageDeltaNotification(threadId: self.id, turnId: turn, itemId: id, delta: delta)),
        item: id)
    case .messageCompleted(let id, let text, let phase):
      feed.itemCompleted(.agentMessage(AgentMessageItem(id: id, text: text, phase: Self.phase(phase))))
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

  private static func phase(_ name: String?) -> MessagePhase? {
    guard let name else { return nil }
    return MessagePhase.variants.first { $0.name == name }?.value ?? MessagePhase.unlisted(name)
  }
}
