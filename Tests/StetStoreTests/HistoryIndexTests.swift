import StetJSON
import StetStore
import StetTestSupport
import Testing

/// The index of histories and the reading of logs by place.
@Suite struct HistoryIndexTests {
  private let folder = TempDirectory("store")

  private func state(_ offset: Int64) -> HistoryState {
    HistoryState(nextOffset: offset, nextOrdinal: 1, lastOffset: 0, lastSum: "0011aabb", summary: "{}")
  }

  @Test("R4: rows come back by kind, key and place, also after reopening")
  func rows() throws {
    let path = folder.path("history.db")
    var rows = HistoryRows()
    rows.marks = (0..<50).map {
      HistoryMark(kind: 7, offset: Int64($0 * 10), length: 10, key: Int64($0 % 5 + 1))
    }
    rows.items = (0..<6).map {
      HistoryItem(turn: 3, offset: Int64($0 * 7), length: 7, key: Int64($0), kind: 0, position: $0)
    }
    rows.cuts = [HistoryCut(at: 0, base: "p", end: 90), HistoryCut(at: 200, base: "t", end: 40)]
    rows.faults = [
      LogFault(kind: .missing(3), line: 4, offset: 60), LogFault(kind: .damaged, line: 9, offset: 90),
      LogFault(kind: .unreadable, line: 11, offset: 130),
    ]
    #expect(try HistoryIndex(path: path).add(rows, from: .empty, state: state(500), thread: "t"))
    let index = try HistoryIndex(path: path)
    #expect(try index.state("t") == state(500) && index.state("u") == nil)
    let page = try index.marks("t", kind: 7, in: 100..<300, descending: true, limit: 3)
    #expect(page.map(\.offset) == [290, 280, 270])
    #expect(
      try index.marks("t", kind: 7, in: 100..<300, descending: false, limit: 2).map(\.offset) == [100, 110])
    #expect(try index.mark("t", kind: 7, key: 2, in: 0..<200)?.offset == 160)
    #expect(try index.items("t", turn: 3, in: 7..<35).map(\.position) == [1, 2, 3, 4])
    #expect(try index.item("t", key: 5, in: 0..<100)?.offset == 35)
    #expect(try index.lastCut("t", before: 200) == rows.cuts[0])
    #expect(try index.lastCut("t", before: 201) == rows.cuts[1])
    #expect(try index.faults("t", in: 60..<130) == Array(rows.faults.prefix(2)))
    #expect(try index.marks("u", kind: 7, in: 0..<1000, descending: true, limit: 3).isEmpty)
  }

  @Test("rows twice are rows once; what another process has read is not read over; forgetting forgets")
  func again() throws {
    let index = try HistoryIndex(path: nil)
    var rows = HistoryRows()
    rows.marks = [HistoryMark(kind: 1, offset: 0, length: 5)]
    #expect(try index.add(rows, from: .empty, state: state(20), thread: "t"))
    #expect(try index.add(rows, from: state(20), state: state(50), thread: "t"))
    #expect(try !index.add(rows, from: state(20), state: state(30), thread: "t"))
    #expect(try !index.add(rows, from: .empty, state: state(30), thread: "t"))
    #expect(try index.state("t")?.nextOffset == 50)
    #expect(try index.marks("t", kind: 1, in: 0..<9, descending: false, limit: 9).count == 1)
    try index.forget("t")
    #expect(try index.state("t") == nil)
    #expect(try index.marks("t", kind: 1, in: 0..<9, descending: false, limit: 9).isEmpty)
  }

  @Test("a damaged file is put aside")
  func damaged() throws {
    let path = folder.path("history.db")
    folder.write("history.db", String(repeating: "no database ", count: 500))
    #expect(try HistoryIndex(path: path).state("t") == nil)
    #expect(folder.exists("history.db.damaged"))
  }

  @Test("a log is read by place, from a place, and opened for writing from a place")
  func places() throws {
    let path = folder.path("log.jsonl")
    let log = try ThreadLog.create(path: path)
    var ends: [Int64] = [0]
    for number in 0..<5 {
      try log.append(type: number % 2 == 0 ? "even" : "odd", payload: ["n": .int(Int64(number))])
      ends.append(log.size)
    }
    log.close()
    let reader = try LogReader(path: path)
    #expect(try reader.record(at: ends[3], length: Int(ends[4] - ends[3])).payload == ["n": 3])
    #expect(throws: StoreError.self) { try reader.record(at: ends[3] + 1, length: Int(ends[4] - ends[3])) }
    #expect(throws: StoreError.self) { try reader.record(at: ends[3], length: Int(ends[4] - ends[3]) - 1) }
    #expect(throws: StoreError.self) { try reader.record(at: ends[5], length: 40) }
    var seen: [Int] = []
    let result = try reader.scan(from: ends[1], to: ends[4], types: ["odd"]) { entry in
      seen.append(entry.ordinal)
      return true
    }
    #expect(seen == [1, 3] && result.end == ends[4] && result.nextOrdinal == 4 && result.faults.isEmpty)
    let bytes = try #require(folder.bytes("log.jsonl"))
    folder.write("log.jsonl", bytes: bytes + Array(#"{"sum":"#.utf8), mode: 0o600)
    let (opened, notices) = try ThreadLog.open(path: path, from: ends[4], nextOrdinal: 4)
    #expect(notices.count == 1 && opened.size == ends[5])
    #expect(try opened.append(type: "odd", payload: .null).ordinal == 5)
    opened.close()
  }
}
