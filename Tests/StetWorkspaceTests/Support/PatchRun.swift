import StetTestSupport
import StetWorkspace

/// Applies a patch to a real directory, as `stet debug apply-patch` and the tool do.
struct PatchRun {
  let root: String
  let journal: String

  /// Answers the summary lines ("M path").
  @discardableResult
  func apply(_ patch: [UInt8], cwd: String? = nil) throws -> [String] {
    let workspace = try Workspace(root: root)
    let tree = WorkspacePatchTree(workspace: workspace, cwd: cwd ?? workspace.root)
    let proposal = try PatchApplier.propose(try PatchParser.parse(patch), tree: tree)
    var set = try ProposalSet(proposal.changes)
    set.decideAll(.accept)
    let transaction = WriteTransaction(roots: [workspace.root], journalDirectory: journal)
    _ = try transaction.commit(set.plannedWrites())
    return proposal.summary.map { "\($0.letter) \($0.path)" }
  }
}
