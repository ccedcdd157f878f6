import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Staging accepted hunks: the index holds exactly those, and nothing else of the repository changes.
@Suite struct GitStageTests {
  private static let old = (1...20).map { "line \($0)\n" }.joined()
  private static let new = old.replacing("line 2\n", with: "LINE 2\n").replacing(
    "line 18\n", with: "LINE 18\n")

  private let state = TempDirectory("stet-state")

  private func repository(_ setUp: (TempRepository) throws -> Void = { _ in }) throws -> TempRepository {
    let repository = try TempRepository()
    try setUp(repository)
    repository.directory.write("a.txt", Self.old)
    repository.directory.write("other.txt", "other\n")
    try repository.commitAll()
    repository.directory.write("a.txt", Self.new)
    return repository
  }

  /// The proposal of the only changed file, with a verdict a hunk.
  private func proposal(_ repository: TempRepository, _ verdicts: Decision...) throws -> Proposal {
    let change = try #require(try GitChanges(repository.path, .uncommitted).changes.first)
    var proposal = try Proposal(change)
    for (hunk, verdict) in zip(proposal.hunks(), verdicts) { try proposal.decide(hunk.id, verdict) }
    return proposal
  }

  private func stage(_ repository: TempRepository, _ files: Proposal...) throws -> [StagedFile.Outcome] {
    try GitStage(repository.path, scratch: state.path("journal")).stage(files).map(\.outcome)
  }

  @Test("one hunk of two: git sees it staged and the other not; the file is not touched")
  func oneHunk() throws {
    let repository = try repository()
    let head = try repository.git("rev-parse", "HEAD")
    let staged = try stage(repository, proposal(repository, .accept, .reject))
    #expect(staged == [.staged])
    #expect(try repository.git("show", ":a.txt") == Self.old.replacing("line 2\n", with: "LINE 2\n"))
    #expect(repository.directory.text("a.txt") == Self.new)
    #expect(try repository.git("rev-parse", "HEAD") == head)
    #expect(try repository.git("status", "--porcelain") == "MM a.txt\n")
    try repository.git("fsck", "--strict")
    #expect(!repository.directory.exists(".git/index.lock"))
    #expect(state.names("journal").isEmpty, "the copy is removed")
  }

  @Test("what was staged before stays, on the same lines it conflicts and the index is as it was")
  func stagedBefore() throws {
    let repository = try repository()
    repository.directory.write("a.txt", Self.old.replacing("line 10\n", with: "ten\n"))
    try repository.git("add", "a.txt")
    repository.directory.write("a.txt", Self.new)
    #expect(try stage(repository, proposal(repository, .accept, .reject)) == [.staged])
    let both = Self.old.replacing("line 10\n", with: "ten\n").replacing("line 2\n", with: "LINE 2\n")
    #expect(try repository.git("show", ":a.txt") == both)
    repository.directory.write("a.txt", Self.old.replacing("line 2\n", with: "two\n"))
    let before = repository.directory.bytes(".git/index")
    #expect(try stage(repository, proposal(repository, .accept)) == [.conflicted])
    #expect(repository.directory.bytes(".git/index") == before)
  }

  @Test("new, deleted and executable files")
  func kinds() throws {
    let repository = try repository()
    repository.directory.write("a.txt", Self.old)
    repository.directory.write("new.txt", "x\ny\n")
    unlink(repository.directory.path("other.txt"))
    repository.directory.write("run.sh", "#!/bin/sh\n", mode: 0o755)
    let files = try GitChanges(repository.path, .uncommitted).changes.map { change in
      var proposal = try Proposal(change)
      proposal.decideAll(.accept)
      return proposal
    }
    let staged = try GitStage(repository.path, scratch: state.path("journal")).stage(files)
    #expect(staged.map(\.outcome) == [.staged, .staged, .staged])
    #expect(try repository.git("status", "--porcelain") == "A  new.txt\nD  other.txt\nA  run.sh\n")
    #expect(try repository.git("ls-files", "-s", "run.sh").hasPrefix("100755 "))
  }

  @Test("line ends are converted as git would; a file behind a filter program is refused")
  func filters() throws {
    let repository = try repository { try $0.git("config", "core.autocrlf", "true") }
    let crlf = Self.new.replacing("\n", with: "\r\n")
    repository.directory.write("a.txt", crlf)
    #expect(try stage(repository, proposal(repository, .accept, .accept)) == [.staged])
    #expect(try repository.git("show", ":a.txt") == Self.new)
    repository.directory.write("a.txt", crlf + "more\r\n")
    let behind = try proposal(repository, .accept, .accept)
    repository.directory.write(".git/info/attributes", "a.txt filter=lfs\n")
    guard case .refused(let reason) = try stage(repository, behind).first
    else {
      Issue.record("not refused")
      return
    }
    #expect(reason == "it goes through the filter `lfs`, which only git runs: use git add")
  }

