import DequeModule
import StetProtocol
import StetRPC

/// What one client has still to be sent, and the thread that sends it.
///
/// Appending never waits. While the client keeps up, every message is sent as it is. When it falls behind, text deltas
/// of one item are merged, without loss and without changing the order within the item (A4, A6); starts, completions,
/// results and requests are never dropped. A client that takes nothing for half a minute is let go; its turns go on.
final class ClientQueue: @unchecked Sendable {
  struct Limits: Sendable {
    /// Waiting messages from which deltas are merged with the one before them: some 16 ms of a fast model.
    var mergeFrom = 64
    /// Waiting messages from which a delta joins the item's last delta wherever it stands (A4).
    var capacity = 1_024
    /// Waiting messages at which the client is let go: memory is not without end.
    var most = 65_536
    /// Time without progress after which the client is let go (A4).
    var patienceMs: Int64 = 30_000
    /// A stopped process has seen no time pass: the client gets this long after the stall was first seen.
    var graceMs: Int64 = 1_000
  }

  private enum Entry {
    case message(Message)
    case delta(TextDelta)
  }

  private let transport: any Transport
  private let clock: @Sendable () -> Int64
  private let limits: Limits
  private let monitor = Monitor()
  private var entries = Deque<Entry>()
  /// How many entries were ever taken: the position of the first one in `entries`.
  private var taken = 0
  /// The position of the last delta of each item, as long as nothing else of the item came after it.
  private var lastDelta: [String: (key: TextDelta.Key, position: Int)] = [:]
  private var isSending = false
  private var isClosed = false
  private var progressAtMs: Int64 = 0
  private var suspectSinceMs: Int64?

  init(transport: any Transport, clock: @escaping @Sendable () -> Int64, limits: Limits = Limits()) {
    self.transport = transport
    self.clock = clock
    self.limits = limits
    WorkerThread.start { self.sendAll() }
  }

  /// Appends a message. `itemId` is the item that it belongs to: later deltas stay behind it. False: let go.
  func append(_ message: Message, itemId: String? = nil) -> Bool {
    monitor.locked {
      if let itemId { lastDelta[itemId] = nil }
      return add(.message(message))
    }
  }

  /// Appends a text delta, or merges it while the client is behind. False: let go.
  func append(_ delta: TextDelta) -> Bool {
    monitor.locked {
      if let last = lastDelta[delta.key.itemId], last.key == delta.key, mayMerge(into: last.position),
        case .delta(var merged) = entries[last.position - taken]
      {
        merged.text += delta.text
        entries[last.position - taken] = .delta(merged)
        return !isStalled()
      }
      lastDelta[delta.key.itemId] = (delta.key, taken + entries.count)
      return add(.delta(delta))
    }
  }

  /// Takes no more, waits at most so long for the rest to be sent, then closes the transport.
  func finish(withinMs: Int64) {
    monitor.locked {
      isClosed = true
      monitor.wakeAll()
      monitor.wait(forMs: withinMs) { entries.isEmpty && !isSending }
    }
    transport.close()
  }

  /// Closes at once; what waits is lost.
  func close() {
    monitor.locked {
      isClosed = true
      entries = []
      monitor.wakeAll()
    }
    transport.close()
  }

  private func mayMerge(into position: Int) -> Bool {
    guard position >= taken else { return false }
    if entries.count >= limits.capacity { return true }
    return entries.count >= limits.mergeFrom && position == taken + entries.count - 1
  }

  private func add(_ entry: Entry) -> Bool {
    guard !isClosed else { return true }
    if entries.isEmpty && !isSending { progressAtMs = clock() }
    entries.append(entry)
    monitor.wakeAll()
    return entries.count <= limits.most && !isStalled()
  }

  private func isStalled() -> Bool {
    let now = clock()
    guard now - progressAtMs >= limits.patienceMs else { return false }
    let since = suspectSinceMs ?? now
    suspectSinceMs = since
    return now - since >= limits.graceMs
  }

  private func sendAll() {
    while let message = next() {
      transport.send(message)
      monitor.locked {
        isSending = false
        progressAtMs = clock()
        suspectSinceMs = nil
        monitor.wakeAll()
      }
    }
  }

  private func next() -> Message? {
    monitor.locked {
      while entries.isEmpty && !isClosed { monitor.wait() }
      guard let entry = entries.popFirst() else { return nil }
      taken += 1
      isSending = true
      switch entry {
      case .message(let message): return message
      case .delta(let delta):
        if lastDelta[delta.key.itemId]?.position == taken - 1 { lastDelta[delta.key.itemId] = nil }
        return delta.message
      }
    }
  }
}
