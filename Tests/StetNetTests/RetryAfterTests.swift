import StetNet
import Testing

@Suite struct RetryAfterTests {
  /// 2026-11-21 08:00:00 UTC.
  let now: Int64 = 1_795_248_000_000

  private func parsed(_ fields: (String, String)...) -> Int? {
    RetryAfter.parse(headers: HTTPHeaders(fields), nowMs: now)
  }

  @Test("L9: Retry-After in seconds, as a date and in milliseconds") func l9_retryAfterForms() {
    #expect(parsed(("Retry-After", "2")) == 2_000)
    #expect(parsed(("retry-after", "1.5")) == 1_500)
    #expect(parsed(("Retry-After", "0")) == 0)
    #expect(parsed(("retry-after-ms", "250"), ("Retry-After", "60")) == 250)
    #expect(parsed(("Retry-After", "Sat, 21 Nov 2026 08:00:30 GMT")) == 30_000)
    #expect(parsed(("Retry-After", "Saturday, 21-Nov-26 08:00:30 GMT")) == 30_000)
    #expect(parsed(("Retry-After", "Sat Nov 21 08:00:30 2026")) == 30_000)
    #expect(parsed(("Retry-After", "Sat, 21 Nov 2026 07:00:00 GMT")) == 0)
    #expect(parsed(("Retry-After", "Wed, 01 Jan 2099 00:00:00 GMT")).map { $0 > 60_000 } == true)
  }

  @Test(arguments: ["", "soon", "-1", "nan", "inf", "1 2", "12:", "\u{FFFD}"])
  func nonsenseIsNoRetryAfter(text: String) {
    #expect(parsed(("Retry-After", text)) == nil)
  }

  @Test func hugeNumbersDoNotOverflow() {
    #expect(parsed(("Retry-After", "1e300")).map { $0 > 60_000 } == true)
    #expect(parsed(("retry-after-ms", "99999999999999999999999")).map { $0 > 60_000 } == true)
  }
}
