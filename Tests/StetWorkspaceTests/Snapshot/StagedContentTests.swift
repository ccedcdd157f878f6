import CPlatform
import Glibc
import StetTestSupport
import Synchronization
import Testing

@testable import StetWorkspace

/// Large untracked files before the first command: each a file of its own in the store (rollback.md B3, reflink).
struct StagedContentTests {
  private static func noise(_ seed: Int) -> String {
    var random = Seeded(seed)
    var text = ""
    while text.utf8.count < StagedContents.minimum + 1_000 { text += String(random.next(), radix: 36) + "\n" }
    return text
  }

  private func staged(_ fixture: SnapshotFixture) -> [String] {
    let place = fixture.store.directory + "/store.git/staged"
    return fixture.state.names(String(place.dropFirst(fixture.state.path.utf8.count + 1)))
  }

  private func filled(_ limits: SnapshotLimits = .patient) throws -> SnapshotFixture {
    let fixture = try SnapshotFixture(limits: limits)
    for index in 1...3 { fixture.directory.write("data\(index)", Self.noise(index), mode: 0o640) }
    fixture.directory.write("small", "s\n")
    return fixture
  }

  @Test(
    "a command's changes of large untracked files are undone to the byte; what is not needed any more goes")
  func roundTrip() throws {
    let fixture = try filled()
    fixture.store.prepare()
    #expect(staged(fixture).count == 3)
    try fixture.expectRoundTrip(
      "rm data1; echo more >> data2; mv data3 data4; chmod 600 data4; echo x > small")
    // The next command finds the new content of data2, and the old one goes.
    try fixture.shell("next", "true")
    #expect(staged(fixture).count == 2)
    #expect(try fixture.store.usage() > 2 * StagedContents.minimum)
  }

  @Test("where the file system shares bytes nothing is copied, and what is kept is what was shared")
  func shared() throws {
    let asked = Mutex(0)
    var limits = SnapshotLimits.patient
    limits.shares = { from, to in
      asked.withLock { $0 += 1 }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      var offset: off_t = 0
      while true {
        let count = pread(from, &chunk, chunk.count, offset)
        guard count > 0 else { return count == 0 }
        guard pwrite(to, chunk, count, offset) == count else { return false }
        offset += off_t(count)
      }
    }
    let fixture = try filled(limits)
    fixture.store.prepare()
    #expect(asked.withLock { $0 } == 3 && staged(fixture).count == 3)
    try fixture.expectRoundTrip("rm data1 data2; echo x >> data3")
  }

  /// Whether the file system of temporary files shares bytes: ext4 and tmpfs do not, btrfs and xfs do.
  private func canShare() -> Bool {
    let files = TempDirectory("stet-share")
    let from = Descriptor(open(files.write("from", Self.noise(9)), O_RDONLY | O_CLOEXEC))
    let to = Descriptor(open(files.path("to"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
    return stet_share_bytes(from.number, to.number) == 0
  }

  @Test(
    "B3 reflink: the system shares every large file where it can, and where it can't each is copied whole")
  func systemShares() throws {
    let answers = Mutex<[Bool]>([])
    var limits = SnapshotLimits.patient
    let share = limits.shares
    limits.shares = { from, to in
      let isShared = share(from, to)
      answers.withLock { $0.append(isShared) }
      return isShared
    }
    let fixture = try filled(limits)
    fixture.store.prepare()
    let isPossible = canShare()
    #expect(answers.withLock { $0 } == [isPossible, isPossible, isPossible] && staged(fixture).count == 3)
    // What is kept is the content at that time: a write into the user's file does not reach it.
    try fixture.expectRoundTrip("rm data1; printf overwritten | dd of=data2 conv=notrunc; : > data3")
  }

  @Test(
    "the next process finds what this one kept, without reading or keeping it again; purging lets go of it")
  func nextProcess() throws {
    let fixture = try filled()
    // Racy files are read again.
    for index in 1...3 {
      var times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
      utimensat(AT_FDCWD, fixture.directory.path("data\(index)"), &times, 0)
    }
    func first() throws {
      let store = try fixture.reopened()
      store.prepare()
    }
    try first()
    let kept = staged(fixture)
    #expect(kept.count == 3)
    let next = try fixture.reopened()
    let key = fixture.key("1")
    try next.beginTurn(key)
    let window = try #require(next.commandBegins(key, via: "rm"))
    #expect(staged(fixture) == kept)
    fixture.user("rm data1 data2 data3")
    next.commandEnded(window)
    _ = try next.endTurn(key)
    _ = try next.apply(try next.plan(.last(thread: "t")), as: fixture.key("undo"))
    for index in 1...3 { #expect(fixture.directory.text("data\(index)") == Self.noise(index)) }
    #expect(try next.purge() > 3 * StagedContents.minimum)
    #expect(staged(fixture).isEmpty)
    #expect(try next.usage() == 0)
    // The look begins anew, and nothing is lost by that.
    try next.beginTurn(fixture.key("2"))
    let again = try #require(next.commandBegins(fixture.key("2"), via: "rm"))
    fixture.user("rm data1")
    next.commandEnded(again)
    _ = try next.endTurn(fixture.key("2"))
    _ = try next.apply(try next.plan(.last(thread: "t")), as: fixture.key("undo 2"))
    #expect(fixture.directory.text("data1") == Self.noise(1))
  }

  @Test("a damaged one refuses its path alone; what a crash left without a name goes with the next start")
  func damaged() throws {
    let fixture = try filled()
    fixture.store.prepare()
    let place = fixture.store.directory + "/store.git/staged/"
    let id = try #require(staged(fixture).first)
    #expect(truncate(place + id, 5) == 0)
    try fixture.shell("1", "rm data1 data2 data3")
    let plan = try fixture.undo(.last(thread: "t"))
    #expect(plan.refused.count == 1 && plan.entries.filter { $0.action == .recreate }.count == 2)
    let orphan = place + String(repeating: "a", count: 40)
    let temporary = place + ".tmp-1-old"
    for path in [orphan, temporary] { close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)) }
    var times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
    utimensat(AT_FDCWD, temporary, &times, 0)
    _ = try fixture.reopened().open()
    #expect(access(orphan, F_OK) != 0 && access(temporary, F_OK) != 0)
    #expect(!staged(fixture).isEmpty)
  }
}
