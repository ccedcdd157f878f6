/// What the reasons of the Chat wire for the end of an answer mean. They decide whether it was cut, nothing else (V6).
enum ChatFinish {
  static func isLength(_ reason: String) -> Bool {
    ["length", "max_tokens", "max_output_tokens", "model_length"].contains(reason.lowercased())
  }

  static func event(_ reason: String, _ usage: ModelUsage?) -> ModelEvent {
    if isLength(reason) { return .incomplete(reason: "max_output_tokens", usage: usage) }
    switch reason.lowercased() {
    case "content_filter", "sensitive", "safety", "refusal":
      return .incomplete(reason: "content_filter", usage: usage)
    default: return .completed(usage)
    }
  }

  /// Reasons that are failures.
  static func fault(_ reason: String) -> ModelError? {
    switch reason.lowercased() {
    case "error", "abort", "network_error":
      ModelError(.cut, message: "The model server broke the answer off (\(reason)).")
    case "insufficient_system_resource":  // DeepSeek
      ModelError(.http(status: 503), message: "The model server has no room for the request (\(reason)).")
    case "model_context_window_exceeded":  // z.ai, which takes any prompt
      ModelError(
        .event(code: "context_length_exceeded"), code: "context_length_exceeded",
        message: "The prompt exceeds the context window of the model.")
    default: nil
    }
  }
}
