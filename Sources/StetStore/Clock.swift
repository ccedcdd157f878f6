import Glibc

/// Wall-clock time as the store writes it.
enum Clock {
  /// Milliseconds since 1970.
  static func nowMs() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }

  /// `2026-11-21T09:30:00.250Z`.
  static func text(ms: Int64) -> String {
    let (seconds, rest) = (floorDivide(ms, 1000), ms - floorDivide(ms, 1000) * 1000)
    let parts = utc(seconds: seconds)
    return "\(parts.day)T\(parts.time).\(padded(Int(rest), 3))Z"
  }

  /// The date in UTC as folder names: `("2026", "11", "21")`.
  static func folders(ms: Int64) -> (year: String, month: String, day: String) {
    var seconds = time_t(floorDivide(ms, 1000))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return (
      padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2), padded(Int(parts.tm_mday), 2)
    )
  }

  /// The inverse of `text(ms:)`; nil for anything else.
  static func milliseconds(_ text: some StringProtocol) -> Int64? {
    let bytes = Array(text.utf8)
    let shape = Array("dddd-dd-ddTdd:dd:dd.dddZ".utf8)
    guard bytes.count == shape.count else { return nil }
    for (byte, expected) in zip(bytes, shape) {
      if expected == UInt8(ascii: "d") {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      } else if byte != expected {
        return nil
      }
    }
    func number(_ range: Range<Int>) -> Int32 {
      bytes[range].reduce(0) { $0 * 10 + Int32($1 - UInt8(ascii: "0")) }
    }
    var parts = tm()
    parts.tm_year = number(0..<4) - 1900
    parts.tm_mon = number(5..<7) - 1
    parts.tm_mday = number(8..<10)
    parts.tm_hour = number(11..<13)
    parts.tm_min = number(14..<16)
    parts.tm_sec = number(17..<19)
    return Int64(timegm(&parts)) * 1000 + Int64(number(20..<23))
  }

  private static func utc(seconds: Int64) -> (day: String, time: String) {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let day = [
      padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2), padded(Int(parts.tm_mday), 2),
    ]
    let time = [padded(Int(parts.tm_hour), 2), padded(Int(parts.tm_min), 2), padded(Int(parts.tm_sec), 2)]
    return (day.joined(separator: "-"), time.joined(separator: ":"))
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return a % b < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
