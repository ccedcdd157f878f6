import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Hard links (rollback.md B1: no other system keeps them): every path gets its own bytes, and names that led to one
/// file before lead to one file again.
struct HardLinkTests {
  private func inode(_ fixture: SnapshotFixture, _ name: String) -> ino_t {
    var info = stat()
    return lstat(fixture.directory.path(name), &info) == 0 ? info.st_ino : 0
  }

  /// `a` and `b` are one file, `c` is another.
  private func fixture() throws -> SnapshotFixture {
    let fixture = try SnapshotFixture()
    fixture.directory.write("a", "one\n", mode: 0o640)
    link(fixture.directory.path("a"), fixture.directory.path("b"))
    fixture.directory.write("c", "three\n")
    return fixture
  }

  @Test(
    "B4 hard link: what a command does to names of one file is taken back at every path, at once",
    arguments: [
      "echo 2 > a", "echo 2 > a; ln a d", "ln -f a c", "ln -f c a", "ln -f a c; echo 2 > a", "rm a b",
      "sed -i s/one/ONE/ a", "rm b; echo 2 > a; ln a b; ln a d", "ln -f c a; ln -f c b; echo 2 > c",
      "mv a z; ln -f c b", "echo 2 > a; rm b", "cp a d; ln -f d a; ln -f d b; echo 2 > d", "chmod 600 a",
      "mkdir e; ln a e/a; mv b e/b; ln -sf e/a c", "rm a; mkdir a; ln b a/b; echo 2 > b",
    ])
  func commands(_ command: String) throws {
    try fixture().expectRoundTrip(command)
  }

  @Test("B4 hard link: names that a command linked together stay apart where only one was written")
  func linkedByCommand() throws {
    let fixture = try fixture()
    let files = fixture.directory
    // The same bytes before: the name alone that another file got is no change of a content.
    files.write("same", "2\n")
    try fixture.shell("1", "echo 2 > c; ln -f c same")
    try fixture.undo(.last(thread: "t"))
    #expect(files.text("c") == "three\n" && files.text("same") == "2\n")
  }

  @Test("B4 hard link: a link that the user made since keeps what the user saw in it")
  func linkedByUser() throws {
    let fixture = try fixture()
    let files = fixture.directory
    try fixture.turn("1", ["c": "agent\n"])
    link(files.path("c"), files.path("mine"))
    try fixture.undo(.last(thread: "t"))
    #expect(files.text("c") == "three\n" && files.text("mine") == "agent\n")
  }

  @Test("B4 hard link: names of one file are one file after the undo, where the turn wrote or removed both")
  func structure() throws {
    for command in ["echo 2 > a", "rm a b", "rm a; rm b; echo 2 > a; echo 2 > b"] {
      let fixture = try fixture()
      try fixture.shell("1", command)
      try fixture.undo(.last(thread: "t"))
      #expect(inode(fixture, "a") == inode(fixture, "b"), "\(command)")
      #expect(fixture.directory.text("a") == "one\n" && fixture.directory.text("b") == "one\n", "\(command)")
    }
  }

  @Test("B4 hard link: undo, redo and undo again of a linked file, also when its names were parted between")
  func again() throws {
    let fixture = try fixture()
    let files = fixture.directory
    try fixture.shell("1", "echo 2 > a")
    let restore = try #require(
      try fixture.store.apply(fixture.store.plan(.last(thread: "t")), as: fixture.key("undo")))
    #expect(restore.files.count == 2)
    try fixture.undo(.record(restore.id), as: "redo")
    #expect(files.text("a") == "2\n" && files.text("b") == "2\n")
    fixture.user("cp b b.new; mv b.new b")
    try fixture.undo(.last(thread: "t"), as: "undo again")
    #expect(files.text("a") == "one\n" && files.text("b") == "one\n")
  }

  @Test("B4 hard link: a name that is refused keeps its bytes, whatever its other names get")
  func refused() throws {
    let fixture = try fixture()
    let files = fixture.directory
    try fixture.shell("1", "echo 2 > a; echo 2 > d")
    // The user parts one name and edits it, then gives it to the created file as well.
    fixture.user("rm b; echo user > b; ln -f b d")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(fixture.reasons(plan) == ["b": .userEdited, "d": .userEdited])
    #expect(files.text("a") == "one\n" && files.text("b") == "user\n" && files.text("d") == "user\n")
  }

  @Test("B4 hard link: a plan does not fit any more when a name left the file that is written for it")
  func stale() throws {
    let fixture = try fixture()
    let files = fixture.directory
    try fixture.shell("1", "echo 2 > a")
    let plan = try fixture.store.plan(.last(thread: "t"))
    fixture.user("cp b b.new; mv b.new b")
    let error = #expect(throws: WorkspaceError.self) {
      try fixture.store.apply(plan, as: fixture.key("undo"))
    }
    #expect(error?.code == .planStale && files.text("a") == "2\n" && files.text("b") == "2\n")
    try fixture.undo(.last(thread: "t"))
    #expect(files.text("a") == "one\n" && files.text("b") == "one\n")
  }

  @Test("B4 hard link: a review takes back one name and leaves the file that a command linked it to")
  func review() throws {
    let fixture = try fixture()
    try fixture.shell("1", "ln -f a c")
    let reviewed = try fixture.store.reviewed(thread: "t")
    var proposals = try ProposalSet(reviewed.map(\.change))
    for index in proposals.files.indices { proposals.files[index].decideAll(.reject) }
    let plan = try RollbackPlan(proposals).plan
    _ = try fixture.store.apply(plan, as: fixture.key("review"), cause: .review)
    #expect(fixture.directory.text("c") == "three\n" && fixture.directory.text("a") == "one\n")
  }
}
