import StetProtocol

/// The numbered messages of all threads. Nothing is kept before the first client has asked for `events`.
struct EventLog {
  /// Bytes of all threads together. Those that were silent for longest are forgotten first.
  static let maxBytes = 64 << 20
  /// Threads whose numbers are known: beyond, those of the longest silent one begin anew from the time.
  static let maxThreads = 4_096

  private struct Entry {
    var events: ThreadEvents
    var usedAt: Int
  }

  private var threads: [String: Entry] = [:]
  private var isKeeping = false
  private var uses = 0
  private var bytes = 0

  /// A client asked for `events`: from here on messages are kept.
  mutating func begin() {
    guard !isKeeping else { return }
    isKeeping = true
    for thread in threads.keys { threads[thread]?.events.forget() }
  }

  /// Numbers a notification of a thread; nil for those that belong to none.
  mutating func add(_ rendering: Rendering, thread: String, nowMs: Int64) -> Int? {
    guard rendering.notification.threadId == thread else { return nil }
    var isNew = false
    if case .threadStarted = rendering.notification { isNew = true }
    return change(thread, isNew: isNew, nowMs: nowMs) { $0.keep(rendering) }
  }

  /// Numbers a text delta.
  mutating func add(_ delta: TextDelta, thread: String, nowMs: Int64) -> Int {
    change(thread, isNew: false, nowMs: nowMs) { $0.keep(delta) }
  }

  /// Numbers a request, which is kept elsewhere.
  mutating func addRequest(thread: String, nowMs: Int64) -> Int {
    change(thread, isNew: false, nowMs: nowMs) { _ in }
  }

  /// Nil for a thread that has had no message yet.
  func events(of thread: String) -> ThreadEvents? { threads[thread]?.events }

  /// A thread that is over, or put away: its events are of no use any more.
  mutating func forget(_ thread: String) {
    guard let entry = threads[thread] else { return }
    bytes -= entry.events.bytes
    threads[thread]?.events.forget()
  }

  private mutating func change(
    _ thread: String, isNew: Bool, nowMs: Int64, _ keep: (inout ThreadEvents) -> Void
  ) -> Int {
    uses += 1
    if threads[thread] == nil { makeRoom() }
    // Out of the table while it changes: there is one owner, so nothing is copied.
    var entry =
      threads.removeValue(forKey: thread)
      ?? Entry(events: ThreadEvents(lastSeq: isNew ? 0 : Int(nowMs)), usedAt: uses)
    let number = entry.events.number()
    let before = entry.events.bytes
    entry.usedAt = uses
    if isKeeping { keep(&entry.events) }
    bytes += entry.events.bytes - before
    threads[thread] = entry
    while bytes > Self.maxBytes, forgetSilent(but: thread) {}
    return number
  }

  private mutating func makeRoom() {
    guard threads.count >= Self.maxThreads,
      let oldest = threads.min(by: { $0.value.usedAt < $1.value.usedAt })
    else { return }
    bytes -= oldest.value.events.bytes
    threads[oldest.key] = nil
  }

  /// False when no other thread has anything to forget.
  private mutating func forgetSilent(but thread: String) -> Bool {
    let others = threads.filter { $0.key != thread && $0.value.events.bytes > 0 }
    guard let oldest = others.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return false }
    forget(oldest.key)
    return true
  }
}
