import StetJSON
import StetProtocol
import StetRPC

/// A piece of an item's text on its way to a client. Pieces with one key can be joined.
struct TextDelta: Sendable {
  struct Key: Hashable, Sendable {
    let method: String
    let itemId: String
    /// The part of a reasoning item; 0 elsewhere.
    let index: Int
  }

  /// Bytes of each end that joined output of a command keeps: as much as one delta of it has at most, so a command
  /// that floods is cut for a client that is behind as it is cut at its source. Other text is never cut.
  static let outputHalf = 512 << 10

  let key: Key
  /// The params without `delta`.
  let params: JSONObject
  let emittedAtMs: Int64
  /// The numbers of the first and the last piece (protocol.md §7.3); nil for clients that did not ask for them.
  private(set) var seq: ClosedRange<Int>?
  private var head: String
  private var tail = ""
  private var omitted = 0

  /// Nil for notifications that are no text deltas.
  init?(_ notification: ServerNotification, emittedAtMs: Int64) {
    self.emittedAtMs = emittedAtMs
    let method = notification.method
    func ids(_ thread: String, _ turn: String, _ item: String) -> JSONObject {
      ["threadId": .string(thread), "turnId": .string(turn), "itemId": .string(item)]
    }
    switch notification {
    case .agentMessageDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: 0)
      params = ids(delta.threadId, delta.turnId, delta.itemId)
      head = delta.delta
    case .planDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: 0)
      params = ids(delta.threadId, delta.turnId, delta.itemId)
      head = delta.delta
    case .commandExecutionOutputDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: 0)
      params = ids(delta.threadId, delta.turnId, delta.itemId)
      head = delta.delta
    case .reasoningSummaryTextDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: delta.summaryIndex)
      var object = ids(delta.threadId, delta.turnId, delta.itemId)
      object["summaryIndex"] = .int(Int64(delta.summaryIndex))
      params = object
      head = delta.delta
    case .reasoningTextDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: delta.contentIndex)
      var object = ids(delta.threadId, delta.turnId, delta.itemId)
      object["contentIndex"] = .int(Int64(delta.contentIndex))
      params = object
      head = delta.delta
    default: return nil
    }
  }

  /// The piece with its number in the thread.
  func numbered(_ number: Int) -> TextDelta {
    var delta = self
    delta.seq = number...number
    return delta
  }

  /// The text that its message carries.
  var text: String {
    omitted == 0 ? head + tail : "\(head)\n… \(omitted) bytes omitted …\n\(tail)"
  }

  /// About how many bytes it holds.
  var bytes: Int { head.utf8.count + tail.utf8.count + 256 }

  private var isOutput: Bool { key.method == "item/commandExecution/outputDelta" }

  /// Appends the text of a later piece with the same key.
  mutating func join(_ next: TextDelta) {
    if let first = seq?.lowerBound, let last = next.seq?.upperBound { seq = first...last }
    guard isOutput else {
      head += next.text
      return
    }
    if tail.isEmpty, head.utf8.count + next.bytes <= Self.outputHalf {
      head += next.text
      return
    }
    tail += next.text
    // Cut in big steps, so that joining stays cheap.
    guard tail.utf8.count > 2 * Self.outputHalf else { return }
    var start = tail.utf8.index(tail.endIndex, offsetBy: -Self.outputHalf)
    while tail.utf8[start] & 0xC0 == 0x80 { start = tail.utf8.index(after: start) }
    let rest = tail[start...]
    omitted += tail.utf8.count - rest.utf8.count
    tail = String(rest)
  }

  var message: Message {
    var params = params
    params["delta"] = .string(text)
    return .notification(
      method: key.method, params: .object(params), emittedAtMs: emittedAtMs,
      stet: seq.map { .sequence($0) })
  }
}

extension JSONValue {
  /// The `stet` member beside `params`: the number in the thread, and of joined pieces the first one's too.
  static func sequence(_ seq: ClosedRange<Int>) -> JSONValue {
    var member: JSONObject = ["seq": .int(Int64(seq.upperBound))]
    if seq.lowerBound < seq.upperBound { member["fromSeq"] = .int(Int64(seq.lowerBound)) }
    return .object(member)
  }
}
