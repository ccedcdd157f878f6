import StetTestSupport
import StetWorkspace
import Testing

/// What a review of a repository shows, and that looking touches nothing.
@Suite struct GitChangesTests {
  private func repository() throws -> TempRepository {
    let repository = try TempRepository()
    repository.directory.write("kept.txt", "one\n")
    repository.directory.write("edited.txt", "one\ntwo\n")
    repository.directory.write("gone.txt", "gone\n")
    repository.directory.write("run.sh", "#!/bin/sh\n", mode: 0o755)
    repository.directory.write(".gitignore", "ignored\n")
    try repository.commitAll()
    repository.directory.write("edited.txt", "one\nTWO\n")
    repository.directory.write("new/file.txt", "new\n")
    repository.directory.write("ignored", "x\n")
    repository.directory.write("staged.txt", "staged\n")
    try repository.git("add", "staged.txt")
    try repository.git("rm", "-q", "gone.txt")
    return repository
  }

  private func names(_ repository: TempRepository, _ comparison: GitComparison) throws -> [String] {
    try GitChanges(repository.path, comparison).changes.map(\.spelled)
  }

  @Test(
    "uncommitted has new files, head only known ones, staged what is in the index; .git stays byte for byte")
  func targets() throws {
    let repository = try repository()
    let before = repository.gitDirectory()
    #expect(try names(repository, .uncommitted) == ["edited.txt", "gone.txt", "new/file.txt", "staged.txt"])
    #expect(try names(repository, .head) == ["edited.txt", "gone.txt", "staged.txt"])
    #expect(try names(repository, .staged) == ["gone.txt", "staged.txt"])
    let changes = try GitChanges(repository.path, .uncommitted).changes
    #expect(changes[0].base == .regular(Array("one\ntwo\n".utf8)))
    #expect(changes[0].proposed == .regular(Array("one\nTWO\n".utf8)))
    #expect(changes[1].proposed == .absent && changes[2].base == .absent)
    #expect(changes[2].path == repository.directory.path("new/file.txt"))
    #expect(repository.gitDirectory() == before)
  }

  @Test("a range of revisions; an unknown one is an error")
  func range() throws {
    let repository = try repository()
    try repository.commitAll("second")
    #expect(try names(repository, .range(from: "HEAD~1", to: "HEAD")).count == 4)
    #expect(try names(repository, .range(from: "main", to: "HEAD")).isEmpty)
    #expect(throws: WorkspaceError.self) { try names(repository, .range(from: "nothing", to: "HEAD")) }
  }

  @Test("before the first commit everything is new; without a repository it is said so")
  func unborn() throws {
    let repository = try TempRepository()
    repository.directory.write("a", "1\n")
    #expect(try names(repository, .uncommitted) == ["a"])
    #expect(try names(repository, .staged).isEmpty)
    let directory = TempDirectory()
    let error = #expect(throws: WorkspaceError.self) { try GitChanges(directory.path, .uncommitted) }
    #expect(error?.message == "\(directory.path) lies in no git repository")
  }

  @Test(
    "sourcegit PR#1996: line ends that git converts are no change; modes other than the executable bit neither"
  )
  func conversion() throws {
    let repository = try TempRepository()
    try repository.git("config", "core.autocrlf", "true")
    repository.directory.write("a.txt", "one\r\ntwo\r\n")
    repository.directory.write("b.txt", "b\n", mode: 0o600)
    try repository.commitAll()
    repository.directory.write("a.txt", "one\r\nTWO\r\n")
    repository.directory.write("b.txt", "B\n", mode: 0o600)
    let changes = try GitChanges(repository.path, .uncommitted).changes
    #expect(changes.first?.base.bytes == Array("one\r\ntwo\r\n".utf8))
    #expect(changes.last.map { $0.base.mode == $0.proposed.mode } == true)
  }

  @Test("a split index is refused in words; hooks, filters and monitors of the repository do not run")
  func strange() throws {
    let repository = try repository()
    try repository.git("config", "core.fsmonitor", "touch ran")
    try repository.git("config", "filter.evil.clean", "touch ran")
    repository.directory.write(".gitattributes", "*.txt filter=evil\n")
    _ = try GitChanges(repository.path, .uncommitted)
    #expect(!repository.directory.exists("ran"))
    try repository.git("config", "--unset", "core.fsmonitor")
    try repository.git("config", "--unset", "filter.evil.clean")
    try repository.git("update-index", "--split-index")
    let error = #expect(throws: WorkspaceError.self) { try GitChanges(repository.path, .staged) }
    #expect(error?.message.hasPrefix("The repository has a split or sparse index") == true)
  }

  @Test("nested repositories and submodules are worlds of their own")
  func nested() throws {
    let repository = try TempRepository()
    repository.directory.write("a", "1\n")
    try repository.commitAll()
    let inner = TempDirectory("inner", in: repository.path)
    _ = try TempRepository(in: inner)
    inner.write("secret", "x\n")
    #expect(try names(repository, .uncommitted).isEmpty)
  }
}
