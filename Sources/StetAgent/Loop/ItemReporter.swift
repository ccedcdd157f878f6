import StetProtocol

/// Reports items of one turn to the clients and to the thread's log.
///
/// Every started item is completed exactly once before its turn ends (L4): what a tool leaves open is closed by the
/// session, and a second completion, or a delta after it, is dropped. All methods enqueue and return.
public struct ItemReporter: Sendable {
  let feed: ThreadFeed
  let turnId: String

  /// `item/started`. The id must be new in the thread (tools use the call id).
  public func started(_ item: ThreadItem) {
    feed.itemStarted(item, turn: turnId)
  }

  /// Replaces what is known of an open item without telling anyone: what it is closed with when the turn is cut.
  public func updated(_ item: ThreadItem) {
    feed.itemUpdated(item)
  }

  /// A notification about an open item (`item/commandExecution/outputDelta`, …); dropped when the item is closed.
  public func progress(_ notification: ServerNotification, item itemId: String) {
    feed.itemProgress(notification, item: itemId)
  }

  /// `item/completed`, and the item in the log. Does nothing unless the item is open.
  public func completed(_ item: ThreadItem) {
    feed.itemCompleted(item)
  }

  /// Lets an open item outlive its turn (a command that yielded to the background, T8): it stays open when the turn
  /// ends and completes later under the same turn id.
  public func detach(_ itemId: String) {
    feed.itemDetached(itemId)
  }

  /// Whether the item was started and not yet completed.
  public func isOpen(_ itemId: String) -> Bool {
    feed.isOpen(itemId)
  }

  /// Tells clients that something needed an approval and that nobody may be asked.
  public func refused(_ what: String, because reason: String) {
    feed.notify(
      .stetApprovalRefused(
        StetApprovalRefusedNotification(threadId: feed.threadId, turnId: turnId, what: what, reason: reason)))
  }

  /// `warning` to the clients of the thread.
  public func warn(_ message: String) {
    feed.warn(message)
  }
}
