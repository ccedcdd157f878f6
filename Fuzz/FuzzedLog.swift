import Glibc
import Logging
import StetConfig
import StetJSON
import StetStore

@testable import StetAgent

/// A thread's log of any bytes: what is accepted of it is whole, mending its end loses nothing that is whole, and a
/// history can be asked for whatever the records say.
final class FuzzedLog: Sendable {
  static let shared = FuzzedLog()
  private static let thread = "fuzzed"
  /// Where the checksum ends and what it covers begins.
  private static let bodyOffset = 18

  private let path: String
  private let histories: HistoryStore

  private init() {
    let home = StetHome(root: getenv("FUZZ_HOME").map { String(cString: $0) } ?? "/tmp/stet-fuzz")
    var folder = ""
    for part in "\(home.threadsDirectory)/2026/11/21".split(separator: "/") {
      folder += "/\(part)"
      mkdir(folder, 0o700)
    }
    path = "\(folder)/\(Self.thread).jsonl"
    histories = HistoryStore(
      home: home, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
  }

  func run(_ input: [UInt8]) {
    do {
      try read(input)
      try read(Self.summed(input))
    } catch {
      preconditionFailure("a log can't be read: \(error)")
    }
  }

  private func read(_ bytes: [UInt8]) throws {
    try write(bytes)
    let reader = try LogReader(path: path)
    var count = 0
    _ = try reader.scan(from: 0) { entry in
      Self.check(entry, in: bytes)
      guard let record = try? entry.record() else { return false }
      count += 1
      precondition((try? reader.record(at: entry.offset, length: entry.length)) == record, "read otherwise")
      return true
    }
    askHistory()
    // Whoever opens it to write keeps all of that, and perhaps a last record that only lacks its newline.
    let opened = try ThreadLog.open(path: path)
    precondition(opened.records.count == count || opened.records.count == count + 1, "records are lost")
    let added = try opened.log.append(type: "item", payload: true)
    opened.log.close()
    var again: [LogRecord] = []
    try ThreadLog.read(path: path) { again.append($0) }
    precondition(again == opened.records + [added], "mending changes what is read")
  }

  /// Answers are refused or given, whatever the records say of turns, items and places.
  private func askHistory() {
    do {
      try histories.forget(Self.thread)
      guard let opened = try histories.open(Self.thread) else { return }
      let reader = try histories.reader(opened.view)
      for question in [
        { _ = try StoredThread(reader, thread: Self.thread) }, { _ = try reader.prompt() },
        { _ = try reader.formerPrompt() },
        { _ = try HistoryPages(thread: Self.thread, reader: reader, live: []).all() },
      ] {
        do { try question() } catch { continue }
      }
    } catch {
      return
    }
  }

  /// A record is a line of its own, and its checksum, worked out here in another way, is right.
  private static func check(_ entry: LogEntry, in bytes: [UInt8]) {
    let (start, end) = (Int(entry.offset), Int(entry.offset) + entry.length)
    precondition(start >= 0 && end <= bytes.count && entry.length > bodyOffset, "beyond the log")
    precondition(start == 0 || bytes[start - 1] == 10, "begins within a line")
    precondition(bytes[start..<end].firstIndex(of: 10) == end - 1, "no line")
    precondition(entry.sum == sum(bytes[(start + bodyOffset)..<(end - 1)]), "not the checksum of the line")
  }

  /// The lines with the checksums that they ought to have: mutations reach what is behind them.
  private static func summed(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for line in bytes.split(separator: 10) where line.count > bodyOffset {
      let digits = sum(line.dropFirst(bodyOffset))
      result.replaceSubrange((line.startIndex + 8)..<(line.startIndex + 16), with: Array(digits.utf8))
    }
    return result
  }

  /// CRC-32 bit by bit, in hexadecimal.
  private static func sum(_ bytes: ArraySlice<UInt8>) -> String {
    var value: UInt32 = .max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
    let digits = String(~value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private func write(_ bytes: [UInt8]) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(file >= 0, "\(path) can't be written")
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      precondition(count > 0, "\(path) can't be written")
      written += count
    }
  }
}
