import StetProtocol

extension TurnFailure {
  var wire: TurnError {
    TurnError(message: message, codexErrorInfo: info.wire, additionalDetails: details)
  }
}

extension TurnFailure.Info {
  var wire: CodexErrorInfo {
    switch self {
    case .contextWindowExceeded: .contextWindowExceeded
    case .usageLimitExceeded: .usageLimitExceeded
    case .rateLimitExceeded: .rateLimitExceeded
    case .serverOverloaded: .serverOverloaded
    case .cyberPolicy: .named("cyberPolicy")
    case .internalServerError: .internalServerError
    case .unauthorized: .unauthorized
    case .badRequest: .badRequest
    case .connectionFailed(let status): .httpConnectionFailed(httpStatusCode: status)
    case .streamDisconnected(let status): .responseStreamDisconnected(httpStatusCode: status)
    case .tooManyAttempts(let status): .responseTooManyFailedAttempts(httpStatusCode: status)
    case .other: .other
    }
  }
}
