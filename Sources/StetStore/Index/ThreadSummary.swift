import StetJSON

/// What a list shows of a thread. The log holds its changes (`ThreadLog.appendSummary`), the index its newest state.
public struct ThreadSummary: Codable, Hashable, Sendable {
  public var id: String
  /// The thread's log. Not written to the log itself: the file may be moved.
  public var path: String
  /// The directory the thread works in, absolute.
  public var cwd: String
  /// The name the user gave.
  public var name: String?
  /// The first user text; "" before there is one.
  public var preview: String
  public var model: String?
  public var modelProvider: String
  public var reasoningEffort: String?
  public var createdAtMs: Int64
  public var updatedAtMs: Int64
  /// When the user last did something with it; `recency_at` sorts by it.
  public var recencyAtMs: Int64
  /// Turns begun. A thread without a turn is not listed (agent-core.md A9).
  public var turns: Int
  /// Lines that its turns added and took away; nil before the first change of a file.
  public var linesAdded: Int?
  public var linesRemoved: Int?
  /// "cli", "vscode", "exec", "appServer", …
  public var source: String
  public var archived: Bool
  public var cliVersion: String
  public var originator: String?
  public var gitSha: String?
  public var gitBranch: String?
  public var gitOriginURL: String?
  public var forkedFromId: String?
  /// The first turn that the user has not read, or `unreadFromStart`; nil when all is read.
  public var firstUnread: String?
  /// Changes with every change of the read state; nil before the first.
  public var readRevision: String?
  /// A choice that the client keeps with the thread.
  public var daybreakEnabled: Bool?

  /// `firstUnread` of a thread that was marked as unread.
  public static let unreadFromStart = "start"

  public init(
    id: String, path: String, cwd: String, modelProvider: String, createdAtMs: Int64, source: String = "cli",
    cliVersion: String = ""
  ) {
    self.id = id
    self.path = path
    self.cwd = cwd
    self.modelProvider = modelProvider
    self.createdAtMs = createdAtMs
    self.source = source
    self.cliVersion = cliVersion
    preview = ""
    updatedAtMs = createdAtMs
    recencyAtMs = createdAtMs
    turns = 0
    archived = false
  }

  /// Unix seconds, as the protocol has them.
  public var createdAt: Int64 { createdAtMs / 1000 }
  /// Unix seconds.
  public var updatedAt: Int64 { updatedAtMs / 1000 }
  /// Unix seconds.
  public var recencyAt: Int64 { recencyAtMs / 1000 }

  /// What search and lists call the thread: its name, else its first text.
  public var title: String { name ?? preview }
}

extension ThreadSummary {
  /// The type of the records that carry a summary's changes.
  public static let recordType = "thread_summary"

  /// The members that differ from `old`, without `path`; all of them if `old` is nil. nil if none differs.
  func changes(since old: ThreadSummary?) throws -> JSONValue? {
    let new = try Self.members(self)
    let before = try old.map(Self.members) ?? JSONObject()
    var changed = JSONObject(new.filter { before[$0.key] != $0.value }.map { ($0.key, $0.value) })
    // What was cleared is not among the new members: null says so.
    for (key, _) in before where new[key] == nil { changed[key] = .null }
    return changed.isEmpty ? nil : .object(changed)
  }

  /// The state after one record of `recordType`; nil while the first one has not been seen.
  static func applying(_ changes: JSONValue, to members: inout JSONObject) {
    guard let changes = changes.objectValue else { return }
    for (key, value) in changes { members[key] = value.isNull ? nil : value }
  }

  /// The members of a summary after one more record of `recordType`; JSON text in and out, "{}" before the first.
  public static func text(_ text: String, applying changes: JSONValue) -> String {
    var members = JSONObject()
    do {
      members = try JSONValue(parsing: text).objectValue ?? members
    } catch {
      members = JSONObject()
    }
    applying(changes, to: &members)
    return JSONValue.object(members).text
  }

  /// The summary that such a text holds; nil if it is not complete.
  public static func decode(text: String, path: String) -> ThreadSummary? {
    do {
      return try decode(JSONValue(parsing: text).objectValue ?? JSONObject(), path: path)
    } catch {
      return nil
    }
  }

  static func decode(_ members: JSONObject, path: String) throws -> ThreadSummary {
    var members = members
    members["path"] = .string(path)
    return try JSONCoder.decode(ThreadSummary.self, from: .object(members))
  }

  static func members(_ summary: ThreadSummary) throws -> JSONObject {
    var members = try JSONCoder.encode(summary).objectValue ?? JSONObject()
    members["path"] = nil
    return members
  }
}
