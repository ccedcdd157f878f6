import StetProtocol
import StetWorkspace

/// How decided proposals stand to the disk, right before the write.
enum Freshness: Sendable {
  /// What accepted changes became on files that someone else had changed meanwhile: not what was reviewed.
  struct Next: Sendable {
    var proposals: ProposalSet
    var changes: [FileUpdateChange]
    var conflicted: [String: [ProposalHunk.ID]]
  }

  case current
  case again(Next)
  case stale([String])

  static func of(_ decided: ProposalSet) async -> Freshness {
    do {
      return try await WorkspaceThread.shared.run { try compare(decided) }
    } catch {
      return .stale(["\(error)"])
    }
  }

  private static func compare(_ decided: ProposalSet) throws -> Freshness {
    let workspace = try Workspace(root: "/")
    var files: [Proposal] = []
    var conflicted: [String: [ProposalHunk.ID]] = [:]
    var changed = false
    var reasons: [String] = []
    // What was refused stays refused: the next round holds only what would be written.
    for file in decided.files where file.verdict != .none {
      let disk = try workspace.read(file.path)
      switch try file.reconcile(with: disk) {
      case .stale(let reason): reasons.append("\(file.change.spelled): \(reason)")
      case .current: files.append(try accepted(file, base: file.base, file.result().state))
      case .merged(let state, let left):
        changed = true
        if !left.isEmpty { conflicted[file.path] = left }
        files.append(try accepted(file, base: disk, state))
      }
    }
    if !reasons.isEmpty { return .stale(reasons) }
    guard changed else { return .current }
    let next = ProposalSet(files: files)
    return .again(
      Next(
        proposals: next, changes: try next.proposedChanges().map(FileUpdateChange.init),
        conflicted: conflicted))
  }

  private static func accepted(
    _ file: Proposal, base: FileState, _ state: FileState
  ) throws(WorkspaceError) -> Proposal {
    let result = file.result()
    return try Proposal(
      FileChange(
        path: file.path, movePath: result.removes == nil ? nil : result.path, base: base, proposed: state,
        spelled: file.change.spelled), note: file.note)
  }
}
