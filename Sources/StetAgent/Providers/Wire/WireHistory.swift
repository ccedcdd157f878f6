import StetConfig

/// The prompt of a thread as the messages of one wire. Fed item by item: what a request added is encoded once, however
/// many requests follow.
struct WireHistory: Sendable {
  let target: WireTarget
  /// What nothing that comes later changes.
  private(set) var messages: [EncodedMessage] = []
  /// Bytes of them.
  private(set) var size = 0
  /// One of the two, by the wire.
  private var items: ResponsesHistory?
  private var groups: HistoryGrouper?

  init(_ target: WireTarget) {
    self.target = target
    if target.wire == .responses {
      items = ResponsesHistory(target)
    } else {
      groups = HistoryGrouper(target)
    }
  }

  mutating func take(_ item: PromptItem) {
    let closed = (items?.take(item) ?? []) + (groups?.take(item) ?? []).flatMap(encoded)
    messages += closed
    size += closed.reduce(0) { $0 + $1.bytes.count }
  }

  /// What a request sends after `messages` when it ends here.
  var tail: [EncodedMessage] {
    (items?.rest() ?? []) + (groups?.rest() ?? []).flatMap(encoded)
  }

  /// The ids of the calls so far, as the thread has them.
  /// A Responses endpoint makes its own.
  var callIds: Set<String> { groups?.ids.known ?? [] }

  private func encoded(_ group: HistoryGroup) -> [EncodedMessage] {
    target.wire == .messages
      ? MessagesTurns.encoded(group, target) : ChatMessages.encoded(group, target)
  }
}
