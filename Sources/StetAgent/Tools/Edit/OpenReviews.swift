import StetProtocol
import StetWorkspace
import Synchronization

/// The reviews of a thread that wait for their answer, for clients that page through them. Safe from any thread.
///
/// As many as edits can wait at a time: bounded by the calls of the running turn.
final class OpenReviews: Sendable {
  struct Open: Sendable {
    let id: String
    let turnId: String
    let itemId: String
    let createdAtMs: Int64
    let proposals: ProposalSet

    /// Nothing is decided before the answer comes: the decisions are with the client.
    var hunksUndecided: Int { proposals.files.reduce(0) { $0 + $1.hunks().count } }
  }

  private let open = Mutex<[Open]>([])

  /// In the order in which they were asked.
  var all: [Open] { open.withLock { $0 } }

  subscript(id: String) -> Open? { open.withLock { $0.first { $0.id == id } } }

  func add(_ review: Open) { open.withLock { $0.append(review) } }

  func remove(_ id: String) { open.withLock { $0.removeAll { $0.id == id } } }
}

extension ToolContext {
  var openReviews: OpenReviews { threadMemory.value { OpenReviews() } }
}
