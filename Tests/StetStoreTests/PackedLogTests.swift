import Glibc
import StetJSON
import StetTestSupport
import Testing

@testable import StetStore

/// Old lines of a log that are packed beside it: nothing changes for who reads them.
@Suite struct PackedLogTests {
  let directory = TempDirectory()
  private var path: String { directory.path("2026/11/21/thread-1.jsonl") }
  private static let packed = "2026/11/21/thread-1.packed.zst"
  private static let plain = "2026/11/21/thread-1.jsonl"

  private func text(_ number: Int) -> JSONValue {
    ["number": .int(Int64(number)), "text": .string(String(repeating: "word \(number % 7) ", count: 40))]
  }

  /// Appends records until the log has so many.
  private func fill(_ log: ThreadLog, _ range: Range<Int>) throws {
    for number in range { try log.append(type: "item", payload: text(number), timestampMs: 1) }
  }

  private func numbers(_ path: String) throws -> [Int] {
    var numbers: [Int] = []
    try ThreadLog.read(path: path) { numbers.append($0.payload["number"]?.intValue ?? -1) }
    return numbers
  }

  @Test("R10: old lines are packed, and records, places and what is appended later are what they were")
  func r10_samePlaces() throws {
    let log = try ThreadLog.create(path: path)
    try fill(log, 0..<1_000)
    let size = log.size
    let before = try LogReader(path: path)
    var places: [(Int64, Int, String)] = []
    _ = try before.scan(from: 0) { entry in
      places.append((entry.offset, entry.length, entry.sum))
      return true
    }
    try log.pack()
    #expect(log.size == size)
    let files = [Self.plain, Self.packed].map { directory.bytes($0)?.count ?? 0 }
    #expect(files[0] < 200 && files[1] > 0 && files[1] < Int(size) / 5)
    try fill(log, 1_000..<1_010)
    try log.sync()
    // A reader that was open when the lines were packed, a new one, and one that begins in the middle.
    for reader in [before, try LogReader(path: path)] {
      #expect(try reader.size() >= size)
      for (offset, length, sum) in [places[0], places[500], places[999]] {
        #expect(try reader.sum(at: offset) == sum)
        #expect(try reader.record(at: offset, length: length).ordinal == places.firstIndex { $0.0 == offset })
      }
      var seen: [Int] = []
      let end = try reader.scan(from: places[700].0, types: ["item"]) { entry in
        seen.append(entry.ordinal)
        return true
      }
      #expect(seen == Array(700..<1_010) && end.end == log.size && end.faults.isEmpty)
    }
    log.close()
    let (again, notices) = try ThreadLog.open(path: path, types: nil) { _ in }
    #expect(notices.isEmpty)
    #expect(try again.append(type: "item", payload: text(1_010)).ordinal == 1_010)
    #expect(try numbers(path) == Array(0..<1_011))
    // Again, on top of what is packed.
    try fill(again, 1_011..<2_000)
    try again.pack()
    #expect(try numbers(path) == Array(0..<2_000))
    var status = stat()
    for name in [Self.plain, Self.packed] {
      #expect(stat(directory.path(name), &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
    again.close()
    try ThreadLog.remove(path: path)
    #expect(directory.names("2026/11/21").isEmpty)
  }

  @Test("R10: a short log is left as it is")
  func r10_short() throws {
    let log = try ThreadLog.create(path: path)
    try fill(log, 0..<10)
    let bytes = directory.bytes(Self.plain)
    try log.pack()
    #expect(directory.bytes(Self.plain) == bytes)
    #expect(!directory.exists(Self.packed))
  }

  @Test("R5: killed at any moment of packing, every record is still there once")
  func r5_killed() throws {
    let log = try ThreadLog.create(path: path)
    try fill(log, 0..<1_000)
    let unpacked = try #require(directory.bytes(Self.plain))
    try log.pack()
    let frames = try #require(directory.bytes(Self.packed))
    try fill(log, 1_000..<1_600)
    let rest = try #require(directory.bytes(Self.plain))
    try log.pack()
    log.close()
    let more = try #require(directory.bytes(Self.packed))
    // The first packing, before the log was replaced: whatever is in the packed file counts for nothing.
    for count in stride(from: 0, through: frames.count, by: max(1, frames.count / 17)) {
      directory.write(Self.plain, bytes: unpacked)
      directory.write(Self.packed, bytes: Array(frames.prefix(count)))
      #expect(try numbers(path) == Array(0..<1_000))
    }
    // The second one, the same; and the next process packs again.
    for count in stride(from: frames.count, through: more.count, by: max(1, (more.count - frames.count) / 17))
    {
      directory.write(Self.plain, bytes: rest)
      directory.write(Self.packed, bytes: Array(more.prefix(count)))
      #expect(try numbers(path) == Array(0..<1_600))
      let again = try ThreadLog.open(path: path, types: []) { _ in }.log
      try again.pack()
      try again.append(type: "item", payload: text(1_600))
      again.close()
      #expect(try numbers(path) == Array(0..<1_601))
    }
  }

  @Test("R5: a damaged frame is told of and skipped; the records before and after it are kept")
  func r5_damagedFrame() throws {
    let log = try ThreadLog.create(path: path)
    try fill(log, 0..<4_000)
    try log.pack()
    try fill(log, 4_000..<4_003)
    log.close()
    let frames = try #require(directory.bytes(Self.packed))
    var damaged = frames
    damaged[60] ^= 0xFF
    directory.write(Self.packed, bytes: damaged)
    var kept: [Int] = []
    let notices = try ThreadLog.read(path: path) { kept.append($0.ordinal) }
    #expect(notices.count == 1 && notices[0].contains("damaged"))
    #expect(kept.suffix(3) == [4_000, 4_001, 4_002] && kept.count > 2_000 && kept == kept.sorted())
    #expect(kept.first ?? 0 > 0)
    // Cut, or gone: what is left is read.
    for lost in [Array(frames.prefix(frames.count / 2)), nil] {
      if let lost { directory.write(Self.packed, bytes: lost) } else { unlink(directory.path(Self.packed)) }
      var rest: [Int] = []
      let told = try ThreadLog.read(path: path) { rest.append($0.ordinal) }
      #expect((1...2).contains(told.count))
      #expect(rest.suffix(3) == [4_000, 4_001, 4_002])
      let reader = try LogReader(path: path)
      #expect(throws: StoreError.self) { try reader.record(at: reader.size() / 2, length: 300) }
    }
  }

  @Test(
    "R5: damage of a frame's head costs that frame; where the end is lost, nothing is packed over what is left"
  )
  func r5_damagedHead() throws {
    let log = try ThreadLog.create(path: path)
    try fill(log, 0..<2_000)
    try log.pack()
    var bytes = try #require(directory.bytes(Self.packed))
    let magic: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]
    let heads = bytes.indices.dropLast(4).filter { Array(bytes[$0..<($0 + 4)]) == magic }
    try #require(heads.count >= 3)
    bytes[heads[1] + 8] ^= 1
    directory.write(Self.packed, bytes: bytes)
    let left = Set(try numbers(path))
    #expect(left.contains(0) && left.contains(1_999) && left.count < 2_000)
    try fill(log, 2_000..<4_000)
    try log.pack()
    try log.sync()
    #expect(Set(try numbers(path)) == left.union(2_000..<4_000))
    let cut = Array(try #require(directory.bytes(Self.packed)).dropLast(1_000))
    directory.write(Self.packed, bytes: cut)
    try fill(log, 4_000..<6_000)
    try log.pack()
    try log.sync()
    #expect(directory.bytes(Self.packed) == cut)
    #expect(Set(try numbers(path)).isSuperset(of: 4_000..<6_000))
  }

  @Test("R1: an index that followed a log through packing equals one that is made from it")
  func r1_sameIndex() throws {
    let store = SearchedStore()
    let log = try store.thread("t", (0..<1_500).map { "needle \($0) in a haystack of words" }, createdAtMs: 0)
    let index = try store.index()
    try index.catchUpAll(directory: store.files.directory)
    try log.pack()
    #expect(store.directory.exists("threads/1970/01/01/t.packed.zst"))
    try index.catchUpAll(directory: store.files.directory)
    let made = try store.index("other.db")
    #expect(try made.rebuild(from: store.files.directory).isEmpty)
    #expect(try made.digest() == index.digest())
    #expect(try made.counts().texts == 1_500)
    log.close()
    // Archived and compressed, and asked for again.
    var bounds = Retention()
    (bounds.totalBytes, bounds.idleMs) = (10, 0)
    let outcome = try bounds.apply(
      directory: store.files.directory, locks: store.directory.path("locks"), index: index, nowMs: 1 << 50)
    #expect(outcome.threads == ["t"])
    let found = try #require(try store.files.find(threadId: "t"))
    var count = 0
    try ThreadLog.read(path: found, types: ["item"]) { _ in count += 1 }
    #expect(count == 1_500)
  }
}
