import StetProtocol

/// Plan mode on the screen: what stands inside the plan tags streams as a `plan` item, the rest stays in the message;
/// the plan completes before the message (protocol.md §4).
extension ThreadSession {
  /// The messages of a turn that are taken apart, by item.
  struct PlanItems {
    var splitters: [String: PlanSplitter] = [:]
    /// Ids of the plans that were started, by message.
    var started: [String: String] = [:]
  }

  /// False for what is shown as ever.
  func showPlan(_ event: ShownEvent, turn: String) -> Bool {
    guard running?.kind == .plain, settings.mode == .plan else { return false }
    switch event {
    case .messageStarted(let id, _):
      running?.plans.splitters[id] = PlanSplitter()
      return false
    case .text(let id, let delta):
      guard var splitter = running?.plans.splitters[id] else { return false }
      let parts = splitter.feed(delta)
      running?.plans.splitters[id] = splitter
      for part in parts { show(part, of: id, turn: turn) }
      return true
    case .messageCompleted(let id, let text, let phase):
      guard var splitter = running?.plans.splitters.removeValue(forKey: id) else { return false }
      for part in splitter.finish() { show(part, of: id, turn: turn) }
      let whole = PlanSplitter.split(text)
      if let plan = whole.plan {
        feed.itemCompleted(.plan(PlanItem(id: planId(of: id, turn: turn), text: plan)))
      }
      completeMessage(id, whole.message, phase)
      return true
    default: return false
    }
  }

  private func show(_ part: PlanSplitter.Part, of id: String, turn: String) {
    switch part {
    case .message(let delta): messageDelta(id, delta, turn: turn)
    case .plan(let delta):
      let plan = planId(of: id, turn: turn)
      feed.itemProgress(
        .planDelta(PlanDeltaNotification(threadId: self.id, turnId: turn, itemId: plan, delta: delta)),
        item: plan)
    }
  }

  /// The plan of a message; started when it is first needed.
  private func planId(of message: String, turn: String) -> String {
    if let known = running?.plans.started[message] { return known }
    let id = running?.machine.ids.unique("\(turn)-plan") ?? "\(turn)-plan"
    running?.plans.started[message] = id
    feed.itemStarted(.plan(PlanItem(id: id, text: "")), turn: turn)
    return id
  }
}
