import StetJSON

/// stet: when the edits of the model are reviewed.
public enum EditReviewMode: WireEnum {
  /// As Codex: an edit asks only where the sandbox may not write.
  case off
  /// Every edit is a proposal first.
  case ask
  /// Edits land; the turn's review opens when it ends.
  case atEnd
  case unknown(String)

  public static let variants: [(name: String, value: EditReviewMode)] = [
    ("off", .off), ("ask", .ask), ("atEnd", .atEnd),
  ]

  public static func unlisted(_ name: String) -> EditReviewMode { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: the `stet` member of thread and turn params and of the thread's settings. Sticky.
public struct StetThreadOptions: Codable, Hashable, Sendable {
  @OmitIfNil public var editReview: EditReviewMode?
  /// `thread/resume` only: replay the messages after this one (protocol.md §7.3).
  @OmitIfNil public var afterSeq: Int?
  /// `thread/resume` only: the life of the server in which `afterSeq` was counted; in another one nothing is replayed.
  @OmitIfNil public var epoch: String?

  public init(editReview: EditReviewMode? = nil, afterSeq: Int? = nil, epoch: String? = nil) {
    self.epoch = epoch
    self.editReview = editReview
    self.afterSeq = afterSeq
  }
}

/// stet: the `stet` member of the result of `thread/resume`.
public struct StetResumeState: Codable, Hashable, Sendable {
  /// The number of the thread's last message before this result.
  public var lastSeq: Int
  /// How many messages follow this result because the client had missed them.
  public var replayed: Int
  /// Whether these are all that it has missed; absent where `afterSeq` was not given.
  @OmitIfNil public var complete: Bool?
  /// The life of the server in which these numbers are counted.
  @OmitIfNil public var epoch: String?

  public init(lastSeq: Int, replayed: Int, complete: Bool? = nil, epoch: String? = nil) {
    self.epoch = epoch
    self.lastSeq = lastSeq
    self.replayed = replayed
    self.complete = complete
  }
}

/// stet: the `stet` member of command approval params.
public struct StetCommandApproval: Codable, Hashable, Sendable {
  /// How much of the command's effect on files `/undo` could take back.
  public var undoable: StetUndoable
  /// Whether the command would run behind the sandbox; absent from servers that do not say.
  @OmitIfNil public var sandboxed: Bool?
  /// What the question is about and what may be remembered: `rules` [{text, outside}] on offer, the widest first;
  /// `parts` [{start, end}], bytes of the script that need consent where the rest does not; `opaque`, why no rule can
  /// cover the script. An `accept` may carry `stet: {remember: {offer, scope thread/project/user, days~}}`.
  @OmitIfNil public var consent: JSONValue?

  public init(undoable: StetUndoable, sandboxed: Bool? = nil, consent: JSONValue? = nil) {
    self.undoable = undoable
    self.sandboxed = sandboxed
    self.consent = consent
  }
}
