import Glibc
import StetJSON
import StetTestSupport
import Testing

@testable import StetStore

@Suite struct ThreadLogTests {
  let directory = TempDirectory()
  var path: String { directory.path("2026/11/21/thread-1.jsonl") }

  @Test func theFormOfALineIsFixed() throws {
    let log = try ThreadLog.create(path: path)
    try log.append(
      type: "item", payload: ["text": "héllo\nworld", "n": 1], timestampMs: 1_763_717_400_250)
    log.close()
    #expect(
      directory.text("2026/11/21/thread-1.jsonl")
        == #"{"sum":"9984e6df","ordinal":0,"timestampMs":1763717400250,"type":"item","#
        + #""payload":{"text":"héllo\nworld","n":1}}"# + "\n")
  }

  @Test func whatWasAppendedComesBackInOrder() throws {
    let log = try ThreadLog.create(path: path)
    let written = try (0..<200).map { number in
      try log.append(
        type: number.isMultiple(of: 2) ? "item" : "usage",
        payload: ["number": .int(Int64(number)), "text": .string(String(repeating: "ü", count: number))])
    }
    try log.sync()
    log.close()
    let opened = try ThreadLog.open(path: path)
    #expect(opened.records == written)
    #expect(opened.records.map(\.ordinal) == Array(0..<200))
    #expect(opened.notices.isEmpty)
    #expect(try opened.log.append(type: "item", payload: nil).ordinal == 200)
  }

  @Test func aReaderMayAskForSomeTypesOnly() throws {
    let log = try ThreadLog.create(path: path)
    for type in ["item", "usage", "item"] { try log.append(type: type, payload: .string(type)) }
    var seen: [Int] = []
    try ThreadLog.read(path: path, types: ["item"]) { seen.append($0.ordinal) }
    #expect(seen == [0, 2])
  }

  @Test("R10: log files and their folders are for their owner only") func r10_modes() throws {
    _ = try ThreadLog.create(path: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(directory.path("2026"), &status) == 0 && status.st_mode & 0o777 == 0o700)
  }

  @Test func aDamagedRecordIsSkippedWithANoticeAndStaysInTheFile() throws {
    let log = try ThreadLog.create(path: path)
    for number in 0..<5 { try log.append(type: "item", payload: .int(Int64(number))) }
    log.close()
    var bytes = try #require(directory.bytes("2026/11/21/thread-1.jsonl"))
    let secondLine = try #require(bytes.firstIndex(of: UInt8(ascii: "\n"))) + 1
    bytes[secondLine + 30] ^= 1
    directory.write("2026/11/21/thread-1.jsonl", bytes: bytes)
    let opened = try ThreadLog.open(path: path)
    #expect(opened.records.map(\.ordinal) == [0, 2, 3, 4])
    #expect(opened.notices.count == 1)
    #expect(opened.notices.first?.contains("Line 2 of \(path)") == true)
    #expect(directory.bytes("2026/11/21/thread-1.jsonl") == bytes)
    #expect(try opened.log.append(type: "item", payload: nil).ordinal == 5)
  }

  @Test func manyDamagedRecordsGiveFewNotices() throws {
    let log = try ThreadLog.create(path: path)
    try log.append(type: "item", payload: 1)
    log.close()
    let text = try #require(directory.text("2026/11/21/thread-1.jsonl"))
    directory.write("2026/11/21/thread-1.jsonl", text + String(repeating: "rubbish\n", count: 500))
    let opened = try ThreadLog.open(path: path)
    #expect(opened.records.count == 1)
    #expect(opened.notices.count < 20)
    #expect(opened.notices.last?.contains("492 more") == true)
  }

  @Test(arguments: [
    "", "\n", "{}\n", #"{"sum":""#, #"{"sum":"00000000","#, "\u{0}\u{0}\u{0}\n",
    #"{"sum":"zzzzzzzz","ordinal":-1}"#,
    #"{"sum":"00000000","ordinal":99999999999999999999,"timestampMs":0,"type":"a","payload":1}"# + "\n",
  ]) func rubbishIsNeverARecord(text: String) throws {
    let file = directory.write("log.jsonl", text)
    let opened = try ThreadLog.open(path: file)
    #expect(opened.records.isEmpty)
    #expect(try opened.log.append(type: "item", payload: true).ordinal == 0)
    opened.log.close()
    #expect(try ThreadLog.open(path: file).records.map(\.payload) == [true])
  }

  @Test(
    "R1: a record whose number nobody counted to is damaged, however right its checksum",
    arguments: [-1, .max])
  func r1_ordinal(ordinal: Int) throws {
    let strange = LogLine.encode(ordinal: ordinal, timestampMs: 0, type: "item", payload: 1)
    let sound = LogLine.encode(ordinal: 4, timestampMs: 0, type: "item", payload: 2)
    let opened = try ThreadLog.open(path: directory.write("log.jsonl", bytes: strange + sound))
    #expect(opened.records.map(\.payload) == [2] && opened.notices.count == 1)
    #expect(try opened.log.append(type: "item", payload: 3).ordinal == 5)
  }

  @Test func typesThatCanNotBeReadBackAreRefused() throws {
    let log = try ThreadLog.create(path: path)
    for type in ["", "a b", "quo\"te", "new\nline", String(repeating: "x", count: 65)] {
      #expect(throws: StoreError.self) { try log.append(type: type, payload: 1) }
    }
    #expect(directory.bytes("2026/11/21/thread-1.jsonl") == [])
  }

  @Test func recordsLongerThanAReadComeBackWhole() throws {
    let log = try ThreadLog.create(path: path)
    let long = JSONValue.string(String(repeating: "0123456789", count: 350_000))
    for _ in 0..<2 { try log.append(type: "item", payload: long) }
    try log.append(type: "item", payload: 3)
    log.close()
    let opened = try ThreadLog.open(path: path)
    #expect(opened.records.map(\.payload) == [long, long, 3])
  }
}
