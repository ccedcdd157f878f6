import Glibc
import StetStore
import StetTestSupport
import Testing

@Suite struct ThreadIndexFileTests {
  let directory = TempDirectory()
  var path: String { directory.path("state/index.db") }
  var files: ThreadFiles { ThreadFiles(directory: directory.path("state/threads")) }

  /// Every thread of an index, in a fixed order.
  func everything(_ index: ThreadIndex) throws -> [ThreadSummary] {
    var all: [ThreadSummary] = []
    for archived in [false, true] {
      var query = ThreadQuery()
      query.archived = archived
      query.includesEmpty = true
      query.limit = ThreadQuery.maximumLimit
      all += try index.list(query).threads
    }
    return all
  }

  @Test("R1: an index rebuilt from the logs equals the one that was kept") func r1_rebuild() throws {
    let kept = try ThreadIndex(path: path)
    for number in 0..<30 {
      let created = Int64(number) * 40_000_000
      let log = try ThreadLog.create(path: files.path(threadId: "t\(number)", createdAtMs: created))
      var summary = ThreadSummary(
        id: "t\(number)", path: log.path, cwd: "/code/\(number % 4)", modelProvider: "openai",
        createdAtMs: created)
      try kept.record(summary, since: nil, in: log)
      for turn in 0..<(number % 5) {
        let old = summary
        try log.append(type: "item", payload: ["text": "thread_summary"])
        summary.turns = turn + 1
        summary.preview = "text \(number)"
        summary.name = turn == 3 ? nil : "name \(turn)"
        summary.updatedAtMs += 1000
        summary.archived = number.isMultiple(of: 7)
        try kept.record(summary, since: old, in: log)
        try kept.record(summary, since: summary, in: log)
      }
    }
    let rebuilt = try ThreadIndex(path: directory.path("state/other.db"))
    #expect(rebuilt.needsRebuild)
    #expect(try rebuilt.rebuild(from: files.directory).isEmpty)
    #expect(try everything(rebuilt) == everything(kept))
    #expect(try everything(rebuilt).count == 30)
    try rebuilt.upsert(ThreadIndexTests.summary("gone", at: 0))
    try rebuilt.rebuild(from: files.directory)
    #expect(try rebuilt.get(id: "gone") == nil)
  }

  /// `F_OFD_GETLK` of fcntl(2), which sees this process's own locks and which the module of the C library leaves out.
  private static let ofdGetLock: Int32 = 36

  @Test("R7: another connection in the same process takes no lock away") func r7_locksStay() throws {
    let index = try ThreadIndex(path: path)
    try index.upsert(ThreadIndexTests.summary("one", at: 1))
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    /// Whether a writer elsewhere would find the file free: SQLite would let it drop what is not yet checkpointed.
    func isFree() -> Bool {
      var range = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
      return fcntl(descriptor, Self.ofdGetLock, &range) != 0 || range.l_type == Int16(F_UNLCK)
    }
    #expect(!isFree())
    let search = try ThreadSearch(path: path)
    let second = try ThreadIndex(path: path)
    #expect(!isFree())
    withExtendedLifetime((index, search, second)) {}
  }

  @Test("R1: a log that can't be read costs its own thread only") func r1_unreadableLog() throws {
    let log = try ThreadLog.create(path: files.path(threadId: "good", createdAtMs: 0))
    let summary = ThreadSummary(id: "good", path: log.path, cwd: "/", modelProvider: "openai", createdAtMs: 0)
    try log.appendSummary(summary, since: nil)
    directory.makeDirectory("state/threads/1970/01/01/folder.jsonl")
    directory.write("state/threads/1970/01/01/bad.jsonl", "rubbish\n")
    directory.write("state/threads/README", "")
    let index = try ThreadIndex(path: path)
    let notices = try index.rebuild(from: files.directory)
    #expect(notices.count == 2)
    #expect(try everything(index) == [summary])
  }

  @Test func logsAreFoundWithoutTheIndex() throws {
    #expect(try files.find(threadId: "t1") == nil)
    #expect(try files.all().isEmpty)
    let path = try files.path(threadId: "t1", createdAtMs: 1_763_717_400_250)
    #expect(path == directory.path("state/threads/2025/11/21/t1.jsonl"))
    _ = try ThreadLog.create(path: path)
    #expect(try files.find(threadId: "t1") == path)
    #expect(try files.all() == [path])
    #expect(try files.find(threadId: "../t1") == nil)
  }

  @Test func aDamagedIndexIsPutAsideAndMadeAnew() throws {
    directory.write("state/index.db", String(repeating: "this is no database ", count: 200))
    let index = try ThreadIndex(path: path)
    #expect(index.needsRebuild)
    #expect(try everything(index).isEmpty)
    #expect(directory.exists("state/index.db.damaged"))
    let again = try ThreadIndex(path: path)
    #expect(!again.needsRebuild)
  }

  @Test func anIndexOfANewerVersionIsLeftAlone() throws {
    do { try ThreadIndex(path: path).upsert(ThreadIndexTests.summary("a", at: 0)) }
    // The schema's number is the big-endian integer at byte 60 of the file (SQLite's file format, §1.3).
    var bytes = try #require(directory.bytes("state/index.db"))
    #expect(Array(bytes[60..<64]) == [0, 0, 0, 4])
    bytes[62] = 1
    directory.write("state/index.db", bytes: bytes)
    #expect { try ThreadIndex(path: path) } throws: { error in
      (error as? StoreError)?.code == .newerSchema && "\(error)".contains(path)
    }
    #expect(directory.bytes("state/index.db") == bytes)
  }

  @Test("R10: the index and its companions are for their owner only") func r10_modes() throws {
    let index = try ThreadIndex(path: path)
    try index.upsert(ThreadIndexTests.summary("a", at: 0))
    for name in directory.names("state") {
      var status = stat()
      #expect(stat(directory.path("state/\(name)"), &status) == 0 && status.st_mode & 0o077 == 0, "\(name)")
    }
    #expect(directory.names("state").contains("index.db-wal"))
  }

  @Test func severalWritersShareOneIndex() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let index = try ThreadIndex(path: path)
          for number in 0..<25 {
            try index.upsert(ThreadIndexTests.summary("w\(writer)-\(number)", at: Int64(number)))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try everything(ThreadIndex(path: path)).count == 100)
  }

  @Test func aMissingOrReadOnlyFolderIsAClearError() throws {
    directory.write("file", "")
    #expect { try ThreadIndex(path: directory.path("file/index.db")) } throws: { error in
      (error as? StoreError)?.code == .notPermitted && "\(error)".contains(directory.path("file"))
    }
  }
}
