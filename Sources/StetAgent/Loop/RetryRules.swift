/// Decides whether a failed response is tried again, and when (L8, L9). Pure: the randomness comes in.
struct RetryRules: Sendable, Hashable {
  /// Silent tries of a request that the server refused.
  var requestRetries = 4
  /// Tries of a stream, each told to the clients.
  var streamRetries = 5
  /// Somebody is there who can end a wait for a server that is not there; else it is given up like a stream.
  var waitsForNetwork = true
  private(set) var requestAttempts = 0
  private(set) var streamAttempts = 0
  private(set) var unreachableAttempts = 0

  init(requestRetries: Int = 4, streamRetries: Int = 5, waitsForNetwork: Bool = true) {
    self.requestRetries = max(0, requestRetries)
    self.streamRetries = max(0, streamRetries)
    self.waitsForNetwork = waitsForNetwork
  }

  enum Decision: Sendable, Hashable {
    /// Wait, then ask again; `notice` is what the clients see meanwhile, nil for a short silent wait.
    case retry(afterMs: Int, notice: TurnFailure?)
    case fail(TurnFailure)
  }

  /// The longest wait that a server may ask for (L9); beyond it the turn ends and says when to come back.
  static let retryAfterLimitMs = 60_000
  /// Waits longer than this are told to the clients although the try is counted as a silent one.
  static let silentLimitMs = 1_500

  /// A response came through: the counts begin anew.
  mutating func succeeded() {
    requestAttempts = 0
    streamAttempts = 0
    unreachableAttempts = 0
  }

  /// `jitter` is a random number from -1 to 1.
  mutating func decide(_ error: ModelError, jitter: Double) -> Decision {
    let failure = ModelFailureText.failure(for: error)
    guard Self.isRetryable(error) else {
      guard failure.info == .usageLimitExceeded, let wait = error.retryAfterMs else { return .fail(failure) }
      return .fail(ModelFailureText.usedUp(failure, resetMs: wait))
    }
    if let wait = error.retryAfterMs, wait > Self.retryAfterLimitMs {
      return .fail(ModelFailureText.waitTooLong(failure, waitMs: wait))
    }
    if error.kind == .unreachable { return unreachable(failure, jitter) }
    if case .http(let status) = error.kind, requestAttempts < requestRetries {
      requestAttempts += 1
      let wait = delay(error, status: status, attempt: requestAttempts, jitter: jitter)
      let text = "The model server answered \(status); trying again in \(Self.seconds(wait))"
      var notice = failure
      notice.message = text
      return .retry(afterMs: wait, notice: wait > Self.silentLimitMs ? notice : nil)
    }
    guard streamAttempts < streamRetries else {
      return .fail(ModelFailureText.exhausted(failure, error))
    }
    streamAttempts += 1
    requestAttempts = 0
    let wait = error.retryAfterMs ?? spread(200 << min(streamAttempts, 6), jitter)
    let notice = TurnFailure(
      "Reconnecting... \(streamAttempts)/\(streamRetries)", info: .streamDisconnected(status: error.status),
      details: failure.message)
    return .retry(afterMs: wait, notice: notice)
  }

  /// L8: these and no others.
  static func isRetryable(_ error: ModelError) -> Bool {
    if ContextOverflow.matches(error) { return false }
    switch error.kind {
    case .unreachable, .cut, .idle, .malformed: return true
    case .configuration: return false
    case .http(let status):
      if let code = error.code, fatalCodes.contains(code) { return false }
      return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500
    case .event(let code):
      return !fatalCodes.contains(code)
    }
  }

  /// Codes that waiting does not mend (agent-core.md §1).
  static let fatalCodes: Set<String> = [
    "usage_limit_reached", "insufficient_quota", "invalid_prompt", "cyber_policy", "usage_not_included",
    "context_length_exceeded", "invalid_api_key", "model_not_found",
  ]

  // MARK: - Parts

  private mutating func unreachable(_ failure: TurnFailure, _ jitter: Double) -> Decision {
    guard waitsForNetwork else { return unattended(failure, jitter) }
    // 5, 10, 20 s, then every 30 s without end: the network comes back, or the user presses esc.
    let wait = min(5_000 << min(unreachableAttempts, 3), 30_000)
    unreachableAttempts += 1
    return .retry(
      afterMs: wait,
      notice: TurnFailure(
        "Reconnecting... waiting for network", info: .streamDisconnected(status: nil),
        details: "\(failure.message) Trying again in \(Self.seconds(wait))."))
  }

  /// Nobody can press esc: as often as a stream that broke, in 13 s by default, and then the reason (L8).
  private mutating func unattended(_ failure: TurnFailure, _ jitter: Double) -> Decision {
    guard unreachableAttempts < streamRetries else { return .fail(failure) }
    unreachableAttempts += 1
    return .retry(
      afterMs: spread(200 << min(unreachableAttempts, 6), jitter),
      notice: TurnFailure(
        "Reconnecting... \(unreachableAttempts)/\(streamRetries)", info: .streamDisconnected(status: nil),
        details: failure.message))
  }

  private func delay(_ error: ModelError, status: Int, attempt: Int, jitter: Double) -> Int {
    if let asked = error.retryAfterMs { return asked }
    // L9: 429 without a hint waits 1, 2, 4, 8 s; the rest 0.2 s doubled.
    let base = status == 429 ? 1_000 << min(attempt - 1, 3) : 200 << min(attempt, 6)
    return spread(base, jitter)
  }

  private func spread(_ base: Int, _ jitter: Double) -> Int {
    base + Int(Double(base) * 0.1 * max(-1, min(1, jitter)))
  }

  static func seconds(_ ms: Int) -> String {
    ms < 1_000 ? "\(ms) ms" : "\((ms + 500) / 1_000) s"
  }
}

extension ModelError {
  /// The HTTP status, where there was one.
  var status: Int? {
    if case .http(let status) = kind { return status }
    return nil
  }
}
