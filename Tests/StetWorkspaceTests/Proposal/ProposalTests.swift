import StetWorkspace
import Testing

struct ProposalTests {
  private func text(_ text: String, mode: UInt16 = 0o644) -> FileState {
    .regular(Array(text.utf8), mode: mode)
  }

  private func make(_ base: FileState, _ proposed: FileState, move: String? = nil) throws -> Proposal {
    try Proposal(FileChange(path: "/w/a.txt", movePath: move, base: base, proposed: proposed))
  }

  private func result(_ proposal: Proposal) -> String {
    String(decoding: proposal.result().state.bytes, as: UTF8.self)
  }

  @Test("lazygit#5103: taking the first of consecutive changed lines keeps their order")
  func consecutiveLines() throws {
    var proposal = try make(text("a\nb\nc\n"), text("A\nB\nC\n"))
    #expect(proposal.operations.map(\.id) == ["1,1:1,1", "2,1:2,1", "3,1:3,1"])
    try proposal.decide("1,1:1,1", .accept)
    #expect(result(proposal) == "A\nb\nc\n")
    #expect(proposal.verdict == .partial && !proposal.isDecided)
    proposal.rejectUndecided()
    #expect(proposal.isDecided)
  }

  @Test("a longer run has pairs first, then what is left of the longer side")
  func pairs() throws {
    let proposal = try make(text("x\na\nb\nc\ny\n"), text("x\nA\ny\n"))
    #expect(proposal.operations.map(\.kind) == [.replace, .delete, .delete])
    let grown = try make(text("x\na\ny\n"), text("x\nA\nB\ny\n"))
    #expect(grown.operations.map(\.kind) == [.replace, .add])
    #expect(
      grown.operations.map { [$0.baseStart, $0.baseLines, $0.newStart, $0.newLines] } == [
        [2, 1, 2, 1], [3, 0, 3, 1],
      ])
  }

  @Test("hunks have the ranges of the unified diff and survive other contexts")
  func hunks() throws {
    let lines = (1...30).map { "line \($0)\n" }
    var changed = lines
    changed[4] = "five\n"
    changed[24] = "twenty-five\n"
    changed.insert("new\n", at: 26)
    let proposal = try make(text(lines.joined()), text(changed.joined()))
    let hunks = proposal.hunks()
    #expect(
      hunks.map { [$0.baseStart, $0.baseLines, $0.newStart, $0.newLines] } == [
        [2, 7, 2, 7], [22, 8, 22, 9],
      ])
    #expect(hunks.map(\.operations.count) == [1, 2])
    let diff = try #require(try proposal.proposedChange()).diff
    #expect(diff.hasPrefix("@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+five\n line 6\n"))
    #expect(diff.contains("@@ -22,8 +22,9 @@\n"))
    #expect(proposal.hunks(context: 1).first?.id == hunks.first?.id)
  }

  @Test("the missing final newline is an operation of its own")
  func finalNewline() throws {
    var proposal = try make(text("a\nb"), text("a\nb\n"))
    #expect(proposal.operations.map(\.kind) == [.eol])
    #expect(
      try proposal.proposedChange()?.diff == "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n")
    proposal = try make(text("a"), text("a\nb\n"))
    #expect(proposal.operations.map(\.kind) == [.eol, .add])
    // Without the line end the added line would be glued to its neighbour.
    try proposal.decide(proposal.operations[1].id, .accept)
    #expect(result(proposal) == "a\nb\n")
    proposal = try make(text("a\nb\n"), text("a"))
    try proposal.decide(proposal.operations[0].id, .accept)
    #expect(result(proposal) == "a\nb\n")
  }

  @Test("other line ends alone are one decision; a CRLF file keeps them under a whole-file write")
  func lineEnds() throws {
    var proposal = try make(text("a\r\nb\r\n"), text("a\nb\n"))
    #expect(proposal.operations.map(\.kind) == [.eol])
    #expect(proposal.hunks().map(\.kind) == [.lineEndings])
    proposal.decideAll(.accept)
    #expect(result(proposal) == "a\nb\n")
    let fitted = LineEndings.matching(base: Array("a\r\nb\r\n".utf8), proposed: Array("a\nc\n".utf8))
    #expect(fitted.converted && fitted.bytes == Array("a\r\nc\r\n".utf8))
    #expect(!LineEndings.matching(base: Array("a\r\nb\n".utf8), proposed: Array("a\nc\n".utf8)).converted)
    #expect(!LineEndings.matching(base: Array("a\r\nb\r".utf8), proposed: Array("a\nc\n".utf8)).converted)
  }

  @Test("a new file is the chosen lines; none chosen, none created")
  func newFile() throws {
    var proposal = try make(.absent, text("a\nb\nc\n"))
    #expect(proposal.kind == .add && proposal.operations.count == 3)
    try proposal.decide(proposal.operations[1].id, .accept)
    #expect(result(proposal) == "b\n")
    proposal.decideAll(.reject)
    #expect(proposal.result().state == .absent && proposal.plannedWrites().isEmpty)
    var empty = try make(.absent, text(""))
    #expect(empty.operations.map(\.id) == ["file"])
    empty.decideAll(.accept)
    #expect(empty.result().state == text(""))
    #expect(try proposal.proposedChange()?.diff == "a\nb\nc\n")
    #expect(try proposal.appliedChange() == nil)
  }

  @Test("zed#29974: a rewrite of an existing file is a modification, and rejecting it keeps the file")
  func rewrite() throws {
    var proposal = try make(text("old\n"), text("entirely\nnew\n"))
    #expect(proposal.kind == .update)
    proposal.decideAll(.reject)
    #expect(proposal.result().state == text("old\n"))
  }

  @Test("a delete, a binary, a link and a mode are single decisions")
  func wholeFiles() throws {
    var delete = try make(text("a\nb\n"), .absent)
    #expect(delete.kind == .delete && delete.operations.map(\.kind) == [.delete])
    delete.decideAll(.accept)
    #expect(delete.result().state == .absent)
    #expect(try delete.appliedChange()?.diff == "a\nb\n")

    let binary = try make(.regular([0, 1]), .regular([0, 2]))
    #expect(binary.kind == .binary && binary.operations.map(\.id) == ["file"])

    var link = try make(.symlink(to: "b"), .symlink(to: "../c"))
    #expect(link.kind == .symlink && link.operations.count == 1)
    link.decideAll(.accept)
    #expect(link.result().state == .symlink(to: "../c"))

    var mode = try make(text("x\n", mode: 0o644), text("x\n", mode: 0o755))
    #expect(mode.kind == .mode && mode.operations.map(\.id) == ["mode"])
    mode.decideAll(.accept)
    #expect(mode.result().state.mode == 0o755)
  }

  @Test("NUL beyond git's look-ahead, a byte order mark and invalid UTF-8 are kept as they are")
  func oddBytes() throws {
    let base =
      [0xEF, 0xBB, 0xBF] + Array("a\n".utf8) + [0xFF, 10] + Array(repeating: 97, count: 9000) + [0, 10]
    var proposal = try make(.regular(base), .regular(base + Array("z\n".utf8)))
    #expect(proposal.kind == .update && proposal.operations.map(\.kind) == [.add])
    proposal.decideAll(.accept)
    #expect(proposal.result().state.bytes == base + Array("z\n".utf8))
  }

  @Test("content without its rename stays under the old name, and the other way round")
  func moves() throws {
    var proposal = try make(text("a\nb\n", mode: 0o755), text("a\nB\n", mode: 0o755), move: "/w/new.txt")
    #expect(proposal.kind == .move && proposal.operations.map(\.id) == ["rename", "2,1:2,1"])
    try proposal.decide("2,1:2,1", .accept)
    #expect(proposal.result().path == "/w/a.txt" && proposal.result().removes == nil)
    #expect(proposal.result().state == text("a\nB\n", mode: 0o755))
    try proposal.decide("rename", .accept)
    try proposal.decide("2,1:2,1", .reject)
    #expect(proposal.plannedWrites().map(\.path) == ["/w/new.txt", "/w/a.txt"])
    #expect(proposal.result().state == text("a\nb\n", mode: 0o755))
    let change = try #require(try proposal.proposedChange())
    #expect(change.kind == .update && change.movePath == "/w/new.txt")
    #expect(change.diff == "@@ -1,2 +1,2 @@\n a\n-b\n+B\n\n\nMoved to: /w/new.txt")
  }

  @Test("an edited hunk replaces its lines, context between included; a later decision ends the edit")
  func edits() throws {
    var proposal = try make(text("1\n2\n3\n4\n5\n"), text("1\nB\n3\nD\n5\n"))
    let hunk = try #require(proposal.hunks().first)
    try proposal.decide(hunk.id, .edit(Array("mine".utf8)))
    #expect(result(proposal) == "1\nmine\n5\n")
    #expect(
      proposal.editedHunks == [hunk.id] && proposal.rejectedHunks.isEmpty && proposal.verdict == .partial)
    try proposal.decide(hunk.operations[1], .accept)
    #expect(result(proposal) == "1\n2\n3\nD\n5\n")
    #expect(proposal.decision(of: hunk.operations[0]) == .undecided)
    try proposal.decide(hunk.operations[0], .edit(Array("two\n".utf8)))
    #expect(result(proposal) == "1\ntwo\n3\nD\n5\n")
    #expect(throws: WorkspaceError.self) { try proposal.decide("9,9:9,9", .accept) }
    #expect(throws: WorkspaceError.self) { try proposal.decide("nonsense", .accept) }
  }

  @Test("generated, minified and huge changes are folded")
  func collapsed() throws {
    func folded(_ path: String, _ proposed: String) throws -> Collapse? {
      try Proposal(FileChange(path: path, base: .absent, proposed: text(proposed))).collapsed
    }
    #expect(try folded("/w/package-lock.json", "{}\n") == .generated)
    #expect(try folded("/w/a.min.js", "x\n") == .generated)
    #expect(try folded("/w/a.js", String(repeating: "x", count: 20_000)) == .minified)
    #expect(try folded("/w/a.txt", String(repeating: "x\n", count: 10_001)) == .large)
    #expect(try folded("/w/a.txt", "x\n") == nil)
  }

  @Test("a hunk of which one line is refused is divided: neither accepted nor rejected as a whole")
  func dividedHunks() throws {
    var proposal = try make(text("a\nb\nc\nd\n"), text("A\nb\nC\nd\n"))
    let hunk = try #require(proposal.hunks().first)
    #expect(proposal.hunks().count == 1 && proposal.operations.count == 2)
    proposal.decideAll(.accept)
    #expect(proposal.dividedHunks.isEmpty)
    try proposal.decide(proposal.operations[0].id, .reject)
    #expect(proposal.dividedHunks == [hunk.id] && proposal.rejectedHunks.isEmpty)
    proposal.decideAll(.reject)
    #expect(proposal.dividedHunks.isEmpty && proposal.rejectedHunks == [hunk.id])
  }

  @Test("issue 8: the user's own text of the whole file, also outside the hunks; a later decision ends it")
  func wholeText() throws {
    let base = (0..<30).map { "line \($0)\n" }.joined()
    let new = base.replacing("line 2\n", with: "two\n").replacing("line 20\n", with: "twenty\n")
    var proposal = try Proposal(
      FileChange(
        path: "/w/a.txt", base: .regular(Array(base.utf8), mode: 0o644),
        proposed: .regular(Array(new.utf8), mode: 0o644)))
    let mine = Array("mine alone\nwithout an end".utf8)
    try proposal.decide(Proposal.contentId, .edit(mine))
    #expect(proposal.result().state == .regular(mine, mode: 0o644))
    #expect(proposal.verdict == .partial && proposal.editedHunks.count == 2 && proposal.isDecided)
    let elsewhere = FileState.regular(Array((base + "more\n").utf8), mode: 0o644)
    guard case .stale = try proposal.reconcile(with: elsewhere) else {
      return #expect(Bool(false), "what the user wrote as a whole is not taken apart")
    }
    try proposal.decide(proposal.hunks()[0].id, .accept)
    #expect(!proposal.isDecided)
    try proposal.decide(proposal.hunks()[1].id, .reject)
    #expect(
      proposal.result().state == .regular(Array(base.replacing("line 2\n", with: "two\n").utf8), mode: 0o644))
  }
}
