import StetTestSupport
import Synchronization
import Testing

@testable import StetWorkspace

/// A machine so busy that a look at the workspace takes too long: what that costs, and that it is said
/// (rollback.md B3 limits).
struct SlowLookTests {
  @Test("a look after a command that takes too long costs this command's undo, says so, and no other's")
  func lateOnce() throws {
    var limits = SnapshotLimits.patient
    (limits.scanMs, limits.lateScanMs) = (-1, -1)
    let slow = try SnapshotFixture(limits: limits)
    slow.directory.write("a", "1\n")
    slow.directory.write("b", "1\n")
    slow.store.prepare()
    let key = slow.key("1")
    try slow.store.beginTurn(key)
    for _ in 1...3 {
      #expect(slow.store.commandBegins(key, via: "make all") == nil)
      #expect(slow.store.coverage == .full)
    }
    #expect(slow.store.notices.count == 1)
    #expect(slow.store.notices.first?.text.contains("`make all` changed is outside undo") == true)
    // Edits of the same turn are kept, and so are they when no look is tried any more.
    try slow.write(["a": "2\n"], in: key)
    slow.directory.write("b", "2\n")
    #expect(slow.store.commandBegins(key, via: "make all") == nil && slow.store.coverage != .full)
    #expect(slow.store.notices.count == 2)
    _ = try slow.store.endTurn(key)
    try slow.undo(.last(thread: "t"))
    #expect(slow.directory.text("a") == "1\n" && slow.directory.text("b") == "2\n")
  }

  @Test("after a look that took too long the next command is covered again")
  func coveredAgain() throws {
    let isSlow = Mutex(false)
    var limits = SnapshotLimits.patient
    limits.scanMs = 120_000
    limits.proceed = { step in step != .looking || !isSlow.withLock { $0 } }
    let fixture = try SnapshotFixture(limits: limits)
    fixture.directory.write("a", "1\n")
    let key = fixture.key("1")
    try fixture.store.beginTurn(key)
    let window = try #require(fixture.store.commandBegins(key, via: "make"))
    isSlow.withLock { $0 = true }
    fixture.directory.write("a", "2\n")
    fixture.store.commandEnded(window)
    isSlow.withLock { $0 = false }
    #expect(fixture.store.coverage == .full && fixture.store.notices.map(\.reason) == [.tooLarge])
    let next = try #require(fixture.store.commandBegins(key, via: "sed"))
    fixture.directory.write("a", "3\n")
    fixture.store.commandEnded(next)
    _ = try fixture.store.endTurn(key)
    try fixture.undo(.last(thread: "t"))
    #expect(fixture.directory.text("a") == "2\n" && fixture.store.notices.count == 1)
  }

  @Test("every reason for which a path is left alone says what to do")
  func advice() {
    let reasons: [RestoreEntry.Reason] = [
      .userEdited, .userDeleted, .binary, .typeChanged, .otherThread, .expired, .parentSymlink, .unreadable,
      .tooLarge, .readOnly, .nameEncoding,
    ]
    #expect(reasons.allSatisfy { $0.advice.count > 20 && $0.advice.count < 120 })
  }
}
