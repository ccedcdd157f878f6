/// What of the open thread lies before the first entry that is loaded, and how far reading it has come (U15).
///
/// A thread opens with its last turns; earlier ones are read from the server, a page at a time, when the user scrolls
/// near them, and let go again when the user is back at the end.
struct OlderTurns: Sendable {
  enum Phase: Equatable, Sendable {
    /// The next page is read when somebody comes near.
    case resting
    case asking
    /// Reading failed; scrolling up tries again.
    case failed(String)
  }

  private struct Page: Sendable {
    var cursor: String
    var items: Int
  }

  /// Turns that a thread opens with, and that a page has: some screens full, read in a few milliseconds.
  static let pageTurns: UInt32 = 30
  /// Turns of a page on the way to the very beginning: fewer round trips, still below a frame or two to lay in.
  static let jumpTurns: UInt32 = 200
  /// Entries above the screen when the next page is asked for: it is there before the user is.
  static let margin = 20
  /// Entries kept when the end is followed again; the pages before them are read anew when they are wanted.
  static let restingItems = 2_000
  /// Entries that are loaded at most by scrolling up, for the 100 MB of U15.
  static let maxItems = 10_000

  /// Where the next page begins; nil when the first turn is loaded, or nothing is known of earlier ones.
  private(set) var cursor: String?
  private(set) var phase = Phase.resting
  /// The user wants the very beginning: page after page is read.
  var isGoingToStart = false
  /// The pages that were read, the newest first.
  private var pages: [Page] = []

  init(cursor: String? = nil) { self.cursor = cursor }

  mutating func ask() { phase = .asking }

  mutating func fail(_ reason: String) {
    phase = .failed(reason)
    isGoingToStart = false
  }

  /// A failure is forgotten: the next look near the beginning asks again.
  mutating func retry() { if case .failed = phase { phase = .resting } }

  /// A page came. One without turns, or one that leads to itself, ends the thread: a server can't keep us asking.
  mutating func receive(items: Int, isEmpty: Bool, next: String?) {
    guard phase == .asking, let cursor else { return }
    phase = .resting
    pages.append(Page(cursor: cursor, items: items))
    self.cursor = isEmpty || next == cursor ? nil : next
  }

  /// Lets whole pages go, the oldest first, and returns how many entries they were: at most `surplus`.
  mutating func release(surplus: Int) -> Int {
    guard phase != .asking, !isGoingToStart else { return 0 }
    var count = 0
    while let page = pages.last, count + page.items <= surplus {
      count += page.items
      cursor = page.cursor
      pages.removeLast()
    }
    return count
  }
}
