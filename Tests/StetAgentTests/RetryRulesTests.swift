import StetNet
import Testing

@testable import StetAgent

/// What is tried again, and how long is waited (L8, L9): the rules themselves, every status and every failure of the
/// network.
struct RetryRulesTests {
  private func http(_ status: Int, _ code: String? = nil, wait: Int? = nil) -> ModelError {
    ModelError(.http(status: status), code: code, message: "no.", details: "no", retryAfterMs: wait)
  }

  @Test("L8: of all statuses these are tried again, and no others")
  func l8_statuses() {
    let retried = [408, 409, 425, 429] + Array(500...599)
    for status in 300...599 {
      #expect(RetryRules.isRetryable(http(status)) == retried.contains(status), "\(status)")
    }
    for code in RetryRules.fatalCodes { #expect(!RetryRules.isRetryable(http(429, code)), "\(code)") }
  }

  @Test("L8: of the failures of the network those that may pass are tried again")
  func l8_network() {
    func isRetried(_ code: NetErrorCode) -> Bool {
      RetryRules.isRetryable(ModelError(network: NetError(code, "it failed")))
    }
    for code in [
      NetErrorCode.cut, .timeoutIdle, .timeoutFirstByte, .timeoutConnect, .connectionRefused, .unreachable,
      .resolve,
    ] {
      #expect(isRetried(code), "\(code)")
    }
    for code in [NetErrorCode.tls, .redirectRefused, .invalidRequest, .libraryMissing, .other] {
      #expect(!isRetried(code), "\(code)")
    }
  }

  @Test(
    "L9: 429 without a hint waits 1, 2, 4, 8 s, a tenth more or less; a hint is obeyed to the millisecond")
  func l9_waits() {
    for (jitter, part) in [(0.0, 1_000), (1, 1_100), (-1, 900), (.infinity, 1_100)] {
      var rules = RetryRules()
      for factor in [1, 2, 4, 8] {
        guard case .retry(let ms, _) = rules.decide(http(429), jitter: jitter) else {
          Issue.record("not tried again")
          return
        }
        #expect(ms == factor * part)
      }
    }
    for wait in [0, 2_345, 60_000] {
      var rules = RetryRules()
      guard case .retry(wait, _) = rules.decide(http(503, wait: wait), jitter: 1) else {
        Issue.record("\(wait) ms are not waited for")
        return
      }
    }
    var rules = RetryRules()
    guard case .fail(let failure) = rules.decide(http(503, wait: 60_001), jitter: 0) else {
      Issue.record("it waits for more than a minute")
      return
    }
    #expect(failure.message == "no. The server asks to wait for 2 minutes.")
  }

  @Test(
    "L9: a used up limit is not tried again, and the text says when it is reset",
    arguments: [
      (#""resets_in_seconds":59"#, "1 minute."), (#""resets_in_seconds":5400"#, "90 minutes."),
      (#""resets_at":1700010800"#, "3 hours."), (#""resets_at":1700500000"#, "6 days."),
      (#""resets_at":5"#, "0 minutes."),
    ])
  func l9_reset(field: String, text: String) {
    let body = #"{"error":{"type":"usage_limit_reached","plan_type":"plus","message":"Used up.",\#(field)}}"#
    let error = ResponsesFault.http(
      status: 429, body: Array(body.utf8), retryAfterMs: nil, host: "h", nowMs: 1_700_000_000_000)
    var rules = RetryRules()
    guard case .fail(let failure) = rules.decide(error, jitter: 0) else {
      Issue.record("it is tried again")
      return
    }
    #expect(
      failure.info == .usageLimitExceeded && failure.message.hasSuffix(" The limit is reset in \(text)"))
    for nonsense in [#""resets_at":-1"#, #""resets_at":1e300"#, #""resets_at":9223372036854775807"#] {
      let body = #"{"error":{"type":"usage_limit_reached","message":"Used up.",\#(nonsense)}}"#
      let error = ResponsesFault.http(
        status: 429, body: Array(body.utf8), retryAfterMs: nil, host: "h", nowMs: 1)
      #expect(error.retryAfterMs == nil)
    }
  }
}
