import Glibc

/// Days as `2026-12-31` in UTC: text that sorts as time does.
enum CalendarDay {
  private static let secondsOfDay = 86_400

  /// Today, or a number of days later.
  static func today(plus days: Int = 0) -> String {
    var seconds = time(nil) + days * secondsOfDay
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return
      "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
  }

  /// Whether a text has the form of a day; others would not sort.
  static func isDay(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 10
      && bytes.indices.allSatisfy {
        [4, 7].contains($0)
          ? bytes[$0] == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0])
      }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
