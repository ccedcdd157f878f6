import DequeModule
import StetJSON
import StetProtocol

/// The numbers of one thread's messages, and the messages themselves as far as they are kept for clients that come
/// back (protocol.md §7.3).
///
/// Finished items are folded: of all that was told of an item, its start and its completion stay. Requests are not
/// here: those that are still open are in `PendingRequests`, the others are of no use to anyone.
struct ThreadEvents {
  /// Events that are kept whatever the turn, as the protocol promises.
  static let leastKept = 4_096
  /// Bytes of one thread: a long turn with its diffs and command outputs. Older events go first.
  static let maxBytes = 8 << 20

  enum Body {
    case notification(ServerNotification)
    case deltas(DeltaRun)
  }

  struct Event {
    /// The number; of joined deltas the last one's.
    var seq: Int
    let emittedAtMs: Int64
    let itemId: String?
    var body: Body
    var bytes: Int
  }

  private(set) var lastSeq: Int
  /// The highest number whose event is gone without being folded into a later one.
  private(set) var goneSeq: Int
  private(set) var bytes = 0
  private var events = Deque<Event>()
  private var turnStart: Int?

  /// - Parameter lastSeq: what numbering goes on from: 0 for a new thread. One that was there before this process
  ///   goes on from the time, so that numbers of the process before are not taken for this one's.
  init(lastSeq: Int) {
    self.lastSeq = lastSeq
    goneSeq = lastSeq
  }

  /// The number of the next message.
  mutating func number() -> Int {
    lastSeq += 1
    return lastSeq
  }

  /// Forgets all events, not the numbers.
  mutating func forget() {
    events = []
    bytes = 0
    goneSeq = lastSeq
  }

  /// Keeps the notification with the last number.
  mutating func keep(_ rendering: Rendering) {
    switch rendering.notification {
    case .itemCompleted(let params): fold(params.item.id)
    case .turnStarted: turnStart = lastSeq
    case .turnDiffUpdated(let params): removeDiffs(of: params.turnId)
    default: break
    }
    append(
      Event(
        seq: lastSeq, emittedAtMs: rendering.emittedAtMs, itemId: rendering.itemId,
        body: .notification(rendering.notification), bytes: rendering.approximateBytes))
  }

  /// Keeps the delta with the last number.
  mutating func keep(_ delta: TextDelta) {
    if let last = events.indices.last, case .deltas(var run) = events[last].body, run.key == delta.key {
      // Out of its place while it grows: a copy of the text for each delta would cost more than all else.
      events[last].body = .notification(.unknown(method: "", params: nil))
      run.append(delta, seq: lastSeq)
      bytes += run.bytes - events[last].bytes
      events[last].bytes = run.bytes
      events[last].seq = lastSeq
      events[last].body = .deltas(run)
      trim()
      return
    }
    let run = DeltaRun(delta, seq: lastSeq)
    append(
      Event(
        seq: lastSeq, emittedAtMs: delta.emittedAtMs, itemId: delta.key.itemId, body: .deltas(run),
        bytes: run.bytes))
  }

  /// Whether nothing after a number is missing.
  func isComplete(after seq: Int) -> Bool { seq >= goneSeq && seq <= lastSeq }

  /// The events after a number, in order.
  func events(after seq: Int) -> [Event] { events.filter { $0.seq > seq } }

  private mutating func append(_ event: Event) {
    events.append(event)
    bytes += event.bytes
    trim()
  }

  private mutating func fold(_ itemId: String) {
    remove { event in
      guard event.itemId == itemId else { return false }
      if case .notification(.itemStarted) = event.body { return false }
      return true
    }
  }

  /// Each diff of a turn holds the one before it.
  private mutating func removeDiffs(of turnId: String) {
    remove { event in
      if case .notification(.turnDiffUpdated(let params)) = event.body {
        params.turnId == turnId
      } else {
        false
      }
    }
  }

  private mutating func remove(where isOver: (Event) -> Bool) {
    events.removeAll { event in
      guard isOver(event) else { return false }
      bytes -= event.bytes
      return true
    }
  }

  private mutating func trim() {
    while let first = events.first, events.count > 1 {
      let isPast = events.count > Self.leastKept && first.seq < turnStart ?? .max
      guard isPast || bytes > Self.maxBytes else { return }
      bytes -= first.bytes
      goneSeq = first.seq
      events.removeFirst()
    }
  }
}
