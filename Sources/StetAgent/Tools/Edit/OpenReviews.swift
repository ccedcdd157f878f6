import StetProtocol
import StetWorkspace
import Synchronization

/// The reviews of a thread: those that wait for their answer, and the last ones that got it. Safe from any thread.
///
/// A review whose request is open is answered there; all others are decided by `stet/review/decide`.
final class OpenReviews: Sendable {
  /// Reviews that wait without a request: beyond it the oldest is let go, its changes stay as they are.
  static let waitingLimit = 32
  /// Looks that are kept: they are somebody's screen, are never closed, and can be opened again.
  static let lookLimit = 8
  /// Bytes of both sides that looks hold all together; the last one stays whatever it holds.
  static let lookBytes = 32 << 20
  /// Submitted reviews whose decisions can still be taken back.
  static let doneLimit = 16
  /// Bytes of both sides that submitted reviews hold all together.
  static let doneBytes = 64 << 20

  /// Where a review comes from.
  enum Kind: Hashable, Sendable {
    /// An edit that waits for the answer to its request.
    case asked
    /// An edit whose request is gone.
    case proposal
    /// A whole turn whose edits landed.
    case turn
    /// Somebody wanted to look: nothing of it is asked.
    case look
    /// The same, and what is seen is not on disk, so that nothing can be decided.
    case picture
  }

  struct Open: Sendable {
    let id: String
    let turnId: String
    let itemId: String
    let createdAtMs: Int64
    /// Nothing is decided before the answer comes: the decisions are with the client.
    var proposals: ProposalSet
    var kind = Kind.asked
    /// Which tool call made a hunk, by the hunk's id, where it is not the item's.
    var callIds: [String: String] = [:]
    /// Why that call made it, by the hunk's id.
    var notes: [String: String] = [:]
    /// Directories that were made for its files.
    var directories: [String] = []

    /// Nothing of it is asked: it is let go before anything that waits for a decision.
    var isLook: Bool { kind == .look || kind == .picture }
    var state: StetReviewState { kind == .asked || kind == .proposal ? .proposed : .applied }
    var hunksUndecided: Int { proposals.files.reduce(0) { $0 + $1.hunks().count } }
    var size: Int { proposals.files.reduce(0) { $0 + $1.base.bytes.count + $1.proposed.bytes.count } }
  }

  /// A submitted review.
  struct Done: Sendable {
    var review: Open
    /// What the edit of a turn wrote.
    var writes: [VerifiedWrite] = []
    /// The snapshot that undoes what the review wrote.
    var snapshot: Int64?
    /// Files of which the model knows what the decisions made of them.
    var known: Set<String> = []
  }

  /// Decisions that wait for the end of the turn.
  struct Queued: Sendable {
    let review: Open
    let decision: ReviewDecision
  }

  private struct State {
    var open: [Open] = []
    var done: [Done] = []
    var queued: [Queued] = []
    /// Ids of reviews whose decisions are being carried out.
    var landing: Set<String> = []
    var keepsAsked = false
  }

  private let state = Mutex(State())

  /// In the order in which they were opened.
  var all: [Open] { state.withLock { $0.open } }

  /// Submitted ones, oldest first.
  var done: [Done] { state.withLock { $0.done } }

  subscript(id: String) -> Open? { state.withLock { state in state.open.first { $0.id == id } } }

  /// Answers the reviews that had to go for it. Looks go before what waits for a decision, and make none of it go.
  @discardableResult
  func add(_ review: Open) -> [Open] {
    state.withLock { state in
      state.done.removeAll { $0.review.id == review.id }
      state.open.removeAll { $0.id == review.id }
      state.open.append(review)
      var gone: [Open] = []
      var looks = state.open.filter(\.isLook)
      while looks.count > 1,
        looks.count > Self.lookLimit || looks.reduce(0, { $0 + $1.size }) > Self.lookBytes
      {
        gone.append(looks.removeFirst())
      }
      if let oldest = state.open.first(where: { $0.kind == .proposal || $0.kind == .turn }),
        state.open.count(where: { $0.kind == .proposal || $0.kind == .turn }) > Self.waitingLimit
      {
        gone.append(oldest)
      }
      state.open.removeAll { open in gone.contains { $0.id == open.id } }
      return gone
    }
  }

  @discardableResult
  func remove(_ id: String) -> Open? {
    state.withLock { state in
      state.open.firstIndex { $0.id == id }.map { state.open.remove(at: $0) }
    }
  }

  /// A review was submitted; its decisions can be taken back for a while.
  func finish(_ done: Done) {
    state.withLock { state in
      state.open.removeAll { $0.id == done.review.id }
      state.done.removeAll { $0.review.id == done.review.id }
      state.done.append(done)
      while state.done.count > 1,
        state.done.count > Self.doneLimit || state.done.reduce(0, { $0 + $1.review.size }) > Self.doneBytes
      {
        state.done.removeFirst()
      }
    }
  }

  /// Notes what the edit of a submitted review wrote.
  func wrote(_ writes: [VerifiedWrite], review: String) {
    state.withLock { state in
      guard let index = state.done.firstIndex(where: { $0.review.id == review }) else { return }
      state.done[index].writes = writes
    }
  }

  // MARK: - The end of the turn

  /// False when the review is not open any more, or has its decisions already.
  func enqueue(_ queued: Queued) -> Bool {
    state.withLock { state in
      guard Self.isUndecided(queued.review.id, state) else { return false }
      state.queued.append(queued)
      return true
    }
  }

  /// Whether the review is open, and nobody has sent its decisions.
  func isUndecided(_ id: String) -> Bool { state.withLock { Self.isUndecided(id, $0) } }

  private static func isUndecided(_ id: String, _ state: State) -> Bool {
    state.open.contains { $0.id == id } && !state.landing.contains(id)
      && !state.queued.contains { $0.review.id == id }
  }

  var hasQueued: Bool { state.withLock { !$0.queued.isEmpty } }

  /// The decisions that came first; they are being carried out until `landed`.
  func takeQueued() -> Queued? {
    state.withLock { state in
      guard !state.queued.isEmpty else { return nil }
      let first = state.queued.removeFirst()
      state.landing.insert(first.review.id)
      return first
    }
  }

  /// The same for decisions that wait for nothing; false when there are some already.
  func land(_ id: String) -> Bool {
    state.withLock { state in
      guard Self.isUndecided(id, state) else { return false }
      state.landing.insert(id)
      return true
    }
  }

  func landed(_ id: String) { state.withLock { _ = $0.landing.remove(id) } }

  // MARK: - The end of the program

  /// The thread is being closed: what is asked now waits for the next start.
  func keepAsked() { state.withLock { $0.keepsAsked = true } }
  var keepsAsked: Bool { state.withLock { $0.keepsAsked } }

  /// The history goes on from another place: nothing of what was here belongs to it.
  func clear() {
    state.withLock { state in
      state.open.removeAll { $0.kind != .asked }
      state.done = []
      state.queued = []
    }
  }
}

extension ToolContext {
  var openReviews: OpenReviews { threadMemory.value { OpenReviews() } }
}
