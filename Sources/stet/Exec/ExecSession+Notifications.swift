import StetProtocol
import StetUI

/// What the server tells.
extension ExecSession {
  mutating func heard(_ notification: ServerNotification) -> [Step] {
    switch notification {
    case .warning(let warning): return say(.warning(warning.message))
    case .configWarning(let warning):
      let line = warning.range.map { ":\($0.start.line)" } ?? ""
      let place = warning.path.map { "\($0)\(line): " } ?? ""
      return say(.warning(place + Self.text(warning.summary, warning.details)))
    case .deprecationNotice(let notice) where !notice.isForClients:
      return say(.warning(Self.text(notice.summary, notice.details)))
    case .error(let error):
      let text = Self.text(error.error)
      lastError = text
      return say(.error(text))
    default:
      guard let thread, notification.threadId == thread.id else { return [] }
      return heardOfThread(notification)
    }
  }

  private mutating func heardOfThread(_ notification: ServerNotification) -> [Step] {
    switch notification {
    case .turnStarted: return [.show(.turnStarted)]
    case .itemStarted(let note): return started(note.item)
    case .itemCompleted(let note): return completed(note.item)
    case .fileChangePatchUpdated(let note): return updated(note)
    case .turnPlanUpdated(let note):
      defer { plan = note.plan }
      return [.show(.plan(plan == nil ? .started : .updated, note.plan))]
    case .threadTokenUsageUpdated(let note):
      usage.take(note.tokenUsage, isOld: expectsOldUsage || note.turnId != turnId)
      expectsOldUsage = false
      return []
    case .stetApprovalRefused(let note):
      return refused(ExecRefusal(what: note.what, reason: note.reason))
    case .itemAutoApprovalReviewCompleted(let note): return reviewed(note)
    case .stetSnapshotDegraded(let note): return say(.warning(note.detail ?? note.reason))
    case .turnCompleted(let note): return turnEnded(note.turn)
    default: return []
    }
  }

  /// What comes before the thread is there is shown after its first line.
  private mutating func say(_ event: ExecEvent) -> [Step] {
    guard thread == nil else { return [.show(event)] }
    early.append(event)
    return []
  }

  /// A model answered an approval; what it did not allow needs somebody who may.
  private mutating func reviewed(_ note: ItemGuardianApprovalReviewCompletedNotification) -> [Step] {
    let action = note.action
    let what =
      action["command"]?.stringValue.map(ShellWords.script(of:)) ?? action["target"]?.stringValue
      ?? action["toolName"]?.stringValue
      ?? (action["files"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
    switch note.review.status {
    case .approved:
      return [.show(.note("Allowed by the approval review: \(what) (\(note.review.rationale ?? ""))"))]
    case .denied, .timedOut:
      return refused(
        ExecRefusal(what: what, reason: "approval review: \(note.review.rationale ?? "no verdict")"))
    case .inProgress, .aborted, .unknown: return []
    }
  }

  mutating func refused(_ refusal: ExecRefusal) -> [Step] {
    refusals.append(refusal)
    return [.show(.refused(refusal))]
  }

  // MARK: - Items

  private mutating func started(_ item: ThreadItem) -> [Step] {
    open.removeAll { $0.id == item.id }
    open.append(item)
    if case .contextCompaction = item { expectsOldUsage = true }
    return [.show(.item(.started, item))]
  }

  private mutating func completed(_ item: ThreadItem) -> [Step] {
    open.removeAll { $0.id == item.id }
    if case .agentMessage(let message) = item { answer = message.text }
    return [.show(.item(.completed, item))]
  }

  private mutating func updated(_ note: FileChangePatchUpdatedNotification) -> [Step] {
    let item = ThreadItem.fileChange(
      FileChangeItem(id: note.itemId, changes: note.changes, status: .inProgress))
    guard let place = open.firstIndex(where: { $0.id == note.itemId }) else { return [] }
    open[place] = item
    return [.show(.item(.updated, item))]
  }

  // MARK: - The end of the turn

  private mutating func turnEnded(_ turn: Turn) -> [Step] {
    guard turnId == nil || turnId == "" || turn.id == turnId else { return [] }
    if turnId == nil { turnId = turn.id }
    for case .agentMessage(let message) in turn.items { answer = message.text }
    switch turn.status {
    case .completed:
      // A turn that was to be stopped and ended well by itself is done; only a reader that went away is a failure.
      if case .failed = stopping { return end(stopping ?? .completed) }
      return end(.completed)
    case .interrupted: return end(stopping ?? .interrupted(signal: nil))
    case .failed, .unknown:
      return end(stopping ?? .failed(turn.error.map { Self.text($0) } ?? lastError ?? "turn failed"))
    case .inProgress: return []
    }
  }

  private static func text(_ error: TurnError) -> String { text(error.message, error.additionalDetails) }

  private static func text(_ summary: String, _ details: String?) -> String {
    // The body of a refused request often is the message once more, in braces.
    guard let details, !details.isEmpty, details.firstRange(of: summary) == nil else { return summary }
    return "\(summary) (\(details))"
  }
}
