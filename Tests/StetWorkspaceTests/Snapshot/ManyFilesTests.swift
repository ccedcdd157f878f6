import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// As many files as a codemod changes: put back whole; what is beyond the limits is said by name (rollback.md B3).
struct ManyFilesTests {
  @Test("more than 10,000 files of two turns are put back at once")
  func many() throws {
    var limits = SnapshotLimits.patient
    // A busy machine may need more than a command would be given.
    limits.scanMs = 120_000
    limits.firstScanMs = 120_000
    let fixture = try SnapshotFixture(limits: limits)
    fixture.user(
      "for i in $(seq 26); do mkdir d$i; (cd d$i; seq 400 | sed s,^,f, | while read f; do echo $i > $f; done); done"
    )
    let before = try DiskTree.read(fixture.root)
    try fixture.shell("1", "sed -i s/^/x/ d?/* d1?/*")
    try fixture.shell("2", "sed -i s/^/y/ d[12]/* d2?/*; rm -r d26")
    let plan = try fixture.store.plan(.through(fixture.key("1")))
    #expect(
      plan.refused.isEmpty && plan.entries.count == 10_400, "\(plan.refused.prefix(3)) \(plan.warnings)")
    let done = try #require(try fixture.store.apply(plan, as: fixture.key("undo")))
    #expect(try DiskTree.read(fixture.root) == before)
    #expect(done.files.count == 10_400)
    #expect(try fixture.store.list().filter { $0.cause == .shell }.allSatisfy { $0.state == .undone })
  }

  @Test("beyond the limit of one restore files are named, stay, and come back with the next one")
  func parts() throws {
    let fixture = try SnapshotFixture()
    for index in 1...9 { fixture.directory.write("f\(index)", "old\n") }
    try fixture.shell("1", "for i in 1 2 3 4 5 6 7 8 9; do echo new > f$i; done")
    var limits = SnapshotLimits.patient
    limits.changedFiles = 6
    let store = try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: limits)
    let plan = try store.plan(.last(thread: "t"))
    #expect(plan.entries.count == 9 && plan.refused.map(\.reason) == [.tooLarge, .tooLarge, .tooLarge])
    #expect(plan.warnings.contains { $0.hasPrefix("one undo puts back 6 files") && $0.contains("3 more") })
    _ = try store.apply(plan, as: fixture.key("undo"))
    #expect((1...9).filter { fixture.directory.text("f\($0)") == "old\n" }.count == 6)
    let rest = try store.plan(.last(thread: "t"))
    #expect(
      rest.refused.isEmpty && rest.warnings.isEmpty && rest.entries.filter { $0.action == .write }.count == 3)
    _ = try store.apply(rest, as: fixture.key("undo 2"))
    #expect((1...9).allSatisfy { fixture.directory.text("f\($0)") == "old\n" })
    #expect(try store.list().last?.state == .undone)
  }

  @Test("contents beyond what one restore holds in memory wait for the next one")
  func bytes() throws {
    let fixture = try SnapshotFixture()
    for index in 1...4 { fixture.directory.write("f\(index)", String(repeating: "o", count: 1_000)) }
    try fixture.shell("1", "rm f1 f2 f3 f4")
    var limits = SnapshotLimits.patient
    limits.restoreBytes = 2_500
    let store = try SnapshotStore(
      stateDirectory: fixture.state.path, workspaceRoot: fixture.root, limits: limits)
    for round in ["1", "2"] {
      _ = try store.apply(try store.plan(.last(thread: "t")), as: fixture.key("undo \(round)"))
      #expect(fixture.directory.names().count == (round == "1" ? 2 : 4))
    }
  }

  @Test("a command that changes more files than are kept: each name is in the plan, and that is said")
  func beyond() throws {
    var limits = SnapshotLimits.patient
    limits.changedFiles = 5
    let fixture = try SnapshotFixture(limits: limits)
    for index in 1...8 { fixture.directory.write("f\(index)", "old\n") }
    let record = try #require(try fixture.shell("1", "sed -i s/old/new/ f?"))
    #expect(record.files.count == 8 && record.files.filter { !$0.isKept }.count == 3)
    #expect(
      fixture.store.notices.map(\.text) == [
        "a command changed 8 files: 3 more than undo puts back are outside it"
      ])
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.entries.count == 8 && plan.refused.count == 3)
    #expect((1...8).filter { fixture.directory.text("f\($0)") == "old\n" }.count == 5)
  }
}
