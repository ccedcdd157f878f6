import StetJSON

/// stet: the answer to a review, hunk by hunk. Files and operations that are not named count as rejected.
public struct StetReviewDecision: Codable, Hashable, Sendable {
  public var files: [StetFileDecision]
  @OmitIfNil public var comments: [StetReviewComment]?
  /// A word to the model.
  @OmitIfNil public var message: String?
  /// `none` or `session`: whether these paths may be written without asking from now on.
  @OmitIfNil public var remember: String?

  public init(
    files: [StetFileDecision], comments: [StetReviewComment]? = nil, message: String? = nil,
    remember: String? = nil
  ) {
    self.files = files
    self.comments = comments
    self.message = message
    self.remember = remember
  }
}

/// stet: what is decided about a file as a whole.
public enum StetFileVerdict: WireEnum {
  case accept, reject
  /// As the operations say.
  case partial
  case unknown(String)

  public static let variants: [(name: String, value: StetFileVerdict)] = [
    ("accept", .accept), ("reject", .reject), ("partial", .partial),
  ]

  public static func unlisted(_ name: String) -> StetFileVerdict { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: what is decided about an operation, a mode change or a rename.
public enum StetVerdict: WireEnum {
  case accept, reject
  /// Accepted with the text of the decision in place of the proposed one.
  case edit
  case unknown(String)

  public static let variants: [(name: String, value: StetVerdict)] = [
    ("accept", .accept), ("reject", .reject), ("edit", .edit),
  ]

  public static func unlisted(_ name: String) -> StetVerdict { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: the decision about one file. `baseHash` says which content was reviewed.
public struct StetFileDecision: Codable, Hashable, Sendable {
  public var path: String
  public var baseHash: String?
  public var decision: StetFileVerdict
  @OmitIfNil public var ops: [StetOperationDecision]?
  @OmitIfNil public var mode: StetVerdict?
  @OmitIfNil public var rename: StetVerdict?
  @OmitIfNil public var message: String?

  public init(
    path: String, baseHash: String?, decision: StetFileVerdict, ops: [StetOperationDecision]? = nil,
    mode: StetVerdict? = nil, rename: StetVerdict? = nil, message: String? = nil
  ) {
    self.path = path
    self.baseHash = baseHash
    self.decision = decision
    self.ops = ops
    self.mode = mode
    self.rename = rename
    self.message = message
  }
}

/// stet: the decision about one operation.
public struct StetOperationDecision: Codable, Hashable, Sendable {
  public var opId: String
  public var decision: StetVerdict
  /// With `edit`: the text in place of the proposed one.
  @OmitIfNil public var text: String?

  public init(opId: String, decision: StetVerdict, text: String? = nil) {
    self.opId = opId
    self.decision = decision
    self.text = text
  }
}

/// stet: a remark on lines of a reviewed file. Lines count from 1.
public struct StetReviewComment: Codable, Hashable, Sendable {
  public var path: String
  /// `old` or `new`.
  public var side: String
  public var line: Int
  public var endLine: Int?
  public var text: String
  /// True: the model is to answer, not to change.
  @OmitIfNil public var question: Bool?

  public init(
    path: String, side: String, line: Int, endLine: Int? = nil, text: String, question: Bool? = nil
  ) {
    self.path = path
    self.side = side
    self.line = line
    self.endLine = endLine
    self.text = text
    self.question = question
  }
}
