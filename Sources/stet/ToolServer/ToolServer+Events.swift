import StetJSON
import StetProtocol
import StetRPC
import StetText
import StetUI

/// What the app-server tells of a call: its progress, its last message, its end.
extension ToolServer {
  /// Characters of a progress message.
  private static let progressLimit = 200
  /// Clients give up on a server that they do not hear of, some after half a minute.
  private static let silence: Duration = .seconds(5)

  func heard(_ notification: ServerNotification) {
    switch notification {
    case .itemStarted(let note):
      if case .fileChange(let item) = note.item {
        change(thread: note.threadId) { $0.see(item.changes, of: item.id) }
      }
      if let words = Self.words(note.item) { progress(note.threadId, words) }
    case .fileChangePatchUpdated(let note):
      change(thread: note.threadId) { $0.see(note.changes, of: note.itemId) }
    case .itemCompleted(let note): completed(note.threadId, note.item)
    case .error(let note): progress(note.threadId, note.error.message)
    case .stetApprovalRefused(let note): declined(note.threadId, "\(note.what) (\(note.reason))")
    case .itemAutoApprovalReviewCompleted(let note) where note.review.status == .denied:
      declined(note.threadId, note.review.rationale ?? "an approval was denied by review")
    case .guardianWarning(let note): progress(note.threadId, note.message)
    case .serverRequestResolved(let note): resolved(note.requestId)
    case .turnCompleted(let note): ended(note)
    default: break
    }
  }

  private func completed(_ thread: String, _ item: ThreadItem) {
    switch item {
    case .agentMessage(let message):
      change(thread: thread) { $0.answer = message.text }
      progress(thread, Self.firstLine(message.text))
    case .fileChange(let edit): change(thread: thread) { $0.forget(edit.id) }
    default: break
    }
  }

  /// Something did not happen because nobody could say yes to it.
  func declined(_ thread: String, _ what: String) {
    let words = String(Sanitizer.display(what).prefix(Self.progressLimit))
    change(thread: thread) { $0.decline(words) }
  }

  func change(thread: String, _ body: @Sendable (inout ServedCall) -> Void) {
    state.withLock { state in
      if let index = state.calls.firstIndex(where: { $0.threadId == thread }) { body(&state.calls[index]) }
    }
  }

  // MARK: - Progress

  private func progress(_ thread: String, _ words: String) {
    let words = String(Sanitizer.display(words).prefix(Self.progressLimit))
    guard !words.isEmpty else { return }
    state.withLock { state in
      guard let index = state.calls.firstIndex(where: { $0.threadId == thread }) else { return }
      state.calls[index].words = words
      tell(&state.calls[index])
    }
  }

  /// Says at least every few seconds what a call is at, as long as it is under way.
  func keepTelling(_ id: RequestID) {
    Task { [weak self] in
      while true {
        try await Task.sleep(for: Self.silence)
        guard let self, again(id) else { return }
      }
    }
  }

  private func again(_ id: RequestID) -> Bool {
    state.withLock { state in
      guard let index = state.calls.firstIndex(where: { $0.id == id }) else { return false }
      tell(&state.calls[index])
      return true
    }
  }

  /// Sent under the lock: no progress comes behind the result.
  private func tell(_ call: inout ServedCall) {
    guard let token = call.progressToken else { return }
    call.progress += 1
    host.notify(
      "notifications/progress",
      ["progressToken": token, "progress": .int(call.progress), "message": .string(call.words)])
  }

  private static func firstLine(_ text: String) -> String {
    String(text.split(separator: "\n", maxSplits: 1).first ?? "")
  }

  private static func words(_ item: ThreadItem) -> String? {
    switch item {
    case .commandExecution(let item): "runs " + firstLine(ShellWords.script(of: item.command))
    case .fileChange(let item): "edits " + item.changes.map(\.path).joined(separator: ", ")
    case .mcpToolCall(let item): "calls \(item.tool) of \(item.server)"
    case .webSearch: "searches the web"
    default: nil
    }
  }
}
