import StetProtocol

extension ErrorContent {
  /// A failure that ended something.
  init(_ error: TurnError) {
    message = error.message
    details = error.additionalDetails
    willRetry = false
    advice = Self.advice(error)
  }

  /// A failure that the server tries again by itself.
  init(retrying error: TurnError, retryAt: Instant?) {
    self.init(error)
    // Nothing is to be done: the server is at it.
    advice = nil
    willRetry = true
    self.retryAt = retryAt
  }

  /// What was kept and the next thing to do (U28).
  private static func advice(_ error: TurnError) -> String? {
    switch error.codexErrorInfo {
    case .contextWindowExceeded:
      return "The conversation is longer than the model can read. It is all kept; /new starts a fresh thread."
    case .unauthorized:
      return
        "The key was refused. Everything is kept; set the key and send the message again (↑ brings it back)."
    case .httpConnectionFailed(let status):
      if status == 401 || status == 403 {
        return
          "The key was refused. Everything is kept; set the key and send the message again (↑ brings it back)."
      }
      if let status {
        return
          "The endpoint answered \(status). Everything is kept; check the model and base_url, then ↑ enter tries again."
      }
      return
        "The endpoint can't be reached. Everything is kept; ↑ enter tries again, stet doctor looks into it."
    case .usageLimitExceeded, .rateLimitExceeded, .responseTooManyFailedAttempts:
      return "The limit is the provider's. Everything is kept; ↑ enter tries again later."
    case .serverOverloaded, .internalServerError, .responseStreamConnectionFailed,
      .responseStreamDisconnected:
      return "Everything up to here is kept; ↑ enter tries again."
    default: return nil
    }
  }
}
