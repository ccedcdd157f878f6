import StetJSON

/// One searchable text of a thread: a message, a command, the paths of a file change.
public struct SearchDocument: Hashable, Sendable {
  /// The longest text that is searched, in UTF-8 bytes: a turn's input is a million characters at most, and what is
  /// longer is data, not words.
  public static let maximumBytes = 1 << 20

  public let turnId: String
  public let itemId: String
  /// The item's type on the wire, such as `agentMessage`.
  public let kind: String
  public let text: String
  /// When the item was complete, in milliseconds since 1970.
  public let timeMs: Int64

  /// A text beyond `maximumBytes` is cut at a character.
  public init(turnId: String, itemId: String, kind: String, text: String, timeMs: Int64) {
    self.turnId = turnId
    self.itemId = itemId
    self.kind = kind
    self.timeMs = timeMs
    self.text = text.utf8.count <= Self.maximumBytes ? text : Self.cut(text)
  }

  private static func cut(_ text: String) -> String {
    let bytes = text.utf8.prefix(maximumBytes)
    var end = bytes.endIndex
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return String(text[..<end])
  }
}

/// What a record of a log means for the index. The store does not know records: its caller says it with this.
public struct LogProjection: Sendable {
  public enum Change: Hashable, Sendable {
    case add(SearchDocument)
    /// A turn begins here.
    case begin(turnId: String)
    /// This turn and what came after it are no longer part of the thread. A turn that did not begin in this log belongs
    /// to what a fork goes on from: then all that the log has said is taken back.
    case cut(turnId: String)
    /// Where the thread works from here on, and with what: for a summary whose own records are damaged.
    case settings(cwd: String, model: String?, modelProvider: String)
  }

  /// The types of the records that `changes` wants to see.
  public let types: Set<String>
  public let changes: @Sendable (LogRecord) -> [Change]

  public init(types: Set<String>, changes: @escaping @Sendable (LogRecord) -> [Change]) {
    self.types = types
    self.changes = changes
  }

  /// Indexes no text.
  public static let none = LogProjection(types: []) { _ in [] }
}
