import Glibc
import StetJSON

/// The form of a record on disk: `{"sum":"1f0e3dad","ordinal":3,"timestampMs":…,"type":"…","payload":…}`.
///
/// The checksum stands first, at a fixed place, and covers every byte after its comma up to the end of the line,
/// so a line is verified without parsing it, and a reader that wants one type skips the others unparsed.
enum LogLine {
  /// The longest record, in bytes: as long as the longest protocol message.
  static let maximumBytes = 64 << 20
  /// Records of a log: more is no number that was counted to, and the next one can be added to it.
  private static let ordinalLimit: Int64 = 1 << 48
  private static let lead = Array(#"{"sum":""#.utf8)
  private static let bodyOffset = 18

  /// The verified head of a line; `payload` is the range of its bytes in the line.
  struct Head {
    let ordinal: Int
    let timestampMs: Int64
    let type: String
    let payload: Range<Int>
  }

  /// The same before the line is verified; `type` is a range too.
  struct Claim {
    let ordinal: Int
    let timestampMs: Int64
    let type: Range<Int>
    let payload: Range<Int>
  }

  /// The line with its newline. The type must have been checked with `isValid(type:)`.
  static func encode(ordinal: Int, timestampMs: Int64, type: String, payload: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("ordinal")
    writer.write(Int64(ordinal))
    writer.key("timestampMs")
    writer.write(timestampMs)
    writer.key("type")
    writer.write(type)
    writer.key("payload")
    writer.write(payload)
    writer.endObject()
    let body = writer.bytes.dropFirst()
    let sum = body.withUnsafeBytes { CRC32.of($0) }
    var line: [UInt8] = []
    line.reserveCapacity(body.count + bodyOffset + 1)
    line += lead
    line += hexadecimal(sum)
    line += [UInt8(ascii: "\""), UInt8(ascii: ",")]
    line += body
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// What a line (without its newline) says of itself, unverified; nil if it is not one that `encode` made.
  static func claim(_ line: UnsafeRawBufferPointer) -> Claim? {
    guard line.count > bodyOffset else { return nil }
    var cursor = Cursor(bytes: line, index: 0)
    guard cursor.take(#"{"sum":""#) else { return nil }
    cursor.index = 16
    guard cursor.take(#"",""#), cursor.take(#"ordinal":"#), let ordinal = cursor.number(),
      (0..<ordinalLimit).contains(ordinal),
      cursor.take(#","timestampMs":"#), let timestamp = cursor.number(),
      cursor.take(#","type":""#), let type = cursor.type(), cursor.take(#","payload":"#),
      cursor.index < line.count, line[line.count - 1] == UInt8(ascii: "}")
    else { return nil }
    return Claim(
      ordinal: Int(ordinal), timestampMs: timestamp, type: type, payload: cursor.index..<(line.count - 1))
  }

  /// Whether the checksum of a line of `claim` is right.
  static func isSound(_ line: UnsafeRawBufferPointer) -> Bool {
    number(hexadecimal: line) == CRC32.of(UnsafeRawBufferPointer(rebasing: line[bodyOffset...]))
  }

  /// Verifies a line (without its newline) and reads its head; nil if it is not one that `encode` made.
  static func head(_ line: UnsafeRawBufferPointer) -> Head? {
    guard let claim = claim(line), isSound(line) else { return nil }
    return Head(
      ordinal: claim.ordinal, timestampMs: claim.timestampMs,
      type: String(decoding: line[claim.type], as: UTF8.self), payload: claim.payload)
  }

  /// The checksum of a line that begins with one: its digits, unverified.
  static func sum(_ line: UnsafeRawBufferPointer) -> String {
    line.count < bodyOffset ? "" : String(decoding: line[8..<16], as: UTF8.self)
  }

  static func isValid(type: String) -> Bool { isValid(type.utf8) }

  private static func isValid(_ type: some Collection<UInt8>) -> Bool {
    !type.isEmpty && type.count <= 64
      && type.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"),
          UInt8(ascii: "-"):
          return true
        default: return false
        }
      }
  }

  /// The checksum at the fixed place of a line that is long enough; nil when other than lower-case digits stand there.
  private static func number(hexadecimal line: UnsafeRawBufferPointer) -> UInt32? {
    var value: UInt32 = 0
    for byte in line[8..<16] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }

  private static func hexadecimal(_ value: UInt32) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return stride(from: 28, through: 0, by: -4).map { digits[Int((value >> UInt32($0)) & 15)] }
  }

  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var index: Int

    mutating func take(_ text: StaticString) -> Bool {
      let length = text.utf8CodeUnitCount
      guard index + length <= bytes.count else { return false }
      guard let base = bytes.baseAddress, memcmp(base + index, text.utf8Start, length) == 0 else {
        return false
      }
      index += length
      return true
    }

    mutating func number() -> Int64? {
      let start = index
      var value: Int64 = 0
      let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
      if isNegative { index += 1 }
      let digits = index
      while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
        let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = shifted.addingReportingOverflow(Int64(bytes[index] - UInt8(ascii: "0")))
        if overflow || carry {
          index = start
          return nil
        }
        value = sum
        index += 1
      }
      return index == digits ? nil : isNegative ? -value : value
    }

    /// A type up to its closing quotation mark, which is passed over.
    mutating func type() -> Range<Int>? {
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
      guard index < bytes.count, LogLine.isValid(bytes[start..<index]) else { return nil }
      index += 1
      return start..<(index - 1)
    }
  }
}
