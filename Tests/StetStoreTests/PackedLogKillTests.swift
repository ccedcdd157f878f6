import Glibc
import StetJSON
import StetTestSupport
import Testing

@testable import StetStore

/// Packing, compressing and deleting that are ended in the middle, or done by two at once.
@Suite struct PackedLogKillTests {
  let directory = TempDirectory()
  private static let folder = "2026/11/21"
  private static let plain = "2026/11/21/thread-1.jsonl"
  private static let packed = "2026/11/21/thread-1.packed.zst"
  private var path: String { directory.path(Self.plain) }

  static func record(_ number: Int) -> JSONValue {
    ["number": .int(Int64(number)), "text": .string(String(repeating: "word \(number % 7) ", count: 40))]
  }

  private func numbers(_ path: String) throws -> (numbers: [Int], notices: [String]) {
    var numbers: [Int] = []
    let notices = try ThreadLog.read(path: path) { numbers.append($0.payload["number"]?.intValue ?? -1) }
    return (numbers, notices)
  }

  @Test(
    "R5: a process that is killed while it packs and writes leaves every record, and the next one goes on",
    arguments: 0..<9)
  func r5_killedWhilePacking(step: Int) async throws {
    let packed = directory.path(Self.packed)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, packed = packed as String, step = step as Int] in
      let log = try ThreadLog.create(path: path)
      for number in 0..<3_000 { try log.append(type: "item", payload: PackedLogKillTests.record(number)) }
      // Ends the process when the packed file has grown so far; the last ones when the log was replaced.
      let watch = Task.detached {
        var first = stat()
        stat(path, &first)
        while true {
          var status = stat()
          if step < 7 {
            if stat(packed, &status) == 0, Int(status.st_size) >= 1 + step * 12_000 {
              kill(getpid(), SIGKILL)
            }
          } else if stat(path, &status) == 0, status.st_ino != first.st_ino {
            kill(getpid(), SIGKILL)
          }
        }
      }
      let writer = Task.detached {
        for number in 3_000..<60_000 {
          try log.append(type: "item", payload: PackedLogKillTests.record(number))
        }
      }
      try log.pack()
      if step == 8 { try log.pack() }
      kill(getpid(), SIGKILL)
      _ = (watch, writer)
    }
    let left = try numbers(path)
    #expect(left.notices.isEmpty && left.numbers.count >= 3_000)
    #expect(left.numbers == Array(0..<left.numbers.count))
    let (again, notices) = try ThreadLog.open(path: path, types: []) { _ in }
    // A torn last line may have been cut off; it is none of the whole ones.
    #expect(notices.count <= 1)
    try again.pack()
    try again.append(type: "item", payload: Self.record(left.numbers.count))
    again.close()
    #expect(try numbers(path).numbers == Array(0...left.numbers.count))
    try ThreadLog.remove(path: path)
    #expect(directory.names(Self.folder).isEmpty)
  }

  /// A packed log of 1,000 records.
  private func packedLog() throws {
    let log = try ThreadLog.create(path: path)
    for number in 0..<1_000 { try log.append(type: "item", payload: Self.record(number)) }
    try log.pack()
    log.close()
  }

  @Test("R10: a delete takes along what a killed process left of the thread, and can be ended in the middle")
  func r10_deleteAll() throws {
    try packedLog()
    let other = directory.path("\(Self.folder)/thread-10.jsonl")
    try ThreadLog.create(path: other).close()
    // A copy that was never given its name, a compressed log that was unpacked, a reading copy.
    for rest in [".4711-1700000000000", ".zst", ".read-4711"] {
      directory.write(Self.plain + rest, "remains")
    }
    // Killed after the first deletions: the thread is known by its log, and is deleted by the next attempt.
    unlink(directory.path(Self.packed))
    #expect(try ThreadFiles(directory: directory.path).find(threadId: "thread-1") == path)
    try ThreadLog.remove(path: path)
    #expect(directory.names(Self.folder) == ["thread-10.jsonl"])
    #expect(try ThreadFiles(directory: directory.path).find(threadId: "thread-1") == nil)
  }

  @Test("R7: of two that ask for a compressed thread, the slower one does not undo what the faster one wrote")
  func r7_decompressedTwice() throws {
    try packedLog()
    let compressed = path + Retention.suffix
    try ZstdFile.compress(path, to: compressed)
    unlink(path)
    let kept = try #require(directory.bytes(Self.plain + Retention.suffix))
    let files = ThreadFiles(directory: directory.path)
    #expect(try files.find(threadId: "thread-1") == path)
    let log = try ThreadLog.open(path: path, types: []) { _ in }.log
    try log.append(type: "item", payload: Self.record(1_000))
    // The slower one has looked before, and unpacks now.
    directory.write(Self.plain + Retention.suffix, bytes: kept)
    try ZstdFile.decompress(compressed, to: path)
    try log.append(type: "item", payload: Self.record(1_001))
    log.close()
    #expect(try numbers(path).numbers == Array(0..<1_002))
    #expect(
      directory.names(Self.folder).allSatisfy { !$0.hasPrefix("thread-1.jsonl.") || $0.hasSuffix(".zst") })
  }

  @Test("R5: where the line that says what is packed is damaged, nothing is read for it and nothing is cut")
  func r5_damagedLead() throws {
    try packedLog()
    let plain = try #require(directory.bytes(Self.plain))
    let packed = try #require(directory.bytes(Self.packed))
    let lead = try #require(plain.firstIndex(of: UInt8(ascii: "\n"))) + 1
    func expectCorrupt(_ bytes: [UInt8], _ what: String) {
      directory.write(Self.plain, bytes: bytes)
      do throws(StoreError) {
        try ThreadLog.open(path: path, types: []) { _ in }.log.close()
        Issue.record("it was opened: \(what)")
      } catch {
        #expect(error.code == .corrupt, "\(what)")
      }
      #expect(directory.bytes(Self.plain) == bytes && directory.bytes(Self.packed) == packed, "\(what)")
    }
    for place in 0..<lead {
      var damaged = plain
      damaged[place] ^= 1
      expectCorrupt(damaged, "bit of byte \(place)")
      expectCorrupt(Array(plain.prefix(place)), "cut at \(place)")
    }
    // Its packed lines are gone too: it still is no log that begins here.
    unlink(directory.path(Self.packed))
    var damaged = plain
    damaged[10] ^= 1
    directory.write(Self.plain, bytes: damaged)
    #expect(throws: StoreError.self) { try numbers(path) }
  }

  @Test("R5: damaged while the thread is open, packing cuts nothing off what is packed")
  func r5_damagedWhileOpen() throws {
    try packedLog()
    let packed = try #require(directory.bytes(Self.packed))
    let log = try ThreadLog.open(path: path, types: []) { _ in }.log
    for number in 1_000..<1_600 { try log.append(type: "item", payload: Self.record(number)) }
    let descriptor = open(path, O_WRONLY)
    #expect(pwrite(descriptor, "x", 1, 10) == 1)
    close(descriptor)
    #expect(throws: StoreError.self) { try log.pack() }
    #expect(directory.bytes(Self.packed) == packed)
  }

  @Test("R5: whatever bytes are damaged, what is read are records that were written, in their order")
  func r5_anyDamage() throws {
    try packedLog()
    let log = try ThreadLog.open(path: path, types: []) { _ in }.log
    for number in 1_000..<1_050 { try log.append(type: "item", payload: Self.record(number)) }
    log.close()
    let files = [Self.plain, Self.packed]
    let sound = try files.map { try #require(directory.bytes($0)) }
    var random = Dice(state: 7)
    for round in 0..<150 {
      var damaged = sound
      let index = round % 2
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = damaged[index].indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<4, using: &random) {
        case 0: damaged[index][place] ^= UInt8.random(in: 1...255, using: &random)
        case 1: damaged[index].removeLast(damaged[index].count - place - 1)
        case 2: damaged[index].insert(contentsOf: [0x50, 0x2A, 0x4D, 0x18, 0, 0xFF], at: place)
        default: damaged[index].removeSubrange(place..<min(place + 40, damaged[index].count))
        }
      }
      for (file, bytes) in zip(files, damaged) { directory.write(file, bytes: bytes) }
      var seen: [Int] = []
      do throws(StoreError) {
        try ThreadLog.read(path: path) { record in
          guard let number = record.payload["number"]?.intValue else { return }
          if record.payload == Self.record(number) { seen.append(number) } else { seen.append(-1) }
        }
      } catch {
        // A lead that makes no sense is said; nothing is taken for what it is not.
        #expect(error.code == .corrupt, "round \(round)")
        continue
      }
      #expect(!seen.contains(-1) && seen == seen.sorted() && Set(seen).count == seen.count, "round \(round)")
      // What the damage did not reach is there.
      let whole = index == 0 ? Array(0..<1_000) : Array(1_000..<1_050)
      #expect(Set(seen).isSuperset(of: whole), "round \(round)")
      if round % 10 < 2 { try checkPacking(seen, round) }
    }
  }

  /// Packing more costs nothing that could be read before.
  private func checkPacking(_ seen: [Int], _ round: Int) throws {
    let log = try ThreadLog.open(path: path, types: []) { _ in }.log
    for number in 2_000..<2_500 { try log.append(type: "item", payload: Self.record(number)) }
    try log.pack()
    log.close()
    let left = Set(try numbers(path).numbers)
    #expect(left.isSuperset(of: seen) && left.isSuperset(of: 2_000..<2_500), "round \(round)")
  }
}

/// Numbers that are the same in each run.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
