extension EmbeddedModels {
  /// Wires and providers. Their order is the order in which keys are looked for.
  ///
  /// What a provider is flagged for is what its own documentation promises; the rest is never sent (V5).
  static let providers = #"""
    # What every endpoint of a wire takes.
    [wires.responses]
    store = true
    prompt_cache_key = true
    parallel_field = true
    json_schema = true

    [wires.chat]
    stream_usage = true

    [wires.messages]
    cache_control = true
    tool_id_format = "anthropic"

    # base_url, wire (responses, chat, messages), env_key, models (what the picker offers, the first by default),
    # local (on this machine, needs no key), probe (how a window is asked for: ollama, llamacpp, lmstudio, models), and
    # flags: what the endpoint takes.
    [providers.openai]
    name = "OpenAI"
    base_url = "https://api.openai.com/v1"
    wire = "responses"
    env_key = "OPENAI_API_KEY"
    models = ["gpt-5.5", "gpt-5.2", "gpt-5.2-codex", "gpt-5.1-codex-mini", "gpt-5-mini", "gpt-4.1"]
    store = true
    developer_role = true
    web_search = true
    reasoning_effort = true
    strict = true
    output_limit = "max_completion_tokens"

    [providers.anthropic]
    name = "Anthropic"
    base_url = "https://api.anthropic.com/v1"
    wire = "messages"
    env_key = "ANTHROPIC_API_KEY"
    models = ["claude-sonnet-4-6", "claude-opus-4-6", "claude-haiku-4-5", "claude-sonnet-4-5"]

    [providers.openrouter]
    name = "OpenRouter"
    base_url = "https://openrouter.ai/api/v1"
    wire = "chat"
    env_key = "OPENROUTER_API_KEY"
    models = ["anthropic/claude-sonnet-4.5", "openai/gpt-5.2", "google/gemini-2.5-pro", "z-ai/glm-4.6"]
    probe = "models"
    reasoning_effort = true
    reasoning_field = "reasoning"
    parallel_field = true

    [providers.gemini]
    name = "Gemini"
    base_url = "https://generativelanguage.googleapis.com/v1beta/openai"
    wire = "chat"
    env_key = "GEMINI_API_KEY"
    models = ["gemini-2.5-pro", "gemini-2.5-flash"]
    reasoning_effort = true

    [providers.xai]
    name = "xAI"
    base_url = "https://api.x.ai/v1"
    wire = "chat"
    env_key = "XAI_API_KEY"
    models = ["grok-code-fast-1", "grok-4", "grok-4-fast"]
    json_schema = true
    parallel_field = true
    reasoning_field = "reasoning_content"

    [providers.deepseek]
    name = "DeepSeek"
    base_url = "https://api.deepseek.com/v1"
    wire = "chat"
    env_key = "DEEPSEEK_API_KEY"
    models = ["deepseek-chat", "deepseek-reasoner"]
    reasoning_field = "reasoning_content"

    [providers.mistral]
    name = "Mistral"
    base_url = "https://api.mistral.ai/v1"
    wire = "chat"
    env_key = "MISTRAL_API_KEY"
    models = ["devstral-medium-latest", "mistral-large-latest", "mistral-medium-latest"]
    probe = "models"
    tool_id_format = "alphanumeric9"
    assistant_after_tool = true
    parallel_field = true
    stream_usage = false

    [providers.zai]
    name = "z.ai"
    base_url = "https://api.z.ai/api/paas/v4"
    wire = "chat"
    env_key = "ZAI_API_KEY"
    models = ["glm-4.6", "glm-4.5-air"]
    reasoning_field = "reasoning_content"

    [providers.moonshot]
    name = "Moonshot"
    base_url = "https://api.moonshot.ai/v1"
    wire = "chat"
    env_key = "MOONSHOT_API_KEY"
    models = ["kimi-k2-0905-preview", "kimi-k2-thinking"]
    probe = "models"
    reasoning_field = "reasoning_content"

    [providers.groq]
    name = "Groq"
    base_url = "https://api.groq.com/openai/v1"
    wire = "chat"
    env_key = "GROQ_API_KEY"
    models = ["openai/gpt-oss-120b", "moonshotai/kimi-k2-instruct-0905", "llama-3.3-70b-versatile"]
    probe = "models"
    reasoning_effort = true
    reasoning_field = "reasoning"
    parallel_field = true
    output_limit = "max_completion_tokens"

    [providers.cerebras]
    name = "Cerebras"
    base_url = "https://api.cerebras.ai/v1"
    wire = "chat"
    env_key = "CEREBRAS_API_KEY"
    models = ["gpt-oss-120b", "zai-glm-4.6"]
    reasoning_field = "reasoning"
    parallel_field = true
    output_limit = "max_completion_tokens"

    [providers.together]
    name = "Together"
    base_url = "https://api.together.xyz/v1"
    wire = "chat"
    env_key = "TOGETHER_API_KEY"
    models = ["moonshotai/Kimi-K2-Instruct-0905", "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8"]
    probe = "models"

    [providers.ollama]
    name = "Ollama"
    base_url = "http://127.0.0.1:11434/v1"
    wire = "chat"
    local = true
    probe = "ollama"
    reasoning_field = "reasoning"
    text_tool_calls = true

    [providers.lmstudio]
    name = "LM Studio"
    base_url = "http://127.0.0.1:1234/v1"
    wire = "chat"
    local = true
    probe = "lmstudio"
    reasoning_field = "reasoning_content"
    text_tool_calls = true

    [providers.llamacpp]
    name = "llama.cpp"
    base_url = "http://127.0.0.1:8080/v1"
    wire = "chat"
    local = true
    probe = "llamacpp"
    reasoning_field = "reasoning_content"
    text_tool_calls = true

    [providers.vllm]
    name = "vLLM"
    base_url = "http://127.0.0.1:8000/v1"
    wire = "chat"
    local = true
    probe = "models"
    reasoning_field = "reasoning_content"
    text_tool_calls = true

    """#
}
