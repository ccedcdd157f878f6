import StetProtocol
import StetText

/// One file of a review: its hunks, their lines, and the operations that decisions are made about.
struct ReviewFile: Sendable {
  var path: String
  var movePath: String?
  /// `add`, `update`, `delete`, `move`, `mode`, `symlink`, `binary`.
  var kind: String
  var baseHash: String?
  var note: String?
  /// Bytes of what is proposed, or of what would be deleted; nil when the server does not say.
  var size: Int?
  var collapsed: String?
  var hunks: [ReviewHunk]
  var diff: FileDiff
  var language: Language?

  /// The file without details of the server: one decision for all of it.
  init(_ change: FileChangeContent.File) {
    path = change.path
    movePath = change.movePath
    switch change.kind {
    case .add: kind = "add"
    case .delete: kind = "delete"
    case .update: kind = change.movePath == nil ? "update" : "move"
    }
    diff = change.diff
    language = Language.forPath(change.movePath ?? change.path)
    let whole = ReviewOperation(key: "file:" + change.path, role: .whole, lines: 0..<0, newText: [])
    hunks = diff.hunks.enumerated().map { index, hunk in
      ReviewHunk(id: "\(change.path)#\(index)", title: hunk.heading, lines: hunk.lines, operations: [whole])
    }
    if hunks.isEmpty { hunks = [ReviewHunk(id: change.path, title: "", lines: [], operations: [whole])] }
  }

  /// The file as the server describes it, with the text of the item's diff.
  init(_ file: StetReviewFile, diff: FileDiff, hunks described: [StetHunk]) {
    path = file.path
    movePath = file.movePath
    kind = file.kind
    baseHash = file.baseHash
    note = file.note
    size = file.size
    collapsed = file.collapsed
    self.diff = diff
    language = Language.forPath(file.movePath ?? file.path)
    let index = DiffIndex(diff)
    hunks = described.map { ReviewHunk($0, path: file.path, in: index) }
    if kind == "move" || file.movePath != nil {
      hunks.insert(.rename(from: file.path, to: file.movePath ?? "?"), at: 0)
    }
    if let base = file.baseMode, let proposed = file.proposedMode, base != proposed, kind != "delete" {
      hunks.append(.mode(path: file.path, from: base, to: proposed))
    }
    if hunks.isEmpty {
      let whole = ReviewOperation(key: "file:" + file.path, role: .whole, lines: 0..<0, newText: [])
      hunks = [ReviewHunk(id: file.path, title: kind, lines: index.lines, operations: [whole])]
    }
  }

  var operations: [ReviewOperation] { hunks.flatMap(\.operations) }
}

/// One hunk: what is decided with one key.
struct ReviewHunk: Sendable {
  /// The server's id, or one of the interface's own where the server sent none.
  var id: String
  /// What stands behind `@@`, or what the decision is about.
  var title: String
  var lines: [DiffLine]
  var operations: [ReviewOperation]

  init(id: String, title: String, lines: [DiffLine], operations: [ReviewOperation]) {
    self.id = id
    self.title = title
    self.lines = lines
    self.operations = operations
  }
}

/// The smallest thing that can be decided.
struct ReviewOperation: Sendable {
  enum Role: Sendable { case content, rename, mode, whole }

  /// Unique over the review.
  var key: String
  /// The server's id, sent back with the decision.
  var opId = ""
  var role: Role
  /// Which lines of its hunk it is about.
  var lines: Range<Int>
  /// The proposed lines, for editing them.
  var newText: [String]
}

extension ReviewHunk {
  /// The lines of the diff that a described hunk changes, with the context around them, and which of them each
  /// operation is about.
  init(_ hunk: StetHunk, path: String, in index: DiffIndex) {
    let touched = hunk.ops.map { index.lines(of: $0) }
    let all = touched.reduce(into: nil as Range<Int>?) { whole, range in
      guard !range.isEmpty else { return }
      let old = whole ?? range
      whole = min(old.lowerBound, range.lowerBound)..<max(old.upperBound, range.upperBound)
    }
    let shown = all.map(index.withContext) ?? 0..<0
    let lines = Array(index.lines[shown])
    let operations = zip(hunk.ops, touched).map { operation, range in
      let own =
        range.isEmpty ? 0..<0 : range.lowerBound - shown.lowerBound..<range.upperBound - shown.lowerBound
      return ReviewOperation(
        key: path + "\u{0}" + operation.opId, opId: operation.opId, role: .content, lines: own,
        newText: lines[own].filter { $0.kind == .plus }.map(\.text))
    }
    let heading = all.map { index.heading(at: $0.lowerBound) } ?? ""
    self.init(id: hunk.hunkId, title: hunk.note ?? heading, lines: lines, operations: operations)
  }

  static func rename(from path: String, to target: String) -> ReviewHunk {
    ReviewHunk(
      id: "rename:" + path, title: "Move to " + target, lines: [],
      operations: [ReviewOperation(key: "rename:" + path, role: .rename, lines: 0..<0, newText: [])])
  }

  static func mode(path: String, from base: Int, to proposed: Int) -> ReviewHunk {
    func octal(_ mode: Int) -> String { String(mode & 0o7777, radix: 8) }
    return ReviewHunk(
      id: "mode:" + path, title: "Mode \(octal(base)) → \(octal(proposed))", lines: [],
      operations: [ReviewOperation(key: "mode:" + path, role: .mode, lines: 0..<0, newText: [])])
  }
}
