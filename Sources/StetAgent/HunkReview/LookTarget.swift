import FoundationEssentials
import StetJSON
import StetProtocol
import StetWorkspace

/// What `stet/review/start` shows. Untrusted.
enum LookTarget: Sendable {
  /// What turns of the thread changed; nil: from the first, to the last.
  case turns(from: String?, to: String?)
  case git(GitComparison)
  case files(old: String, new: String)
  case patch([UInt8])

  init(_ target: JSONValue) throws(RPCError) {
    func text(_ name: String) throws(RPCError) -> String {
      guard let value = target[name]?.stringValue, !value.isEmpty else {
        throw .invalidRequest("missing field `\(name)`")
      }
      return value
    }
    switch target["type"]?.stringValue {
    case "uncommitted": self = .git(.uncommitted)
    case "head": self = .git(.head)
    case "staged": self = .git(.staged)
    case "thread": self = .turns(from: nil, to: nil)
    case "turn":
      let turn = try text("turnId")
      self = .turns(from: turn, to: turn)
    case "range":
      let (from, to) = (try text("from"), try text("to"))
      self =
        Self.isTurn(from) && Self.isTurn(to) ? .turns(from: from, to: to) : .git(.range(from: from, to: to))
    case "files": self = .files(old: try Self.path(text("old")), new: try Self.path(text("new")))
    case "patch":
      guard let data = Data(base64Encoded: try text("dataBase64")) else {
        throw .invalidRequest("dataBase64 is no base64")
      }
      self = .patch([UInt8](data))
    case let type:
      throw .invalidRequest(
        "unknown variant `\(type ?? "")`, expected one of `uncommitted`, `turn`, `range`, `thread`, `head`, `staged`, "
          + "`files`, `patch`")
    }
  }

  var needsThread: Bool {
    switch self {
    case .files, .patch: false
    case .turns, .git: true
    }
  }

  /// A turn's id is a UUID; no revision of git looks like one.
  private static func isTurn(_ text: String) -> Bool { UUID(uuidString: text) != nil }

  private static func path(_ path: String) throws(RPCError) -> String {
    guard path.hasPrefix("/") else { throw .invalidRequest("\(path) is not an absolute path") }
    return path
  }

  // MARK: - Reading

  /// The review of a target that no snapshot is needed for, and the files that it does not compare. Blocks.
  func open(cwd: String, nowMs: Int64) throws -> (review: OpenReviews.Open, skipped: [SkippedFile]) {
    var skipped: [SkippedFile] = []
    var kind = OpenReviews.Kind.picture
    let changes: [FileChange]
    switch self {
    case .turns: changes = []
    case .git(let comparison):
      let found = try GitChanges(cwd, comparison)
      (changes, skipped) = (found.changes, found.skipped)
      if comparison.isOnDisk { kind = .look }
    case .files(let old, let new): changes = [try Self.change(old, new)]
    case .patch(let bytes): changes = try UnifiedPatch.changes(bytes)
    }
    let review = OpenReviews.Open(
      id: ReviewRequest.newId(), turnId: "", itemId: "", createdAtMs: nowMs,
      proposals: try ProposalSet(changes), kind: kind)
    return (review, skipped)
  }

  /// Of two files; `/dev/null` is none, as git's difftool says it.
  private static func change(_ old: String, _ new: String) throws -> FileChange {
    let workspace = try Workspace(root: "/")
    func state(_ path: String) throws -> FileState {
      if path == "/dev/null" { return .absent }
      let state = try workspace.read(workspace.resolve(path).target, limit: GitChanges.fileLimit)
      guard state.kind == .regular else {
        throw WorkspaceError(
          .wrongKind, "\(path) is \(state.kind == .absent ? "not there" : "no regular file")")
      }
      return state
    }
    let proposed = try state(new)
    let path = proposed.kind == .absent ? old : new
    return FileChange(path: path, base: try state(old), proposed: proposed, spelled: path)
  }
}
