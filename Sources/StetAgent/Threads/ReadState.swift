import FoundationEssentials
import StetProtocol
import StetStore

/// How far a thread was read. It lies in the thread's summary, so it survives a restart and a new index.
extension ThreadSummary {
  /// As clients see it; nil for a thread that never had anything to read.
  var readState: ThreadReadState? {
    guard let readRevision else { return nil }
    let position: ThreadUnreadPosition? = firstUnread.map { place in
      place == Self.unreadFromStart ? .threadStart : .turn(turnId: place)
    }
    return ThreadReadState(firstUnread: position, revision: readRevision)
  }

  /// A turn brought something to read.
  mutating func noteUnread(turn: String) {
    firstUnread = firstUnread ?? turn
    readRevision = Self.newRevision()
  }

  /// The user read the thread, or marks it as unread.
  mutating func mark(isRead: Bool) {
    firstUnread = isRead ? nil : Self.unreadFromStart
    readRevision = Self.newRevision()
  }

  private static func newRevision() -> String { UUID().uuidString.lowercased() }
}

extension TurnState {
  /// Codex counts a turn as unread when it failed or said something; not what the user ended or ran.
  var isToBeRead: Bool {
    switch status {
    case .failed: true
    case .completed: entries.contains { if case .agentMessage = $0.item { true } else { false } }
    default: false
    }
  }
}
