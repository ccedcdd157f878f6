import StetNet

extension ModelError {
  /// What a failed transfer means for the turn (L8): nobody there is waited for, a cut is tried again, a refused
  /// certificate is not.
  init(network error: NetError) {
    let message = error.message.prefix(1).uppercased() + error.message.dropFirst() + "."
    let kind: Kind =
      switch error.code {
      case .connectionRefused, .unreachable, .resolve, .timeoutConnect: .unreachable
      case .timeoutFirstByte, .timeoutIdle: .idle
      case .cut, .cancelled: .cut
      case .badResponse, .tooLarge: .malformed
      default: .configuration
      }
    self.init(kind, message: message, details: error.underlying)
  }
}
