import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Names and targets that are bytes and no text: nothing of them is left out silently.
struct OddNameTests {
  @Test(
    "a file whose name is not UTF-8 is in the record and in the plan, escaped and refused with its reason")
  func listed() throws {
    let fixture = try SnapshotFixture()
    let files = fixture.directory
    files.write("a", "1\n")
    fixture.user("printf old > \"$(printf 'bad\\377name')\"; printf old > \"$(printf 'gone\\200')\"")
    let record = try #require(
      try fixture.shell(
        "1",
        "echo 2 > a; printf new > \"$(printf 'bad\\377name')\"; rm \"$(printf 'gone\\200')\"; "
          + "mkdir \"$(printf 'dir\\303')\"; printf x > \"$(printf 'dir\\303')/é\""))
    let names = ["a", "bad\\xFFname", "dir\\xC3", "dir\\xC3/é", "gone\\x80"].map(files.path)
    #expect(record.files.map(\.path) == names)
    #expect(record.files.map(\.isKept) == [true, false, false, false, false])
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.entries.map(\.path) == names)
    #expect(plan.refused.count == 4 && plan.refused.allSatisfy { $0.reason == .nameEncoding })
    #expect(plan.refused.allSatisfy { $0.via?.hasPrefix("echo 2 > a") == true })
    #expect(files.text("a") == "1\n")
    // What can never be put back does not keep the turn from being undone, and older ones from being next.
    #expect(try fixture.store.list().last?.state == .undone)
    fixture.user("test \"$(cat bad*)\" = new; test -f \"$(printf 'dir\\303')/é\"")
  }

  @Test("a real file that is called as another is written escaped is its own, and nobody's else")
  func likeEscaped() throws {
    let fixture = try SnapshotFixture()
    fixture.directory.write("bad\\xFF", "the user's\n")
    try fixture.shell("1", "printf x > \"$(printf 'bad\\377')\"")
    let plan = try fixture.store.plan(.last(thread: "t"), onConflict: .overwriteKeepCopy)
    #expect(fixture.reasons(plan) == ["bad\\xFF": .nameEncoding])
    #expect(try fixture.store.apply(plan, as: fixture.key("undo")) == nil)
    #expect(fixture.directory.text("bad\\xFF") == "the user's\n")
  }

  @Test("a link whose target is not UTF-8 comes back byte by byte")
  func target() throws {
    let fixture = try SnapshotFixture()
    fixture.user("ln -s \"$(printf 'to\\377there')\" link")
    try fixture.shell("1", "ln -sfn elsewhere link")
    try fixture.undo(.last(thread: "t"))
    fixture.user("test \"$(readlink link)\" = \"$(printf 'to\\377there')\"")
    try fixture.shell("2", "rm link")
    try fixture.undo(.last(thread: "t"), as: "undo 2")
    fixture.user("test \"$(readlink link)\" = \"$(printf 'to\\377there')\"")
  }
}
