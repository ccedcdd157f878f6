import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

/// What a command changes and undo keeps nothing of is named (rollback.md B3, coverage).
struct UnlookedTests {
  private func repository() throws -> (TempRepository, SnapshotFixture) {
    let repository = try TempRepository()
    let files = repository.directory
    files.write(".gitignore", ".env\nbuild/\n*.o\n")
    files.write("a", "1\n")
    try repository.commitAll()
    files.write(".env", "SECRET=1\n")
    files.write("build/out", "built\n")
    return (repository, try SnapshotFixture(files))
  }

  @Test("ignored files that a command changes or removes are named once, with the setting that covers them")
  func ignored() throws {
    let (repository, fixture) = try repository()
    try fixture.shell("1", "echo 2 > a; touch new.o; echo more > build/new")
    // What is new and ignored nobody can miss.
    #expect(fixture.store.notices.isEmpty)
    // The user's own doing is nobody's business.
    repository.directory.write(".env", "SECRET=2\n")
    try fixture.shell("2", "echo 3 > a")
    #expect(fixture.store.notices.isEmpty)
    try fixture.shell("3", "echo SECRET=3 > .env; rm -r build; echo 4 > a")
    let notices = fixture.store.notices
    #expect(notices.map(\.reason) == [.ignored])
    #expect(
      notices.first?.text
        == "git ignores .env, build: what commands change there is outside undo (snapshot.include covers it)")
    try fixture.shell("4", "echo SECRET=4 > .env")
    #expect(fixture.store.notices.count == 1)
    let plan = try fixture.undo(.through(fixture.key("1")))
    #expect(plan.refused.isEmpty && repository.directory.text("a") == "1\n")
    #expect(repository.directory.text(".env") == "SECRET=4\n")
  }

  @Test("B3: a pipe or a socket that a command makes or removes is skipped and named; the rest is undone")
  func special() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    mkfifo(files.path("pipe"), 0o600)
    files.write("a", "1\n")
    fixture.store.prepare()
    #expect(fixture.store.notices.isEmpty)
    try fixture.shell("1", "rm pipe; mkfifo other; echo 2 > a")
    #expect(fixture.store.notices.map(\.reason) == [.special])
    #expect(fixture.store.notices.first?.text.hasSuffix("a command made or removed other, pipe") == true)
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["a": .write] && files.text("a") == "1\n" && files.exists("other"))
  }

  @Test("B3: a file that became a pipe is a file that is gone; a pipe that became a file is a new one")
  func exchanged() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    mkfifo(files.path("pipe"), 0o600)
    files.write("file", "the user's\n")
    try fixture.shell("1", "rm file pipe; mkfifo file; echo made > pipe")
    let plan = try fixture.store.plan(.last(thread: "t"))
    #expect(fixture.actions(plan) == ["file": .refuse, "pipe": .delete])
    #expect(fixture.reasons(plan) == ["file": .typeChanged])
    // As the advice says: what has its name is moved away.
    unlink(files.path("file"))
    try fixture.undo(.last(thread: "t"))
    #expect(files.text("file") == "the user's\n" && !files.exists("pipe"))
    // The next commands go on from what is there.
    try fixture.shell("2", "mkfifo pipe")
    try fixture.shell("3", "rm pipe file")
    try fixture.undo(.last(thread: "t"), as: "undo 3")
    #expect(files.text("file") == "the user's\n")
  }
}
