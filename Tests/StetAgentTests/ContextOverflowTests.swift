import Testing

@testable import StetAgent

/// What servers say when a prompt is too long, as they say it.
struct ContextOverflowTests {
  private static let said: [(Int, String)] = [
    (400, #"{"error":{"code":"context_length_exceeded","message":"x"}}"#),
    (400, #"{"error":{"message":"Your input exceeds the context window of this model."}}"#),
    (
      400,
      #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 213462 tokens > 200000 maximum"}}"#
    ),
    (
      400,
      #"[{"error":{"code":400,"message":"The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)."}}]"#
    ),
    (
      400,
      #"{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (8192 tokens)","type":"exceed_context_size_error"}}"#
    ),
    (
      400,
      #"{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"}"#
    ),
    (400, "The number of tokens to keep from the initial prompt is greater than the context length."),
    (
      400,
      #"{"object":"error","message":"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens"}"#
    ),
    (400, "The decoder prompt (length 9000) is longer than the maximum model length of 8192."),
    (400, #"{"error":"prompt too long; exceeded max context length by 12 tokens"}"#),
    (
      400,
      "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length"
    ),
    (400, #"{"error":{"message":"This endpoint's maximum context length is 131072 tokens.","code":400}}"#),
    (400, #"{"error":{"message":"Please reduce the length of the messages or completion."}}"#),
    (400, "This model's maximum prompt length is 131072 but the request contains 537812 tokens."),
    (400, "prompt token count of 140000 exceeds the limit of 128000"),
    (400, "invalid params, context window exceeds limit"),
    (400, "Your request exceeded model token limit: 262144 (requested: 300000)"),
    (400, #"{"error":{"code":"1261","message":"Prompt exceeds max length"}}"#),
    (500, #"{"error":{"message":"Context size has been exceeded."}}"#), (400, ""), (413, ""),
  ]

  @Test(
    "L10: overflow is recognised in each provider's words, and never tried again as it is", arguments: said)
  func l10_words(status: Int, body: String) {
    let error = ResponsesFault.http(status: status, body: Array(body.utf8), retryAfterMs: nil, host: "h")
    #expect(ContextOverflow.matches(error))
    #expect(!RetryRules.isRetryable(error))
  }

  @Test(
    "L10: other refusals are not taken for overflow",
    arguments: [
      (429, "Rate limit reached: too many tokens in the prompt for this minute"), (401, ""), (403, ""),
      (404, ""), (500, ""), (503, ""), (400, #"{"error":{"message":"Unknown parameter: store"}}"#),
      (413, "Request Entity Too Large"), (422, ""),
    ])
  func l10_others(status: Int, body: String) {
    let error = ResponsesFault.http(status: status, body: Array(body.utf8), retryAfterMs: nil, host: "h")
    #expect(!ContextOverflow.matches(error))
  }

  @Test(
    "L8: a list around the error, a number as its code, a wait in the text",
    arguments: [
      (#"[{"error":{"code":429,"message":"Please retry in 7.35s.","status":"RESOURCE_EXHAUSTED"}}]"#, 7_350),
      (#"{"error":{"message":"Please try again in 820ms"}}"#, 820),
    ])
  func l8_waits(body: String, ms: Int) {
    let error = ResponsesFault.http(status: 429, body: Array(body.utf8), retryAfterMs: nil, host: "h")
    #expect(error.retryAfterMs == ms)
    #expect(error.message.contains("try"))
  }
}
