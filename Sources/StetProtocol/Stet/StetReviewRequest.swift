import StetJSON

/// stet: whether a reviewed change is on disk yet.
public enum StetReviewState: WireEnum {
  /// Nothing is on disk.
  case proposed
  /// It is on disk; a rejection rolls back.
  case applied
  case unknown(String)

  public static let variants: [(name: String, value: StetReviewState)] = [
    ("proposed", .proposed), ("applied", .applied),
  ]

  public static func unlisted(_ name: String) -> StetReviewState { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// stet: the `stet` member of `item/fileChange/requestApproval`, for clients with `hunkReview`.
public struct StetReviewRequest: Codable, Hashable, Sendable {
  /// Stable over resends.
  public var reviewId: String
  public var state: StetReviewState
  public var files: [StetReviewFile]
  /// The hunks of files that do not carry their own.
  @Defaulted public var hunks: [StetHunk]
  /// True: page with `stet/review/read`.
  @Defaulted public var truncated: Bool
  /// The review that this one replaces, because files changed under it.
  @OmitIfNil public var supersedes: String?

  public init(
    reviewId: String, state: StetReviewState, files: [StetReviewFile], hunks: [StetHunk] = [],
    truncated: Bool = false, supersedes: String? = nil
  ) {
    self.reviewId = reviewId
    self.state = state
    self.files = files
    self.hunks = hunks
    self.truncated = truncated
    self.supersedes = supersedes
  }
}

/// stet: one file of a review. Hashes are of raw bytes; modes are Unix modes such as 33188.
public struct StetReviewFile: Codable, Hashable, Sendable {
  public var path: String
  /// `add`, `update`, `delete`, `move`, `mode`, `symlink` or `binary`.
  public var kind: String
  public var movePath: String?
  public var baseHash: String?
  public var proposedHash: String?
  public var baseMode: Int?
  public var proposedMode: Int?
  /// Bytes of the proposed file, or of the base where it is deleted.
  public var size: Int
  public var note: String?
  /// Why the file is shown closed: `generated`, `large` or `minified`.
  public var collapsed: String?
  public var hunks: [StetHunk]?
  /// The bytes of both sides, base64: only where `stet/review/read` was asked for them and the side exists.
  @OmitIfNil public var base: String?
  @OmitIfNil public var proposed: String?

  public init(
    path: String, kind: String, movePath: String? = nil, baseHash: String? = nil,
    proposedHash: String? = nil, baseMode: Int? = nil, proposedMode: Int? = nil, size: Int,
    note: String? = nil, collapsed: String? = nil, hunks: [StetHunk]? = nil
  ) {
    self.path = path
    self.kind = kind
    self.movePath = movePath
    self.baseHash = baseHash
    self.proposedHash = proposedHash
    self.baseMode = baseMode
    self.proposedMode = proposedMode
    self.size = size
    self.note = note
    self.collapsed = collapsed
    self.hunks = hunks
  }
}

/// stet: a hunk: operations shown together. Lines count from 1; the text is in the item's diff.
public struct StetHunk: Codable, Hashable, Sendable {
  /// A hash of path, base range, old and new bytes; it survives a restart and a resend.
  public var hunkId: String
  public var baseStart: Int
  public var baseLines: Int
  public var newStart: Int
  public var newLines: Int
  public var ops: [StetOperation]
  /// The tool call that made the change.
  public var callId: String?
  public var note: String?
  /// Hunks that must be accepted with this one.
  @Defaulted public var requires: [String]

  public init(
    hunkId: String, baseStart: Int, baseLines: Int, newStart: Int, newLines: Int, ops: [StetOperation],
    callId: String? = nil, note: String? = nil, requires: [String] = []
  ) {
    self.hunkId = hunkId
    self.baseStart = baseStart
    self.baseLines = baseLines
    self.newStart = newStart
    self.newLines = newLines
    self.ops = ops
    self.callId = callId
    self.note = note
    self.requires = requires
  }
}

/// stet: the smallest thing that is accepted or rejected.
public struct StetOperation: Codable, Hashable, Sendable {
  public var opId: String
  /// `del`, `add`, `replace`, `eol`, `mode` or `rename`.
  public var kind: String
  public var baseStart: Int
  public var baseLines: Int
  public var newStart: Int
  public var newLines: Int

  public init(
    opId: String, kind: String, baseStart: Int, baseLines: Int, newStart: Int, newLines: Int
  ) {
    self.opId = opId
    self.kind = kind
    self.baseStart = baseStart
    self.baseLines = baseLines
    self.newStart = newStart
    self.newLines = newLines
  }
}
