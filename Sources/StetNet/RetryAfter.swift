/// What a server says of when to come back (L9). Whether that is waited for is the caller's to decide.
public enum RetryAfter {
  /// What the server asked for, in milliseconds from `nowMs` (Unix time): `retry-after-ms`, else `Retry-After` as
  /// seconds (fractions too) or as a date (RFC 9110 §10.2.3). A date that has passed is 0; nonsense is nil.
  public static func parse(headers: HTTPHeaders, nowMs: Int64) -> Int? {
    if let text = headers["retry-after-ms"], let ms = number(text) { return milliseconds(ms) }
    guard let text = headers["retry-after"] else { return nil }
    if let seconds = number(text) { return milliseconds(seconds * 1000) }
    guard text.contains(where: { $0 == ":" }), case .success(let library) = CurlLibrary.shared else {
      return nil
    }
    let date = library.parseDate(text, nil)
    guard date >= 0 else { return nil }
    let (ms, overflow) = Int64(date).multipliedReportingOverflow(by: 1000)
    return overflow ? nil : max(0, Int(clamping: ms - nowMs))
  }

  private static func number(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite, value >= 0 else { return nil }
    return value
  }

  /// Rounded up, and no larger than a day of days: the caller only compares it.
  private static func milliseconds(_ value: Double) -> Int { Int(min(value, 1e12).rounded(.up)) }
}
