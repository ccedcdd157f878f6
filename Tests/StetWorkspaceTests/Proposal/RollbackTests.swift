import StetWorkspace
import Testing

/// Taking back what is on disk already (review.md A5, "auto-apply, review later").
@Suite struct RollbackTests {
  private static let base = (1...20).map { "line \($0)\n" }.joined()
  private static let proposed = base.replacing("line 2\n", with: "LINE 2\n")
    .replacing("line 18\n", with: "LINE 18\n")

  private func state(_ text: String, mode: UInt16 = 0o644) -> FileState {
    .regular(Array(text.utf8), mode: mode)
  }

  private func proposal(_ verdicts: [Decision]) throws -> Proposal {
    var proposal = try Proposal(
      FileChange(path: "/w/f", base: state(Self.base), proposed: state(Self.proposed)))
    for (hunk, verdict) in zip(proposal.hunks(), verdicts) { try proposal.decide(hunk.id, verdict) }
    return proposal
  }

  @Test(
    "over generated edits: all rejected is the base, all accepted writes nothing, a part is the composed result",
    arguments: ProposalPropertyTests.seeds)
  func properties(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<10 {
      let base = random.bytes(lines: Int.random(in: 1...40, using: &random))
      var proposal = try Proposal(
        FileChange(path: "/w/f", base: .regular(base), proposed: .regular(random.edited(base))))
      proposal.decideAll(.accept)
      #expect(try proposal.rollback(on: proposal.proposed) == .nothing)
      proposal.decideAll(.reject)
      let isSame = proposal.base == proposal.proposed
      #expect(
        try proposal.rollback(on: proposal.proposed)
          == (isSame ? .nothing : .write(proposal.base, conflictedHunks: [])))
      #expect(try proposal.rollback(on: proposal.base) == .nothing)
      for operation in proposal.operations.shuffled(using: &random) {
        try proposal.decide(operation.id, random.chance(50) ? .accept : .reject)
      }
      let wanted = proposal.result().state
      switch try proposal.rollback(on: proposal.proposed) {
      case .nothing: #expect(wanted == proposal.proposed)
      case .write(let written, let left): #expect(written == wanted && left.isEmpty)
      case .refused(let reason): Issue.record("refused: \(reason)")
      }
    }
  }

  @Test("what others wrote elsewhere stays; on the same lines the hunk stays, and only that one")
  func others() throws {
    let elsewhere = state(Self.proposed.replacing("line 10\n", with: "mine\n"))
    #expect(
      try proposal([.reject, .reject]).rollback(on: elsewhere)
        == .write(state(Self.base.replacing("line 10\n", with: "mine\n")), conflictedHunks: []))
    let rejected = try proposal([.reject, .reject])
    let same = state(Self.proposed.replacing("LINE 2\n", with: "mine\n"))
    #expect(
      try rejected.rollback(on: same)
        == .write(
          state(Self.base.replacing("line 2\n", with: "mine\n")), conflictedHunks: [rejected.hunks()[0].id]))
    let both = state(
      Self.proposed.replacing("LINE 2\n", with: "mine\n").replacing("LINE 18\n", with: "mine\n"))
    #expect(try rejected.rollback(on: both) == .refused(reason: "the same lines changed since"))
  }

  @Test("claude-code#20671: what the user deleted is not brought back, what they edited not removed")
  func deletedAndEdited() throws {
    let rejected = try proposal([.reject, .reject])
    #expect(try rejected.rollback(on: .absent) == .refused(reason: "the file was deleted since"))
    var added = try Proposal(FileChange(path: "/w/f", base: .absent, proposed: state("x\n")))
    added.decideAll(.reject)
    #expect(try added.rollback(on: state("x\n")) == .write(.absent, conflictedHunks: []))
    #expect(try added.rollback(on: .absent) == .nothing)
    #expect(
      try added.rollback(on: state("y\n"))
        == .refused(reason: "it was edited since; removing it would remove those edits"))
    var deleted = try Proposal(FileChange(path: "/w/f", base: state("x\n"), proposed: .absent))
    deleted.decideAll(.reject)
    #expect(try deleted.rollback(on: .absent) == .write(state("x\n"), conflictedHunks: []))
    #expect(
      try deleted.rollback(on: state("y\n")) == .refused(reason: "something else was created there since"))
  }

  @Test("a mode that the user changed since stays, one that was proposed goes back")
  func modes() throws {
    var change = try Proposal(
      FileChange(
        path: "/w/f", base: state("a\n", mode: 0o644), proposed: state("b\n", mode: 0o755)))
    change.decideAll(.reject)
    #expect(
      try change.rollback(on: state("b\n", mode: 0o755))
        == .write(state("a\n", mode: 0o644), conflictedHunks: []))
    #expect(
      try change.rollback(on: state("b\n", mode: 0o700))
        == .write(state("a\n", mode: 0o700), conflictedHunks: []))
  }

  @Test("a binary is taken back whole, and refused when it changed since")
  func binary() throws {
    var change = try Proposal(
      FileChange(path: "/w/f", base: .regular([0, 1]), proposed: .regular([0, 2])))
    change.decideAll(.reject)
    #expect(try change.rollback(on: .regular([0, 2])) == .write(.regular([0, 1]), conflictedHunks: []))
    #expect(try change.rollback(on: .regular([0, 3])) == .refused(reason: "its content changed since"))
  }
}
