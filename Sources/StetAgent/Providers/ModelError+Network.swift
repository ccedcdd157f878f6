import StetConfig
import StetNet

extension ModelError {
  /// What a failed transfer means for the turn (L8): nobody there is waited for, a cut is tried again, a refused
  /// certificate is not.
  ///
  /// - Parameter silence: what to say of a server of this machine where nothing listens.
  init(network error: NetError, silence: String? = nil) {
    if error.code == .connectionRefused, let silence, !error.message.hasPrefix(Self.byProxy) {
      self.init(.unreachable, message: silence, details: error.underlying)
      return
    }
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

  /// How the refusal of a proxy begins: then nothing is known of the server behind it.
  private static let byProxy = "connection refused by the proxy"
}

extension ProviderConfig {
  /// What to say when nothing listens at the address of a server on this machine, with how to start it; nil for the
  /// servers of others.
  var silence: String? {
    guard isLocal else { return nil }
    let start =
      switch kind {
      case "ollama": "Start it with `ollama serve`"
      case "lmstudio": "Start it with `lms server start`, or in LM Studio under Developer"
      case "llamacpp": "Start it with `llama-server -m MODEL.gguf --jinja`"
      case "vllm": "Start it with `vllm serve MODEL`"
      default: "Start the model server"
      }
    return "Nothing listens at \(baseURL) (\(name)). \(start), or choose another provider in config.toml."
  }
}
