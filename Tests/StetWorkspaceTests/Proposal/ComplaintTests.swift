import StetWorkspace
import Testing

/// What users of other tools complained of (review.md A3), each under the name of its issue.
@Suite struct ComplaintTests {
  private func file(_ base: String, _ proposed: String) throws -> Proposal {
    try Proposal(
      FileChange(
        path: "/w/f", base: .regular(Array(base.utf8)), proposed: .regular(Array(proposed.utf8))))
  }

  private func text(_ proposal: Proposal) -> String {
    String(decoding: proposal.result().state.bytes, as: UTF8.self)
  }

  @Test("vscode-copilot-release#8299: undoing the first edit does not shift what later decisions hit")
  func shiftedOffsets() throws {
    let lines = (1...40).map { "line \($0)\n" }
    let base = lines.joined()
    let proposed =
      "new\nnew\nnew\n" + base.replacing("line 20\n", with: "").replacing("line 39\n", with: "last\n")
    var proposal = try file(base, proposed)
    let hunks = proposal.hunks()
    #expect(hunks.count == 3)
    try proposal.decide(hunks[0].id, .accept)
    try proposal.decide(hunks[2].id, .accept)
    try proposal.decide(hunks[0].id, .reject)
    #expect(text(proposal) == base.replacing("line 39\n", with: "last\n"))
    try proposal.decide(hunks[1].id, .accept)
    #expect(text(proposal) == base.replacing("line 20\n", with: "").replacing("line 39\n", with: "last\n"))
  }

  @Test(
    "fugitive#2327, gitextensions#1329: a last line without its end is taken and left like any other",
    arguments: [("a\nb", "a\nB"), ("a\nb\n", "a\nb"), ("a\nb", "a\nb\n"), ("a", ""), ("a\nb", "a\nb\nc")])
  func noNewlineAtEnd(_ base: String, _ proposed: String) throws {
    var proposal = try file(base, proposed)
    for operation in proposal.operations { try proposal.decide(operation.id, .accept) }
    #expect(text(proposal) == proposed)
    for operation in proposal.operations { try proposal.decide(operation.id, .reject) }
    #expect(text(proposal) == base)
  }

  @Test("sourcegit PR#1996, delta#557: mixed line ends are neither ignored nor half applied")
  func mixedLineEnds() throws {
    let base = "one\r\ntwo\nthree\r\nfour\n"
    var proposal = try file(base, "one\r\nTWO\nthree\r\nFOUR\n")
    let operations = proposal.operations
    try proposal.decide(operations[0].id, .accept)
    #expect(text(proposal) == "one\r\nTWO\nthree\r\nfour\n")
    var ends = try file("one\r\ntwo\n", "one\ntwo\nthree\n")
    #expect(ends.operations.map(\.kind) == [.eol, .add])
    try ends.decide(ends.operations[0].id, .accept)
    #expect(text(ends) == "one\ntwo\n")
  }

  @Test(
    "lazygit#4233, lazygit#4297, gitui#1416, fresh#2117: no part is ever refused as one that does not apply")
  func everyPartApplies() throws {
    let base = "a\n\nb\n\nc\na\n\nb\n\nc\n"
    let blank = try file(base, "\na\n\nB\n\nc\na\nx\n\n\nc\nc\n")
    for operation in blank.operations {
      var alone = blank
      try alone.decide(operation.id, .accept)
      var rest = blank
      rest.decideAll(.accept)
      try rest.decide(operation.id, .reject)
      #expect(text(alone) != base && rest.result().state != rest.proposed)
    }
  }

  @Test("tig#410, tig#503, tig#1101: single lines of a hunk, one after the other, in any order")
  func splitHunk() throws {
    let blank = try file("a\nb\nc\n", "A\nB\nC\n")
    #expect(blank.hunks().count == 1 && blank.operations.count == 3)
    let wanted = ["A\nb\nc\n", "A\nb\nC\n", "A\nB\nC\n"]
    var proposal = blank
    for (index, result) in zip([0, 2, 1], wanted) {
      try proposal.decide(blank.operations[index].id, .accept)
      #expect(text(proposal) == result)
    }
  }

  @Test("claude-code#3513, #25623, #33856, #48390: a file that was only saved again is no other file")
  func savedAgain() throws {
    var proposal = try file("a\n", "b\n")
    proposal.decideAll(.accept)
    #expect(try proposal.reconcile(with: .regular(Array("a\n".utf8), mode: 0o600)) == .current)
  }

  @Test("tig PR#1411, lazygit PR#4758: binary, empty, added and deleted files have decisions too")
  func filesWithoutLines() throws {
    let empty = try Proposal(FileChange(path: "/w/f", base: .absent, proposed: .regular([])))
    let binary = try Proposal(FileChange(path: "/w/f", base: .regular([0]), proposed: .regular([0, 1])))
    let gone = try Proposal(FileChange(path: "/w/f", base: .regular([65]), proposed: .absent))
    let added = try Proposal(
      FileChange(path: "/w/f", base: .absent, proposed: .regular(Array("a\nb\n".utf8))))
    for file in [empty, binary, gone, added] {
      var decided = file
      #expect(file.hunks().count == 1)
      try decided.decide(file.hunks()[0].id, .accept)
      #expect(decided.result().state == file.proposed)
      try decided.decide(file.hunks()[0].id, .reject)
      #expect(decided.result().state == file.base)
    }
    #expect(added.operations.count == 2, "an added file is decided line by line as well")
  }
}
