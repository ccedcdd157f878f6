import StetJSON
import StetProtocol
import StetRPC

/// A call that is under way.
struct ServedCall: Sendable {
  /// An edit that was shown and is not done.
  struct Edit: Sendable {
    let item: String
    var changes: [FileUpdateChange]
  }

  /// Edits that are remembered for their questions; the tools of one response run a few at a time.
  static let editLimit = 16
  /// What a result tells of that was declined.
  static let declinedLimit = 50

  let id: RequestID
  let reply: Reply
  /// `_meta.progressToken`, if the client wants to hear of progress.
  let progressToken: JSONValue?
  var threadId: String?
  var turnId: String?
  var isCancelled = false
  var progress: Int64 = 0
  /// What the last progress said.
  var words = "begins"
  var answer = ""
  private(set) var declined: [String] = []
  private(set) var edits: [Edit] = []

  init(id: RequestID, reply: Reply, progressToken: JSONValue?, threadId: String?) {
    self.id = id
    self.reply = reply
    self.progressToken = progressToken
    self.threadId = threadId
  }

  mutating func decline(_ what: String) {
    if declined.count < Self.declinedLimit { declined.append(what) }
  }

  mutating func see(_ changes: [FileUpdateChange], of item: String) {
    edits.removeAll { $0.item == item }
    edits.append(Edit(item: item, changes: changes))
    if edits.count > Self.editLimit { edits.removeFirst() }
  }

  mutating func forget(_ item: String) { edits.removeAll { $0.item == item } }

  func changes(of item: String) -> [FileUpdateChange]? { edits.last { $0.item == item }?.changes }
}
