import StetTestSupport
import Testing

@testable import StetStore

/// What is told of a log in which something is damaged or gone.
@Suite struct LogFaultTests {
  private let folder = TempDirectory("faults")
  private var path: String { folder.path("t.jsonl") }

  /// A log of so many lines; the line of each record.
  private func lines(_ count: Int) throws -> [[UInt8]] {
    let log = try ThreadLog.create(path: path)
    for number in 0..<count { try log.append(type: "item", payload: .int(Int64(number))) }
    log.close()
    let bytes = try #require(folder.bytes("t.jsonl"))
    return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
  }

  private func damaged(_ line: [UInt8]) -> [UInt8] {
    var line = line
    line[30] ^= 1
    return line
  }

  private func faults(
    _ lines: [[UInt8]], from first: Int = 0, expecting ordinal: Int? = nil, _ isBehind: Bool = false
  )
    throws -> [LogFault]
  {
    folder.write("t.jsonl", bytes: Array(lines.joined()))
    let offset = lines[..<first].reduce(0) { $0 + $1.count }
    return try LogReader(path: path).scan(
      from: Int64(offset), expecting: ordinal, followsDamage: isBehind
    ) { _ in true }.faults
  }

  @Test(
    "R5: a line that is gone is told with its number, wherever the reading began; others are not counted for it"
  )
  func r5_missing() throws {
    var all = try lines(8)
    all.removeSubrange(3...4)
    #expect(try faults(all).map(\.kind) == [.missing(2)] && faults(all).map(\.line) == [4])
    #expect(try faults(all, from: 2, expecting: 2).map(\.line) == [4])
    #expect(try faults(all, from: 2).map(\.kind) == [.missing(2)])
    #expect(try faults(all, from: 4).isEmpty)
    let first = try faults(Array(all.dropFirst()))
    #expect(first.map(\.kind) == [.missing(1), .missing(2)] && first.map(\.line) == [1, 3])
    let told = LogFault.notices(first, path: "/p")
    #expect(told.count == 2 && told[0].hasPrefix("Line 1 of /p is missing. The other records are kept"))
    #expect(told[1].hasPrefix("2 lines of /p are missing, from line 3 on."))
  }

  @Test("R5: the record behind a damaged line has a number that nobody expects; the damage is told once")
  func r5_once() throws {
    var all = try lines(8)
    all[3] = damaged(all[3])
    all[4] = damaged(all[4])
    #expect(try faults(all).map(\.kind) == [.damaged, .damaged])
    #expect(try faults(all).map(\.line) == [4, 5])
    // Read in two parts, of which the first ended with the damage.
    #expect(try faults(all, from: 5, expecting: 3, true).isEmpty)
    #expect(try faults(all, from: 5, expecting: 3).map(\.kind) == [.missing(2)])
    #expect(try faults(all, from: 4, expecting: 4).map(\.line) == [5])
    // A gap somewhere else is one all the same.
    all.remove(at: 6)
    #expect(try faults(all).map(\.kind) == [.damaged, .damaged, .missing(1)])
  }

  @Test("R5: a record that nobody understands is told as such, and counts")
  func r5_unreadable() throws {
    folder.write("t.jsonl", bytes: Array(try lines(5).joined()))
    let found = try LogReader(path: path).scan(from: 0) { $0.ordinal != 2 }.faults
    #expect(found == [LogFault(kind: .unreadable, line: 3, offset: found.first?.offset ?? -1)])
    #expect(LogFault.notices(found, path: "/p")[0].contains("It stays in the file"))
  }

  @Test("R5: a log whose summary is damaged is still listed; one that was never finished is not")
  func r5_mended() throws {
    let files = ThreadFiles(directory: folder.path("threads"))
    let projection = LogProjection(types: ["settings", "turn"]) { record in
      record.type == "turn"
        ? [.begin(turnId: record.payload["id"]?.stringValue ?? "")]
        : [.settings(cwd: "/w", model: "m", modelProvider: "p")]
    }
    var summary = ThreadSummary(
      id: "a", path: "", cwd: "/w", modelProvider: "p", createdAtMs: 0)
    let log = try ThreadLog.create(path: files.path(threadId: "a", createdAtMs: 0))
    try log.appendSummary(summary, since: nil)
    try log.append(type: "settings", payload: [:])
    try log.append(type: "turn", payload: ["id": "u"], timestampMs: 5_000)
    let old = summary
    summary.name = "kept"
    try log.appendSummary(summary, since: old)
    log.close()
    let half = try ThreadLog.create(path: files.path(threadId: "b", createdAtMs: 0))
    try half.append(type: "settings", payload: [:])
    half.close()
    let whole = try #require(folder.text("threads/1970/01/01/a.jsonl"))
    let rest = whole.split(separator: "\n").dropFirst().map { $0 + "\n" }.joined()
    folder.write("threads/1970/01/01/a.jsonl", rest, mode: 0o600)
    let kept = try ThreadIndex(path: folder.path("index.db"), projection: projection)
    try kept.catchUpAll(directory: files.directory)
    let row = try #require(try kept.get(id: "a"))
    #expect(row.cwd == "/w" && row.model == "m" && row.turns == 1 && row.name == "kept")
    #expect(try kept.get(id: "b") == nil)
    let made = try ThreadIndex(path: folder.path("other.db"), projection: projection)
    let notices = try made.rebuild(from: files.directory)
    #expect(notices.count == 1 && notices[0].contains("Line 1 of "))
    #expect(try made.digest() == kept.digest())
  }
}
