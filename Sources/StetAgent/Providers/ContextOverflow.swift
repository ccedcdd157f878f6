/// Recognises that a prompt was too long, in any provider's words (L10, agent-core.md §9).
enum ContextOverflow {
  static func matches(_ error: ModelError) -> Bool {
    switch error.kind {
    case .event(let code) where code == "context_length_exceeded": return true
    case .http(let status):
      if error.code == "context_length_exceeded" { return true }
      // 429 bodies speak of tokens too ("too many tokens per minute"): those are rate limits.
      guard status == 400 || status == 413 || status == 422 || status == 500 else { return false }
      // Cerebras says nothing at all.
      if status != 422, status != 500, error.code == nil, error.details == nil { return true }
    case .event: break
    default: return false
    }
    let text = ((error.details ?? "") + " " + error.message).lowercased()
    return phrases.contains { text.firstRange(of: $0) != nil }
  }

  /// From the servers' own messages: OpenAI, Anthropic, Bedrock, Google, xAI, Groq, OpenRouter, Copilot, llama.cpp,
  /// LM Studio, vLLM, Ollama, MiniMax, Kimi, Mistral, z.ai, DeepSeek.
  private static let phrases = [
    "context_length_exceeded", "exceeds the context window", "prompt is too long", "input is too long",
    "exceeds the maximum number of tokens", "maximum prompt length is", "reduce the length of the messages",
    "maximum context length", "exceeds the available context size", "greater than the context length",
    "context window exceeds limit", "exceeded model token limit", "exceed context limit",
    "context size has been exceeded", "exceed_context_size", "too large for model with",
    "prompt too long; exceeded", "input token count exceeds", "model_context_window_exceeded",
    "exceeds the limit of", "prompt exceeds max length", "longer than the maximum model length",
    "longer than the model's context length", "exceeds the model's maximum context",
    "trying to keep the first", "exceeds model context", "token limit exceeded",
    "too many tokens in the prompt",
    "please reduce the length of the prompt", "exceeds the model's context", "context window is full",
  ]
}
