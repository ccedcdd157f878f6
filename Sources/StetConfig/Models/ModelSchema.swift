/// What a model table may hold. Values of another type, and unknown keys, are left out with a warning.
enum ModelSchema {
  /// What an endpoint takes and gives: on a wire, a provider or a model (V5).
  static let flags: [String: ConfigShape] = [
    "developer_role": .bool, "custom_tools": .bool, "namespace": .bool, "web_search": .bool,
    "client_metadata": .bool, "store": .bool, "prompt_cache_key": .bool, "cache_control": .bool,
    "json_schema": .bool, "strict": .bool, "parallel_field": .bool, "reasoning_effort": .bool,
    "stream_usage": .bool, "assistant_after_tool": .bool, "text_tool_calls": .bool,
    "remote_compaction": .bool,
    "reasoning_field": .choice(["reasoning_content", "reasoning", "reasoning_text"]),
    "tool_id_format": .choice(["any", "alphanumeric9", "anthropic"]),
    "output_limit": .choice(["max_tokens", "max_completion_tokens"]),
    "thinking": .choice(["none", "budget", "adaptive"]),
  ]

  static let provider: [String: ConfigShape] = flags.merging([
    "name": .string, "base_url": .string, "wire": .choice(wires), "env_key": .string,
    "env_key_instructions": .string, "models": .strings, "local": .bool,
    "probe": .choice(["ollama", "llamacpp", "lmstudio", "models"]),
  ]) { own, _ in own }

  static let model: [String: ConfigShape] = flags.merging([
    "match": oneOrMore, "provider": oneOrMore, "on_wire": .choice(wires),
    "wire": .choice(wires), "edit_tool": .choice(["patch", "edit", "edit-small"]), "window": tokens,
    "max_output": tokens,
    "images": .bool, "parallel": .bool, "reasoning": .bool, "efforts": .strings, "price": price,
    "price_above": .table(rates.merging(["tokens": tokens]) { own, _ in own }),
  ]) { own, _ in own }

  private static let wires = ["responses", "chat", "messages"]
  private static let oneOrMore = ConfigShape.either([.string, .strings])
  private static let tokens = ConfigShape.integer(1...1 << 32)
  private static let price = ConfigShape.table(rates)
  private static let rates: [String: ConfigShape] = [
    "input": .number, "cached": .number, "cache_write": .number, "output": .number,
  ]
}
