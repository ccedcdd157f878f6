import StetWorkspace
import Testing

/// The properties of review.md A5 over generated edits: CRLF, lone CR, mixed ends, no final newline, byte
/// order marks, NUL, invalid UTF-8.
struct ProposalPropertyTests {
  static let seeds = Array(0..<60)

  private func proposal(_ random: inout Seeded) throws -> Proposal {
    let base = random.bytes(lines: Int.random(in: 0...40, using: &random))
    let isNew = random.chance(10)
    let proposed = random.edited(base)
    return try Proposal(
      FileChange(
        path: "/w/f", base: isNew ? .absent : .regular(base, mode: 0o600),
        proposed: .regular(proposed, mode: random.chance(20) ? 0o755 : 0o600)))
  }

  @Test("everything accepted is the proposal, everything rejected the base", arguments: seeds)
  func extremes(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<20 {
      var proposal = try proposal(&random)
      proposal.decideAll(.accept)
      #expect(proposal.result().state == proposal.proposed)
      #expect(proposal.verdict == .all)
      proposal.decideAll(.reject)
      #expect(proposal.result().state == proposal.base)
      #expect(proposal.plannedWrites().isEmpty)
    }
  }

  @Test("the order of decisions does not matter", arguments: seeds)
  func order(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<10 {
      let blank = try proposal(&random)
      let decisions = blank.operations.map { operation in
        (operation.id, [Decision.accept, .reject, .undecided].randomElement(using: &random) ?? .accept)
      }
      var results: Set<FileState> = []
      for _ in 0..<4 {
        var proposal = blank
        for (id, decision) in decisions.shuffled(using: &random) { try proposal.decide(id, decision) }
        results.insert(proposal.result().state)
      }
      #expect(results.count == 1)
    }
  }

  @Test("line by line is the same as hunk by hunk, at every width of context", arguments: seeds)
  func linesAndHunks(_ seed: Int) throws {
    var random = Seeded(seed)
    for _ in 0..<10 {
      let blank = try proposal(&random)
      var byHunk = blank
      var byLine = blank
      for hunk in blank.hunks() {
        let decision: Decision = random.chance(50) ? .accept : .reject
        try byHunk.decide(hunk.id, decision)
        for id in hunk.operations.shuffled(using: &random) { try byLine.decide(id, decision) }
      }
      #expect(byHunk.result() == byLine.result())
      for context in [0, 1, 7, 1000] {
        // Other widths group otherwise but hold the same operations in the same order.
        #expect(blank.hunks(context: context).flatMap(\.operations) == blank.hunks().flatMap(\.operations))
      }
    }
  }

  @Test("ids are the same when the proposal is made again, and unique", arguments: seeds)
  func ids(_ seed: Int) throws {
    var random = Seeded(seed)
    let first = try proposal(&random)
    let second = try Proposal(first.change)
    #expect(first.hunks() == second.hunks())
    #expect(first.operations == second.operations)
    #expect(Set(first.operations.map(\.id)).count == first.operations.count)
    #expect(Set(first.hunks().map(\.id)).count == first.hunks().count)
    for operation in first.operations { #expect(first.decision(of: operation.id) == .undecided) }
  }

  @Test("an accepted part merges cleanly into an untouched disk", arguments: seeds)
  func reconciles(_ seed: Int) throws {
    var random = Seeded(seed)
    var proposal = try proposal(&random)
    for operation in proposal.operations {
      try proposal.decide(operation.id, random.chance(50) ? .accept : .reject)
    }
    #expect(try proposal.reconcile(with: proposal.base) == .current)
    #expect(try proposal.reconcile(with: proposal.base.with(mode: 0o640)) == .current)
  }
}
