extension ModelError {
  /// Shorter values are no secrets, and cutting them out would garble the text.
  private static let shortestSecret = 8

  /// The error without the values that a request carried in secret: a provider may repeat a key in what it answers, and
  /// what it says goes to clients, into the thread's log and into exports (R10).
  func hiding(_ secrets: [String]) -> ModelError {
    var error = self
    for secret in secrets where secret.utf8.count >= Self.shortestSecret {
      error.message = error.message.replacing(secret, with: "[secret]")
      error.details = error.details?.replacing(secret, with: "[secret]")
      error.code = error.code?.replacing(secret, with: "[secret]")
    }
    return error
  }
}
