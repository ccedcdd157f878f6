import StetJSON

/// stet: what the model's window is filled with, in tokens as stet estimates them: the `stet` member of
/// `thread/tokenUsage/updated`, and the answer of `stet/context/read`.
public struct StetContextUse: Codable, Hashable, Sendable {
  /// All of it: the four parts below.
  public var tokens: Int
  public var window: Int
  /// Tokens at which the history is compacted.
  public var limit: Int
  /// Base prompt, rights, surroundings and definitions of tools.
  public var prompt: Int
  /// Project documents and skills.
  public var documents: Int
  public var toolOutput: Int
  /// What the user and the model said.
  public var conversation: Int
  /// Tokens of the last request that the one before it held too, so that a cache could have them.
  @OmitIfNil public var cacheable: Int?
  /// How many of these came from the provider's cache.
  @OmitIfNil public var cached: Int?
  /// Less than half came from the cache: the first item that differs, or that none does.
  @OmitIfNil public var cacheMiss: String?
  /// What a compaction would keep, of `stet/context/read` only: layers, messages of the user, the newest calls.
  @OmitIfNil public var keptContext: Int?
  @OmitIfNil public var keptMessages: Int?
  @OmitIfNil public var keptCalls: Int?
  /// Tokens that the summary would stand for.
  @OmitIfNil public var summarised: Int?
  /// Whether `stet/compact/undo` has something to undo.
  @OmitIfNil public var canUndo: Bool?

  public init(
    tokens: Int, window: Int, limit: Int, prompt: Int, documents: Int, toolOutput: Int, conversation: Int
  ) {
    self.tokens = tokens
    self.window = window
    self.limit = limit
    self.prompt = prompt
    self.documents = documents
    self.toolOutput = toolOutput
    self.conversation = conversation
  }
}

/// `stet/context/read`: What the window holds, and what a compaction would make of it. Changes nothing.
public struct StetContextReadParams: ClientCall {
  public typealias Response = StetContextUse
  public static let method = "stet/context/read"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}

/// `stet/compact/undo`: Puts the history back that the last compaction replaced; what was said since stays behind it.
/// Refused while a turn runs (`stetError: busyTurn`) and when there is nothing to undo (`nothingToUndo`).
public struct StetCompactUndoParams: ClientCall {
  public typealias Response = StetContextUse
  public static let method = "stet/compact/undo"

  public var threadId: String

  public init(threadId: String) {
    self.threadId = threadId
  }
}
