/// The words for a failed response: what happened and, where there is something, what to do.
enum ModelFailureText {
  static func failure(for error: ModelError) -> TurnFailure {
    if ContextOverflow.matches(error) {
      return TurnFailure(
        "The conversation no longer fits into the model's context window. Start a new thread, or go on with a model "
          + "that has a larger window.",
        info: .contextWindowExceeded, details: error.details)
    }
    switch error.kind {
    case .unreachable:
      return TurnFailure(error.message, info: .connectionFailed(status: nil), details: error.details)
    case .http(let status): return http(status, error)
    case .cut, .idle, .malformed:
      return TurnFailure(error.message, info: .streamDisconnected(status: nil), details: error.details)
    case .event(let code):
      return TurnFailure(error.message, info: info(code: code) ?? .other, details: error.details)
    case .configuration:
      return TurnFailure(error.message, info: .other, details: error.details)
    }
  }

  static func waitTooLong(_ failure: TurnFailure, waitMs: Int) -> TurnFailure {
    var failure = failure
    failure.message += " The server asks to wait for \(span(waitMs))."
    return failure
  }

  /// A limit of the account: nothing is tried again, the user learns when it is over (L9).
  static func usedUp(_ failure: TurnFailure, resetMs: Int) -> TurnFailure {
    var failure = failure
    failure.message += " The limit is reset in \(span(resetMs))."
    return failure
  }

  private static func span(_ ms: Int) -> String {
    let minutes = (ms + 59_999) / 60_000
    if minutes < 120 { return "\(minutes) minute\(minutes == 1 ? "" : "s")" }
    let hours = (minutes + 59) / 60
    return hours < 72 ? "\(hours) hours" : "\((hours + 23) / 24) days"
  }

  static func exhausted(_ failure: TurnFailure, _ error: ModelError) -> TurnFailure {
    var failure = failure
    if case .http(let status) = error.kind, failure.info != .internalServerError {
      failure.info = .tooManyAttempts(status: status)
    }
    return failure
  }

  private static func http(_ status: Int, _ error: ModelError) -> TurnFailure {
    if let known = error.code.flatMap(info(code:)) {
      return TurnFailure(error.message, info: known, details: error.details)
    }
    let info: TurnFailure.Info =
      switch status {
      case 401: .unauthorized
      case 400: .other  // as Codex names it
      case 413, 422: .badRequest
      case 429: .tooManyAttempts(status: 429)
      case 500...: .internalServerError
      default: .connectionFailed(status: status)
      }
    return TurnFailure(error.message, info: info, details: error.details)
  }

  private static func info(code: String) -> TurnFailure.Info? {
    switch code {
    case "usage_limit_reached", "insufficient_quota", "usage_not_included": .usageLimitExceeded
    case "rate_limit_exceeded", "slow_down": .rateLimitExceeded
    case "server_is_overloaded", "overloaded_error": .serverOverloaded
    case "cyber_policy": .cyberPolicy
    case "context_length_exceeded": .contextWindowExceeded
    case "invalid_api_key": .unauthorized
    default: nil
    }
  }
}
