import DequeModule
import StetProtocol
import StetRPC

/// What one client has still to be sent, and the thread that sends it.
///
/// Appending never waits, and nothing is held back to be merged: what is merged had to wait for the client anyway, so no
/// delta is later for it. While the client keeps up, every message is sent as it is. When it falls behind, text deltas
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
    /// Waiting bytes from which deltas are merged too, and new requests of the client are refused (A4).
    var crowdedBytes = 16 << 20
    /// Waiting bytes at which the client is let go. One message alone may be longer.
    var mostBytes = 128 << 20
    /// Time without progress after which the client is let go (A4).
    var patienceMs: Int64 = 30_000
    /// A stopped process has seen no time pass: the client gets this long after the stall was first seen.
    var graceMs: Int64 = 1_000
  }

  /// A message, or a delta that others may still join.
  private struct Entry {
    var message: Message?
    var delta: TextDelta?
    var bytes: Int
  }

  private let transport: any Transport
  private let clock: @Sendable () -> Int64
  private let limits: Limits
  private let monitor = Monitor()
  private var entries = Deque<Entry>()
  /// The bytes of `entries`.
  private var bytes = 0
  /// How many entries were ever taken: the position of the first one in `entries`.
  private var taken = 0
  /// The position of the last delta of each item, as long as nothing else of the item came after it.
  private var lastDelta: [String: (key: TextDelta.Key, position: Int)] = [:]
  private var isSending = false
  private var isClosed = false
  private var progressAtMs: Int64 = 0
  private var sentBytes = 0
  private var suspectSinceMs: Int64?

  init(transport: any Transport, clock: @escaping @Sendable () -> Int64, limits: Limits = Limits()) {
    self.transport = transport
    self.clock = clock
    self.limits = limits
    WorkerThread.start { self.sendAll() }
  }

  /// Appends a message. `itemId` is the item that it belongs to: later deltas stay behind it. False: let go.
  func append(_ message: Message, itemId: String? = nil) -> Bool {
    let size = message.approximateBytes
    return monitor.locked {
      if let itemId { lastDelta[itemId] = nil }
      return add(Entry(message: message, delta: nil, bytes: size))
    }
  }

  /// Appends a text delta, or merges it while the client is behind. False: let go.
  func append(_ delta: TextDelta) -> Bool {
    monitor.locked {
      guard let last = lastDelta[delta.key.itemId], last.key == delta.key,
        mayMerge(into: last.position, isNumbered: delta.seq != nil)
      else {
        guard !isClosed else { return true }
        lastDelta[delta.key.itemId] = (delta.key, taken + entries.count)
        return add(Entry(message: nil, delta: delta, bytes: delta.bytes))
      }
      // In place: a copy of a long text for each delta would cost more than all else.
      let place = last.position - taken
      entries[place].delta?.join(delta)
      let size = entries[place].delta?.bytes ?? 0
      bytes += size - entries[place].bytes
      entries[place].bytes = size
      return isBearable()
    }
  }

  /// Whether so much waits that the client should read before it asks for more.
  var isCrowded: Bool { monitor.locked { bytes > limits.crowdedBytes } }

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
      bytes = 0
      lastDelta = [:]
      monitor.wakeAll()
    }
    transport.close()
  }

  /// Numbered deltas join only the message right before them: a client that reconnects names the last number it saw,
  /// and all before it must have come.
  private func mayMerge(into position: Int, isNumbered: Bool) -> Bool {
    guard position >= taken else { return false }
    let isBehind = entries.count >= limits.capacity || bytes > limits.crowdedBytes
    if isBehind && !isNumbered { return true }
    return (isBehind || entries.count >= limits.mergeFrom) && position == taken + entries.count - 1
  }

  private func add(_ entry: Entry) -> Bool {
    guard !isClosed else { return true }
    if entries.isEmpty && !isSending {
      progressAtMs = clock()
      suspectSinceMs = nil
    }
    entries.append(entry)
    bytes += entry.bytes
    monitor.wakeAll()
    return isBearable()
  }

  private func isBearable() -> Bool {
    guard !isClosed else { return true }
    if entries.count > limits.most || (bytes > limits.mostBytes && entries.count > 1) { return false }
    return !isStalled()
  }

  private func isStalled() -> Bool {
    let now = clock()
    guard now - progressAtMs >= limits.patienceMs else { return false }
    let sent = transport.sentBytes
    if sent != sentBytes {
      sentBytes = sent
      progressAtMs = now
      suspectSinceMs = nil
      return false
    }
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
      bytes -= entry.bytes
      isSending = true
      guard let delta = entry.delta else { return entry.message }
      if lastDelta[delta.key.itemId]?.position == taken - 1 { lastDelta[delta.key.itemId] = nil }
      return delta.message
    }
  }
}

extension Message {
  /// About how many bytes its line has.
  fileprivate var approximateBytes: Int {
    switch self {
    case .request(_, let method, let params, _), .notification(let method, let params, _, _):
      method.utf8.count + (params?.approximateBytes ?? 0) + 64
    case .result(_, let value): value.approximateBytes + 32
    case .error(_, let error): error.message.utf8.count + (error.data?.approximateBytes ?? 0) + 64
    }
  }
}
