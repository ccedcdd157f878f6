import StetWorkspace
import Testing

struct ReconcileTests {
  private let lines = (1...20).map { "line \($0)" }

  private func state(_ changes: [Int: String]) -> FileState {
    var lines = lines
    for (number, text) in changes { lines[number - 1] = text }
    return .regular(Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  private func proposal(_ changes: [Int: String]) throws -> Proposal {
    var proposal = try Proposal(FileChange(path: "/w/a", base: state([:]), proposed: state(changes)))
    proposal.decideAll(.accept)
    return proposal
  }

  @Test("claude-code#71679: an edit made while the prompt is open is merged, not overwritten")
  func merges() throws {
    let merged = try proposal([2: "two"]).reconcile(with: state([18: "mine"]))
    #expect(merged == .merged(state([2: "two", 18: "mine"]), conflictedHunks: []))
  }

  @Test("only the hunk that conflicts is left out, and no markers are ever written")
  func conflicts() throws {
    let proposal = try proposal([2: "two", 18: "eighteen"])
    let hunk = proposal.hunks()[1].id
    let merged = try proposal.reconcile(with: state([18: "mine"]))
    #expect(merged == .merged(state([2: "two", 18: "mine"]), conflictedHunks: [hunk]))
    let all = try self.proposal([18: "eighteen"]).reconcile(with: state([18: "mine"]))
    #expect(all == .stale(reason: "the same lines changed meanwhile"))
  }

  @Test("gone, created, replaced by a link, or binary: the file is stale as a whole")
  func stale() throws {
    func isStale(_ reconciliation: Reconciliation) -> Bool {
      if case .stale = reconciliation { true } else { false }
    }
    let proposal = try proposal([2: "two"])
    #expect(try isStale(proposal.reconcile(with: .absent)))
    #expect(try isStale(proposal.reconcile(with: .symlink(to: "x"))))
    #expect(try isStale(proposal.reconcile(with: .regular([0, 1]))))
    let new = try Proposal(FileChange(path: "/w/a", base: .absent, proposed: state([:])))
    #expect(try isStale(new.reconcile(with: state([1: "theirs"]))))
    #expect(try new.reconcile(with: .absent) == .current)
  }

  @Test("a mode that the user changed meanwhile stays")
  func mode() throws {
    let disk = FileState.regular(state([18: "mine"]).bytes, mode: 0o700)
    let merged = try proposal([2: "two"]).reconcile(with: disk)
    #expect(merged == .merged(state([2: "two", 18: "mine"]).with(mode: 0o700), conflictedHunks: []))
  }
}