  @Test("a locked index, a split one and a file outside are refused in words; the index is as it was")
  func refused() throws {
    let repository = try repository()
    let file = try proposal(repository, .accept, .accept)
    repository.directory.write(".git/index.lock", "")
    let before = repository.directory.bytes(".git/index")
    let locked = #expect(throws: WorkspaceError.self) { try stage(repository, file) }
    #expect(locked?.code == .locked && repository.directory.bytes(".git/index") == before)
    #expect(repository.directory.exists(".git/index.lock"), "another program's lock is not ours to remove")
    unlink(repository.directory.path(".git/index.lock"))
    var outside = try Proposal(
      FileChange(path: "/etc/hosts-of-nobody", base: .absent, proposed: .regular([65, 10])))
    outside.decideAll(.accept)
    guard case .refused = try stage(repository, outside).first else {
      Issue.record("not refused")
      return
    }
    #expect(repository.directory.bytes(".git/index") == before)
    try repository.git("update-index", "--split-index")
    let split = #expect(throws: WorkspaceError.self) { try stage(repository, file) }
    #expect(split?.message.hasPrefix("The repository has a split or sparse index") == true)
  }

  @Test("a file that `git add -N` announced is staged as the new file that it is")
  func intentToAdd() throws {
    let repository = try repository()
    repository.directory.write("new.txt", "one\ntwo\n")
    try repository.git("add", "-N", "new.txt")
    let change = FileChange(
      path: repository.path + "/new.txt", base: .absent,
      proposed: .regular(Array("one\ntwo\n".utf8), mode: 0o644))
    var proposal = try Proposal(change)
    proposal.decideAll(.accept)
    #expect(try stage(repository, proposal) == [.staged])
    #expect(try repository.git("show", ":new.txt") == "one\ntwo\n")
    #expect(try repository.git("status", "--porcelain", "new.txt") == "A  new.txt\n")
  }

  private func accepted(_ change: FileChange) throws -> Proposal {
    var proposal = try Proposal(change)
    proposal.decideAll(.accept)
    return proposal
  }

  @Test("what git ignores or never knew is not staged by the way; a new file is")
  func notKnown() throws {
    let repository = try repository { $0.directory.write(".gitignore", "*.env\n") }
    let text = FileState.regular(Array("one\n".utf8), mode: 0o644)
    let more = FileState.regular(Array("one\ntwo\n".utf8), mode: 0o644)
    let files = try [
      FileChange(path: repository.path + "/secret.env", base: .absent, proposed: more),
      FileChange(path: repository.path + "/notes.txt", base: text, proposed: more),
      FileChange(
        path: repository.path + "/draft.txt", movePath: repository.path + "/moved.txt", base: text,
        proposed: more, spelled: "draft.txt"),
      FileChange(path: repository.path + "/new.txt", base: .absent, proposed: more),
    ].map(accepted)
    let staged = try GitStage(repository.path, scratch: state.path("journal")).stage(files)
    let reasons = staged.compactMap { file -> String? in
      if case .refused(let reason) = file.outcome {
        "\(file.path.split(separator: "/").last ?? ""): \(reason)"
      } else {
        nil
      }
    }
    #expect(
      reasons == [
        "secret.env: git ignores it: git add -f takes it all the same",
        "notes.txt: git does not know the file: git add takes all of it",
        "moved.txt: git does not know the file: git add takes all of it",
      ])
    #expect(try repository.git("diff", "--cached", "--name-only") == "new.txt\n")
  }

  @Test("a merge conflict in the index is not staged over")
  func unmerged() throws {
    let repository = try repository()
    try repository.git("checkout", "-q", "-b", "side")
    try repository.commitAll("side")
    try repository.git("checkout", "-q", "main")
    repository.directory.write("a.txt", Self.old.replacing("line 2\n", with: "main\n"))
    try repository.commitAll("main")
    #expect(throws: (any Error).self) { try repository.git("merge", "-q", "side") }
    var file = try Proposal(
      FileChange(
        path: repository.directory.path("a.txt"), base: .regular(Array(Self.old.utf8)),
        proposed: .regular(Array(Self.new.utf8))))
    file.decideAll(.accept)
    #expect(try stage(repository, file) == [.refused(reason: "it has a merge conflict")])
  }
}
