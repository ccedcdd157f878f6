/// Why a turn failed, for the user and for the clients that match on it (protocol.md §2, TurnError).
struct TurnFailure: Error, Sendable, Hashable {
  enum Info: Sendable, Hashable {
    case contextWindowExceeded
    case usageLimitExceeded
    case rateLimitExceeded
    case serverOverloaded
    case cyberPolicy
    case internalServerError
    case unauthorized
    case badRequest
    case connectionFailed(status: Int?)
    case streamDisconnected(status: Int?)
    case tooManyAttempts(status: Int?)
    case other
  }

  var message: String
  var info: Info
  var details: String?

  init(_ message: String, info: Info = .other, details: String? = nil) {
    self.message = message
    self.info = info
    self.details = details
  }
}
