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

  let key: Key
  /// The params without `delta`.
  let params: JSONObject
  let emittedAtMs: Int64
  var text: String

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
      text = delta.delta
    case .planDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: 0)
      params = ids(delta.threadId, delta.turnId, delta.itemId)
      text = delta.delta
    case .commandExecutionOutputDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: 0)
      params = ids(delta.threadId, delta.turnId, delta.itemId)
      text = delta.delta
    case .reasoningSummaryTextDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: delta.summaryIndex)
      var object = ids(delta.threadId, delta.turnId, delta.itemId)
      object["summaryIndex"] = .int(Int64(delta.summaryIndex))
      params = object
      text = delta.delta
    case .reasoningTextDelta(let delta):
      key = Key(method: method, itemId: delta.itemId, index: delta.contentIndex)
      var object = ids(delta.threadId, delta.turnId, delta.itemId)
      object["contentIndex"] = .int(Int64(delta.contentIndex))
      params = object
      text = delta.delta
    default: return nil
    }
  }

  var message: Message {
    var params = params
    params["delta"] = .string(text)
    return .notification(method: key.method, params: .object(params), emittedAtMs: emittedAtMs)
  }
}
