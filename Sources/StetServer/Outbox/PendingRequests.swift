import StetJSON
import StetProtocol

/// The server requests that wait for an answer. They belong to a thread, not to a connection: they survive a
/// disconnect, are sent to whoever joins, and end with an answer or with their turn (A7).
///
/// How many there can be is bounded by the calls of the running turns.
struct PendingRequests {
  struct Open: Sendable {
    /// From one space per process that starts at 0; it collides with the ids of clients.
    let id: Int64
    let request: ServerRequest
    let thread: String
    /// Its number in the thread, and when it was asked.
    let seq: Int
    let askedAtMs: Int64
    let completion: @Sendable (Result<JSONValue, RPCError>) -> Void
    var askedOf: Set<Int> = []
    /// Answers that were no answer, by connection.
    var refusals: [Int: RPCError] = [:]
  }

  struct Ended: Sendable {
    let request: Open
    let result: Result<JSONValue, RPCError>
  }

  private var open: [Int64: Open] = [:]
  private var nextID: Int64 = 0

  subscript(id: Int64) -> Open? { open[id] }

  /// In the order in which they were asked.
  var all: [Open] { open.values.sorted { $0.id < $1.id } }

  func open(in thread: String) -> [Open] { all.filter { $0.thread == thread } }

  mutating func add(
    _ request: ServerRequest, thread: String, seq: Int, askedAtMs: Int64,
    completion: @escaping @Sendable (Result<JSONValue, RPCError>) -> Void
  ) -> Open {
    let added = Open(
      id: nextID, request: request, thread: thread, seq: seq, askedAtMs: askedAtMs, completion: completion)
    nextID += 1
    open[added.id] = added
    return added
  }

  mutating func remove(_ id: Int64) -> Open? { open.removeValue(forKey: id) }

  /// Asking again takes back an earlier refusal.
  mutating func asked(_ id: Int64, of peer: Int) {
    open[id]?.askedOf.insert(peer)
    open[id]?.refusals[peer] = nil
  }

  mutating func refuse(_ id: Int64, by peer: Int, _ error: RPCError) { open[id]?.refusals[peer] = error }
}
