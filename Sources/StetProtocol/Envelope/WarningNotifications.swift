import StetJSON

/// `warning`: Something the user should know.
public struct WarningNotification: Codable, Hashable, Sendable {
  public var threadId: String?
  public var message: String

  public init(threadId: String? = nil, message: String) {
    self.threadId = threadId
    self.message = message
  }
}

/// `deprecationNotice`: Something in use will go away.
public struct DeprecationNoticeNotification: Codable, Hashable, Sendable {
  /// How the notice begins that a client asked for a whole history at once.
  public static let hydration = "Full-history hydration is deprecated for paginated threads"

  public var summary: String
  public var details: String?

  public init(summary: String, details: String? = nil) {
    self.summary = summary
    self.details = details
  }

  /// Whether it is for the client's author only: no user can do anything about it.
  public var isForClients: Bool { summary.hasPrefix(Self.hydration) }
}

/// `configWarning`: Something is wrong in a configuration file.
public struct ConfigWarningNotification: Codable, Hashable, Sendable {
  public var summary: String
  public var details: String?
  public var path: String?
  public var range: TextRange?

  public init(summary: String, details: String? = nil, path: String? = nil, range: TextRange? = nil) {
    self.summary = summary
    self.details = details
    self.path = path
    self.range = range
  }
}

public struct TextRange: Codable, Hashable, Sendable {
  public var end: TextPosition
  public var start: TextPosition

  public init(end: TextPosition, start: TextPosition) {
    self.end = end
    self.start = start
  }
}

public struct TextPosition: Codable, Hashable, Sendable {
  public var column: Int
  public var line: Int

  public init(column: Int, line: Int) {
    self.column = column
    self.line = line
  }
}
