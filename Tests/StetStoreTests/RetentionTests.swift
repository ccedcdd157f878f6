import Glibc
import StetStore
import StetTestSupport
import Testing

@Suite struct RetentionTests {
  let store = SearchedStore()
  private var locks: String { store.directory.path("locks") }
  private static let day: Int64 = 86_400_000

  /// Three threads, made on days 1, 2 and 100, with much text.
  private func filled() throws -> ThreadIndex {
    for (id, day) in [("old", 1), ("older", 0), ("new", 100)] {
      let text = String(repeating: "\(id) words that compress well ", count: 2_000)
      try store.thread(id, [text, "needle in \(id)"], createdAtMs: Int64(day) * Self.day).close()
    }
    let index = try store.index()
    try index.catchUpAll(directory: store.files.directory)
    return index
  }

  private func apply(_ index: ThreadIndex, total: Int64, thread: Int64 = 1 << 40) throws -> Retention.Outcome
  {
    var bounds = Retention()
    (bounds.totalBytes, bounds.threadBytes) = (total, thread)
    return try bounds.apply(
      directory: store.files.directory, locks: locks, index: index, nowMs: 101 * Self.day)
  }

  @Test(
    "R10: over the bound the oldest threads are archived and compressed, and come back whole when asked for")
  func r10_compress() throws {
    let index = try filled()
    let before = try #require(store.directory.text("threads/1970/01/01/older.jsonl"))
    #expect(try apply(index, total: 1 << 30).threads.isEmpty)
    let outcome = try apply(index, total: 150_000)
    #expect(outcome.threads == ["older"])
    #expect(outcome.notices.count == 1 && !outcome.isFull)
    #expect(outcome.savedBytes > 50_000)
    #expect(!store.directory.exists("threads/1970/01/01/older.jsonl"))
    var status = stat()
    #expect(stat(store.directory.path("threads/1970/01/01/older.jsonl.zst"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    // It is listed as archived, found, and still there after a look and after a new index.
    try index.catchUpAll(directory: store.files.directory)
    #expect(try index.get(id: "older")?.archived == true)
    #expect(try store.ids("needle older") { $0.archived = true } == ["older"])
    let made = try store.index("other.db")
    #expect(try made.rebuild(from: store.files.directory).isEmpty)
    #expect(try made.digest() == index.digest())
    let path = try #require(try store.files.find(threadId: "older"))
    let after = try #require(store.directory.text("threads/1970/01/01/older.jsonl"))
    #expect(after.hasPrefix(before))
    #expect(try ThreadLog.readSummary(path: path).summary?.archived == true)
    #expect(!store.directory.exists("threads/1970/01/01/older.jsonl.zst"))
  }

  @Test("R10: what is open or was used lately is left alone, and it is said that the bound is not kept")
  func r10_leftAlone() throws {
    let index = try filled()
    let lock = try ThreadWriterLock.acquire(threadId: "older", directory: locks)
    let outcome = try apply(index, total: 10)
    #expect(outcome.threads == ["old"])
    #expect(outcome.isFull)
    #expect(outcome.notices.count == 2)
    #expect(store.directory.exists("threads/1970/01/01/older.jsonl"))
    #expect(store.directory.exists("threads/1970/04/11/new.jsonl"))
    lock.release()
  }

  @Test("R10: one thread over its own bound is compressed though there is room")
  func r10_oneThread() throws {
    let index = try filled()
    #expect(try apply(index, total: 1 << 40, thread: 1_000).threads == ["older", "old"])
  }

  @Test("R10: a damaged compressed log is an error, and stays")
  func r10_damaged() throws {
    let index = try filled()
    _ = try apply(index, total: 150_000)
    let name = "threads/1970/01/01/older.jsonl.zst"
    let bytes = try #require(store.directory.bytes(name))
    for end in [0, 1, bytes.count / 2, bytes.count - 1] {
      store.directory.write(name, bytes: Array(bytes[..<end]))
      #expect(throws: StoreError.self) { try store.files.find(threadId: "older") }
      #expect(store.directory.exists(name) && !store.directory.exists("threads/1970/01/01/older.jsonl"))
    }
    store.directory.write(name, bytes: bytes)
    #expect(try store.files.find(threadId: "older") != nil)
  }
}
