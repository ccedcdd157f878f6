import Glibc
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

  @Test("what git holds as a program made it is named, not compared: no reject may write it over the file")
  func programs() throws {
    let repository = try TempRepository()
    let directory = repository.directory
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1234\nsize 9\n"
    directory.write(
      ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n*.utf16 working-tree-encoding=UTF-16\n")
    for name in ["edited.bin", "gone.bin", "unmarked", "wide.utf16"] { directory.write(name, pointer) }
    directory.write("secret", bytes: Array("\0GITCRYPT\0".utf8) + [200, 13, 7])
    directory.write("text", "1\n")
    // The programs are not set up here: git takes the files as they are.
    try repository.git("config", "filter.lfs.clean", "cat")
    try repository.git(
      "-c", "core.attributesFile=/dev/null", "add", "--", "text", "unmarked", "secret", ".gitattributes")
    for name in ["edited.bin", "gone.bin", "wide.utf16"] {
      let id = try repository.git("hash-object", "-w", "--no-filters", name)
      try repository.git("update-index", "--add", "--cacheinfo", "100644,\(id.prefix { $0 != "\n" }),\(name)")
    }
    try repository.git("commit", "-q", "-m", "pointers")
    for name in ["edited.bin", "unmarked", "wide.utf16", "secret", "text"] {
      directory.write(name, "the real file\n")
    }
    unlink(directory.path("gone.bin"))
    directory.write("new.bin", "new\n")
    for comparison in [GitComparison.head, .uncommitted] {
      let found = try GitChanges(repository.path, comparison)
      #expect(found.changes.map(\.spelled) == (comparison == .head ? ["text"] : ["new.bin", "text"]))
      #expect(
        found.skipped.map(\.path).sorted() == ["edited.bin", "gone.bin", "secret", "unmarked", "wide.utf16"])
      #expect(
        found.skipped.first { $0.path == "edited.bin" }?.note.hasPrefix("goes through the filter `lfs`")
          == true)
      #expect(
        found.skipped.first { $0.path == "secret" }?.note.hasPrefix("goes through the filter `git-crypt`")
          == true)
    }
  }

  @Test("of a binary file the base is what git holds, also where line ends are converted")
  func binary() throws {
    let repository = try TempRepository()
    try repository.git("config", "core.autocrlf", "true")
    repository.directory.write("logo", bytes: [0, 1, 13, 10, 255, 10])
    try repository.commitAll()
    repository.directory.write("logo", bytes: [0, 2])
    let changes = try GitChanges(repository.path, .uncommitted).changes
    #expect(changes.map(\.base.bytes) == [[0, 1, 13, 10, 255, 10]])
  }

  @Test("the target of a link is bytes, also where they are no UTF-8")
  func links() throws {
    let repository = try TempRepository()
    let target: [CChar] = [97, -1, -2, 98, 0]
    symlink(target, repository.directory.path("link"))
    try repository.commitAll()
    unlink(repository.directory.path("link"))
    symlink("elsewhere", repository.directory.path("link"))
    let changes = try GitChanges(repository.path, .head).changes
    #expect(changes.map(\.base) == [.symlink(toBytes: [97, 255, 254, 98])])
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
