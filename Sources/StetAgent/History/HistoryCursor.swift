import StetJSON
import StetProtocol

/// A place in the pages of a thread's history: it names the turn or item, so it outlives restarts and new turns.
/// Opaque to clients.
struct HistoryCursor: Codable, Hashable {
  enum Scope: String, Codable { case turns, items }

  var requestedThreadId: String
  var turnId: String
  @OmitIfNil var itemId: String?
  /// Whether the page begins with that very turn or item.
  var includeAnchor: Bool
  var scope: Scope

  /// Reads what a page gave for this thread and list.
  init(_ text: String, thread: String, scope: Scope) throws(RPCError) {
    do {
      self = try JSONValue(parsing: text).decode(HistoryCursor.self)
    } catch {
      throw .invalidRequest("invalid cursor: \(text)")
    }
    guard requestedThreadId == thread, self.scope == scope, (itemId != nil) == (scope == .items) else {
      throw .invalidRequest("invalid cursor: \(text)")
    }
  }

  init(thread: String, turn: String, item: String? = nil, includes: Bool) {
    requestedThreadId = thread
    turnId = turn
    itemId = item
    includeAnchor = includes
    scope = item == nil ? .turns : .items
  }

  func text() throws -> String { try JSONValue(encoding: self).text }
}
