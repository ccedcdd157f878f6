import StetNet
import Testing

@Suite struct RetryPolicyTests {
  /// 2026-11-21 08:00:00 UTC.
  let now: Int64 = 1_795_248_000_000

  private func parsed(_ fields: (String, String)...) -> Int? {
    RetryPolicy.parseRetryAfter(headers: HTTPHeaders(fields), nowMs: now)
  }

  @Test("L8: which statuses are tried again") func l8_retryableStatuses() {
    for status in [408, 409, 425, 429, 500, 502, 503, 504, 529, 599] {
      #expect(RetryPolicy.isRetryable(status: status), "\(status)")
    }
    for status in [200, 301, 400, 401, 403, 404, 413, 422, 600] {
      #expect(!RetryPolicy.isRetryable(status: status), "\(status)")
    }
  }

  @Test("L8: which failures of the network are tried again") func l8_retryableErrors() {
    for code in [
      NetErrorCode.cut, .timeoutIdle, .timeoutFirstByte, .timeoutConnect, .connectionRefused, .resolve,
    ] {
      #expect(NetError(code, "").isRetryable)
    }
    for code in [NetErrorCode.tls, .cancelled, .redirectRefused, .invalidRequest, .tooLarge, .badResponse] {
      #expect(!NetError(code, "").isRetryable)
    }
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

  @Test("L9: obeyed up to 60 s, beyond that the turn stops") func l9_retryAfterIsObeyedUpToAMinute() {
    let policy = RetryPolicy.rateLimited
    #expect(policy.delay(attempt: 0, retryAfter: 2_000) == .wait(ms: 2_000))
    #expect(policy.delay(attempt: 9, retryAfter: 60_000) == .wait(ms: 60_000))
    #expect(policy.delay(attempt: 0, retryAfter: 60_001) == .stop(retryAfterMs: 60_001))
    #expect(policy.delay(attempt: 0, retryAfter: -5) == .wait(ms: 0))
  }

  @Test("L9: 429 without it waits 1, 2, 4, 8 s and jitter") func l9_rateLimitDoubles() {
    let plain = RetryPolicy(firstMs: 1_000) { 0 }
    let late = RetryPolicy(firstMs: 1_000) { 1 }
    #expect((0..<5).map { plain.delay(attempt: $0) } == [1, 2, 4, 8, 8].map { .wait(ms: $0 * 1_000) })
    #expect((0..<4).map { late.delay(attempt: $0) } == [1, 2, 4, 8].map { .wait(ms: $0 * 1_100) })
    #expect(RetryPolicy(firstMs: 1_000) { .infinity }.delay(attempt: .max) == .wait(ms: 8_800))
    for attempt in 0..<4 {
      guard case .wait(let ms) = RetryPolicy.rateLimited.delay(attempt: attempt) else {
        Issue.record("no wait")
        return
      }
      #expect((1_000 << attempt...1_100 << attempt).contains(ms))
    }
  }
}
