import StetJSON
import StetProtocol

/// `stet/compact/undo`: the history that a compaction replaced comes back, and what was said since stays behind it.
/// The log only grows: the whole prompt is written down once more.
extension ThreadSession {
  private static let nothing = RPCError.invalidRequest(
    "there is no compaction to undo", data: ["stetError": "nothingToUndo"])

  var mayUndoCompaction: Bool { former != nil || (unread == nil && storedCompaction) }

  func undoCompaction(_ reply: @escaping AgentReply<StetContextUse>) async {
    guard unread == nil else { return reply(.failure(Self.promptUnread)) }
    guard running == nil else {
      return reply(
        .failure(.invalidRequest("A turn is running; interrupt it first.", data: ["stetError": "busyTurn"])))
    }
    guard let old = await formerPrompt() else { return reply(.failure(Self.nothing)) }
    restore(old)
    let use = await contextPreview()
    feed.ordered { _, _ in reply(.success(use)) }
    if use.tokens >= use.limit {
      feed.warn(
        "The history is back as it was: about \(use.tokens) tokens, and from \(use.limit) on it is compacted again. "
          + "Raise model_auto_compact_token_limit, or go on with a model that has a larger window.")
    }
  }

  /// What the last compaction replaced: kept in memory, or read from the log.
  func formerPrompt() async -> FormerPrompt? {
    if let former { return former }
    guard storedCompaction, let view = feed.history.stored else { return nil }
    do {
      return try await services.historyThread.run { [histories = services.histories] in
        try histories.reader(view).formerPrompt()
      }
    } catch {
      feed.warn("The history before the compaction can't be read: \(error)")
      return nil
    }
  }

  /// Puts it back.
  func restore(_ old: FormerPrompt) {
    let items = old.items + prompt.items.dropFirst(old.window)
    former = nil
    storedCompaction = false
    sealedFor = nil
    prompt.replace(items)
    meter.forget()
    compactionPause = CompactionPause()
    sentContext = [:]
    var record = ThreadRecord.Compacted(items: items.map(\.value))
    record.isUndo = true
    journal.append(ThreadRecord.compacted, record)
    repeatReviews()
    announcedTools = old.announced
    if !announcedTools.isEmpty {
      journal.append(ThreadRecord.announced, announcedTools)
    }
    // What changed since is told once more with the next message: twice is better than not at all.
    if let facts = old.facts { keep(facts) }
    journal.sync()
  }

  /// The provider's own summary can be read by the model that made it only: for another one the history comes back.
  func unseal(for target: ModelTarget) async {
    guard let sealedFor, sealedFor != target.seal else { return }
    if let old = await formerPrompt() { restore(old) }
    let readable = prompt.items.filter { $0.value["type"]?.stringValue != RemoteCompaction.itemType }
    guard readable.count < prompt.items.count else { return }
    feed.warn(
      "A part of this conversation was summarised by \(sealedFor) in a form that \(target.model) can't read; it goes on "
        + "without that part.")
    self.sealedFor = nil
    former = nil
    storedCompaction = false
    prompt.replace(readable)
    meter.forget()
    journal.append(ThreadRecord.compacted, ThreadRecord.Compacted(items: readable.map(\.value)))
    repeatReviews()
    journal.sync()
  }
}

extension ModelTarget {
  /// Whose sealed summaries can be read here.
  var seal: String { "\(providerId)/\(model)" }
}
