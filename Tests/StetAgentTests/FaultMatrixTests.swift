import StetAgent
import StetProtocol
import StetTestSupport
import Synchronization
import Testing

/// Every row of the table of errors (agent-core.md §1) against a server on the loopback, in virtual time: what is
/// waited for, what the clients are told, how the turn ends, and that the thread goes on afterwards.
@Suite(.timeLimit(.minutes(10)))
struct FaultMatrixTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    /// What the server does before it answers well.
    let faults: [FakeModel.Step]
    /// Milliseconds that are waited for, in order.
    var waits: [Int] = []
    /// How many of them the clients are told of.
    var notices = 0
    /// Nil: the turn ends well.
    var failure: CodexErrorInfo?
    /// What the failure's text has to say.
    var says = ""
    var provider = ""
    /// Requests of the turn; nil: one more than there are faults, or as many where it fails.
    var requests: Int?

    var testDescription: String { name }
  }

  /// Time that passes when it is waited for, and starts where the test wants it.
  private final class Clock: Sendable {
    static let start: Int64 = 1_700_000_000_000
    private let state = Mutex((now: Clock.start, waits: [Int]()))

    var waits: [Int] { state.withLock { $0.waits } }
    var clock: AgentClock {
      AgentClock(
        nowMs: { self.state.withLock { $0.now } },
        sleep: { ms in
          self.state.withLock { state in
            state.now += Int64(ms)
            state.waits.append(ms)
          }
        }, jitter: { 0 })
    }
  }

  private func check(_ row: Row) async throws {
    let clock = Clock()
    let harness = AgentHarness(
      row.faults + [.text("well"), .text("again")], provider: row.provider, clock: clock.clock)
    let thread = try await harness.start().thread.id
    let turn = try await harness.turn(thread, "hi")
    #expect(clock.waits == row.waits)
    let errors = harness.sink.notifications.compactMap { entry in
      if case .error(let value) = entry { value } else { nil }
    }
    #expect(errors.filter(\.willRetry).count == row.notices)
    #expect(turn.status == (row.failure == nil ? .completed : .failed))
    #expect(turn.error?.codexErrorInfo == row.failure)
    #expect(
      row.says.isEmpty || turn.error?.message.contains(row.says) == true, "\(turn.error?.message ?? "")")
    #expect(
      harness.model.requests.count == row.requests ?? row.faults.count + (row.failure == nil ? 1 : 0))
    // L13: whatever happened, the next message is answered.
    #expect(try await harness.turn(thread, "and now?").status == .completed)
    #expect(harness.order().suffix(2) == ["status idle", "turn/completed completed"])
    harness.checkInvariants()
  }

  private static func event(_ code: String, _ message: String = "no") -> FakeModel.Step {
    .respond([.failed(code: code, message: message)])
  }

  private static func body(_ code: String) -> String { #"{"error":{"message":"no","code":"\#(code)"}}"# }

  // MARK: - What is tried again

  static let retried: [Row] =
    [408, 409, 425, 500, 502, 503, 529].map {
      Row(name: "\($0): silently, doubled", faults: [.status($0), .status($0)], waits: [400, 800])
    } + [
      Row(
        name: "5xx five times: then the stream's tries, told",
        faults: Array(repeating: .status(500), count: 5), waits: [400, 800, 1_600, 3_200, 400], notices: 3),
      Row(
        name: "cut in the middle of a text", faults: [.drop("abcdef", after: 1, chunk: 2)], waits: [400],
        notices: 1),
      Row(
        name: "closed without completed", faults: [.respond([.endWithoutCompleted])], waits: [400], notices: 1
      ),
      Row(name: "an event that is no JSON", faults: [.invalidJSON], waits: [400], notices: 1),
      Row(name: "an unknown code", faults: [event("strange_code")], waits: [400], notices: 1),
      Row(name: "overloaded, as an event", faults: [event("server_is_overloaded")], waits: [400], notices: 1),
    ]

  @Test("L8: tried again, and how it is told", arguments: retried)
  func l8_retried(_ row: Row) async throws { try await check(row) }

  @Test("L8: a stream that falls silent is tried again")
  func l8_idle() async throws {
    let gate = Gate()
    defer { gate.open() }
    // The one row in real time: silence is measured on the wire. Long enough for a busy machine's good answers.
    try await check(
      Row(
        name: "idle", faults: [.respond([.comment("a sign of life"), .gate(gate)])], waits: [400], notices: 1,
        provider: "stream_idle_timeout_ms = 5000"))
  }

  @Test("L8: tries are counted; when they are over the turn fails with the last cause")
  func l8_exhausted() async throws {
    try await check(
      Row(
        name: "cut again and again", faults: Array(repeating: .respond([.endWithoutCompleted]), count: 3),
        waits: [400, 800], notices: 2, failure: .responseStreamDisconnected(httpStatusCode: nil),
        provider: "stream_max_retries = 2"))
  }

  // MARK: - How long

  static let delays: [Row] = [
    Row(
      name: "503 with Retry-After", faults: [.status(503, headers: [("retry-after", "2")])], waits: [2_000],
      notices: 1),
    Row(
      name: "429 with Retry-After", faults: [.status(429, headers: [("retry-after", "60")])], waits: [60_000],
      notices: 1),
    Row(
      name: "429 with retry-after-ms", faults: [.status(429, headers: [("retry-after-ms", "820")])],
      waits: [820]),
    Row(
      name: "429 with a date",
      faults: [.status(429, headers: [("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT")])],
      waits: [30_000], notices: 1),
    Row(
      name: "429 without a hint", faults: Array(repeating: .status(429), count: 4),
      waits: [1_000, 2_000, 4_000, 8_000], notices: 3),
    Row(
      name: "an event with a hint in its text",
      faults: [event("rate_limit_exceeded", "Slow down. Please try again in 1.5s.")], waits: [1_500],
      notices: 1),
    Row(
      name: "slow_down with a hint", faults: [event("slow_down", "try again in 250ms")], waits: [250],
      notices: 1),
    Row(
      name: "a date of 2099 is not waited for",
      faults: [.status(429, headers: [("retry-after", "Thu, 01 Jan 2099 00:00:00 GMT")])],
      failure: .responseTooManyFailedAttempts(httpStatusCode: 429), says: "asks to wait for"),
    Row(
      name: "61 seconds are too long", faults: [.status(503, headers: [("retry-after", "61")])],
      failure: .internalServerError, says: "asks to wait for 2 minutes"),
  ]

  @Test("L9: what the server asks for is waited for, up to 60 s", arguments: delays)
  func l9_delays(_ row: Row) async throws { try await check(row) }

  // MARK: - What waiting does not mend

  static let fatal: [Row] = [
    Row(
      name: "400", faults: [.status(400, body: #"{"error":{"message":"bad field"}}"#)], failure: .other,
      says: "bad field"),
    Row(name: "401", faults: [.status(401)], failure: .unauthorized, says: "API key (401)"),
    Row(
      name: "403", faults: [.status(403)], failure: .httpConnectionFailed(httpStatusCode: 403),
      says: "refuses access"),
    Row(
      name: "404", faults: [.status(404)], failure: .httpConnectionFailed(httpStatusCode: 404), says: "(404)"),
    Row(name: "413", faults: [.status(413)], failure: .badRequest),
    Row(name: "422", faults: [.status(422)], failure: .badRequest),
    Row(
      name: "401, cut in its body", faults: [.brokenStatus(401, body: #"{"error":{"mess"#)],
      failure: .unauthorized, says: "API key (401)"),
    Row(name: "422, cut before its body", faults: [.brokenStatus(422, body: "")], failure: .badRequest),
    Row(
      name: "429 usage limit", faults: [.status(429, body: body("usage_limit_reached"))],
      failure: .usageLimitExceeded),
    Row(
      name: "429 quota", faults: [.status(429, body: body("insufficient_quota"))],
      failure: .usageLimitExceeded),
    Row(name: "event: quota", faults: [event("insufficient_quota")], failure: .usageLimitExceeded),
    Row(
      name: "event: usage not included", faults: [event("usage_not_included")], failure: .usageLimitExceeded),
    Row(
      name: "event: invalid prompt", faults: [event("invalid_prompt", "refused")], failure: .other,
      says: "refused"),
    Row(name: "event: cyber policy", faults: [event("cyber_policy")], failure: .named("cyberPolicy")),
    Row(
      name: "a page in place of a stream",
      faults: [.status(200, headers: [("content-type", "text/html")], body: "<html>")], failure: .other,
      says: "is its base_url right?"),
  ]

  @Test("L8: fails at once, with words", arguments: fatal)
  func l8_fatal(_ row: Row) async throws { try await check(row) }

  @Test("L13: a failed turn leaves the thread usable, status and all", arguments: fatal)
  func l13_usable(_ row: Row) async throws {
    let harness = AgentHarness(row.faults + [.text("well")], clock: Clock().clock)
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "hi").status == .failed)
    #expect(harness.order().contains("status systemError"))
    harness.sink.mark("next")
    #expect(try await harness.turn(thread, "again").status == .completed)
    let order = harness.order(after: "next")
    #expect(order.first == "reply" && order.dropFirst().first == "status active")
    #expect(order.suffix(2) == ["status idle", "turn/completed completed"])
    // What was said to no avail stays in the conversation, once.
    #expect(harness.said(harness.model.requests.count - 1) == ["hi", "again"])
    harness.checkInvariants()
  }

  @Test("L10: a prompt that is too long, in any words, is compacted and sent once more, then fails")
  func l10_overflow() async throws {
    let words = [
      Self.event("context_length_exceeded", "too long"),
      .status(
        400,
        body: #"{"error":{"message":"the request exceeds the available context size, try increasing it"}}"#),
      .status(413, body: #"{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#),
    ]
    for refusal in words {
      let summary = String(repeating: "What was done. ", count: 30)
      let harness = AgentHarness([
        .text("one"), refusal, .text(summary), .text("two"), refusal, .text(summary), refusal, .text("three"),
      ])
      let thread = try await harness.start().thread.id
      try await harness.turn(thread, "first")
      #expect(try await harness.turn(thread, "second").status == .completed)
      #expect(harness.model.requests.count == 4)
      let failed = try await harness.turn(thread, "third")
      #expect(failed.error?.codexErrorInfo == .contextWindowExceeded && harness.model.requests.count == 7)
      #expect(try await harness.turn(thread, "fourth").status == .completed)
      harness.checkItems()
    }
  }

  @Test("L14: cut at the output limit, it goes on once; cut by a filter, it fails and keeps what was said")
  func l14_incomplete() async throws {
    let harness = AgentHarness([
      .respond([.text("half "), .incomplete(reason: "max_output_tokens")]), .text("whole"),
      .respond([.text("bad"), .incomplete(reason: "content_filter")]), .text("fine"),
    ])
    let thread = try await harness.start().thread.id
    #expect(try await harness.turn(thread, "talk").status == .completed)
    let filtered = try await harness.turn(thread, "more")
    #expect(filtered.status == .failed && filtered.error?.message.contains("content filter") == true)
    #expect(try await harness.turn(thread, "again").status == .completed)
    #expect(harness.said(3).contains("half ") && harness.said(3).contains("bad"))
    #expect(harness.model.requests.count == 4)
    harness.checkInvariants()
  }
}
