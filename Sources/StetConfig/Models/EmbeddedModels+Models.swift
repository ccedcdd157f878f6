extension EmbeddedModels {
  /// Model families. Windows and prices are the makers' published ones; what is not published is left out.
  static let models = #"""
    # Entries count in their order, a later one over an earlier one; those with a provider over those without.
    # match: globs over the name in lower case without its organisation, or over all of it if it has a slash.
    # window and max_output: tokens. edit_tool: patch, edit, edit-small. price: US dollars for a million tokens;
    # price_above: the same beyond so many input tokens. on_wire: only there; wire: the one that this model speaks.
    # The window of a local server is its own: it is asked.

    # OpenAI. The input side of the window; the Responses API as such passes through gateways.
    [[models]]
    match = ["gpt-4.1*", "gpt-4o*", "o1*", "o3*", "o4*"]
    edit_tool = "patch"

    [[models]]
    match = ["gpt-4.1*", "gpt-4o*", "o1*", "o3*", "o4*", "gpt-[5-9]*", "codex-*"]
    on_wire = "responses"
    developer_role = true

    [[models]]
    match = ["gpt-[5-9]*", "codex-*"]
    edit_tool = "patch"
    window = 272000
    max_output = 128000
    images = true
    reasoning = true
    efforts = ["low", "medium", "high"]

    [[models]]
    match = ["gpt-[5-9]*", "codex-*"]
    on_wire = "responses"
    custom_tools = true

    [[models]]
    match = ["gpt-5", "gpt-5-mini*", "gpt-5-nano*", "gpt-5-20*"]
    efforts = ["minimal", "low", "medium", "high"]

    [[models]]
    match = ["gpt-5.[2-9]*"]
    efforts = ["low", "medium", "high", "xhigh"]

    [[models]]
    match = "codex-mini-latest"
    window = 200000
    max_output = 100000

    [[models]]
    match = "gpt-4.1*"
    window = 1047576
    max_output = 32768
    images = true

    [[models]]
    match = "gpt-4o*"
    window = 128000
    max_output = 16384
    images = true

    [[models]]
    match = ["o1*", "o3*", "o4*"]
    window = 200000
    max_output = 100000
    images = true
    reasoning = true
    efforts = ["low", "medium", "high"]

    [[models]]
    match = "gpt-oss*"
    window = 131072
    images = false
    reasoning = true
    efforts = ["low", "medium", "high"]

    # Anthropic. Names with dots are OpenRouter's.
    [[models]]
    match = "claude*"
    edit_tool = "edit"
    window = 200000
    max_output = 64000
    images = true
    thinking = "adaptive"
    efforts = ["low", "medium", "high"]

    [[models]]
    match = ["claude-*-4[-.]5*", "claude-3[-.]7*", "claude-sonnet-4", "claude-sonnet-4-[02]*"]
    thinking = "budget"

    [[models]]
    match = ["claude-opus-4", "claude-opus-4-20*", "claude-opus-4[-.]1*", "claude-opus-4-0*"]
    thinking = "budget"
    max_output = 32000

    [[models]]
    match = "claude-3[-.]5*"
    thinking = "none"
    max_output = 8192

    [[models]]
    match = ["claude-3-haiku*", "claude-3-opus*", "claude-3-sonnet*"]
    thinking = "none"
    max_output = 4096

    # Google
    [[models]]
    match = "gemini*"
    edit_tool = "edit"
    window = 1048576
    max_output = 65536
    images = true
    efforts = ["low", "medium", "high"]

    [[models]]
    match = "gemini-[12].[05]-*"
    max_output = 8192

    [[models]]
    match = "gemini-2.5-*"
    max_output = 65536

    # DeepSeek, Moonshot, z.ai, xAI
    [[models]]
    match = "deepseek*"
    window = 128000
    images = false

    [[models]]
    match = "kimi*"
    window = 131072
    images = false

    [[models]]
    match = ["kimi-k2*0905*", "kimi-k2-turbo*", "kimi-k2-thinking*", "kimi-k2.5*"]
    window = 262144

    [[models]]
    match = "kimi-k2.5*"
    images = true

    [[models]]
    match = ["glm-4*", "zai-glm-4*"]
    window = 131072
    images = false

    [[models]]
    match = ["glm-4.[67]*", "glm-5*"]
    window = 200000
    images = false

    [[models]]
    match = "grok*"
    edit_tool = "edit"
    window = 131072

    [[models]]
    match = ["grok-4*", "grok-code-fast*"]
    window = 256000

    [[models]]
    match = ["grok-4-fast*", "grok-4-1-fast*", "grok-4.1-fast*"]
    window = 2000000

    [[models]]
    match = ["grok-3*", "grok-code-fast*"]
    images = false

    # Mistral and open weights
    [[models]]
    match = ["mistral-*", "devstral*", "ministral*", "magistral*"]
    window = 128000

    [[models]]
    match = ["devstral*", "codestral*"]
    images = false

    [[models]]
    match = ["codestral*", "devstral-2512", "mistral-large-2512"]
    window = 256000

    [[models]]
    match = ["qwen3-coder*", "qwen3-max*"]
    window = 262144
    images = false

    [[models]]
    match = ["llama-3.1*", "llama-3.3*", "meta-llama-3.1*"]
    window = 131072
    images = false

    [[models]]
    match = "minimax-m2*"
    window = 204800
    images = false

    # Prices, where the provider lists them.
    [[models]]
    provider = "openai"
    match = ["gpt-5", "gpt-5-20*", "gpt-5-codex", "gpt-5-chat*", "gpt-5.1*"]
    price = { input = 1.25, cached = 0.125, output = 10 }

    [[models]]
    provider = "openai"
    match = ["gpt-5-mini*", "gpt-5.1-codex-mini*"]
    price = { input = 0.25, cached = 0.025, output = 2 }

    [[models]]
    provider = "openai"
    match = "gpt-5-nano*"
    price = { input = 0.05, cached = 0.005, output = 0.4 }

    [[models]]
    provider = "openai"
    match = ["gpt-5.2", "gpt-5.2-20*", "gpt-5.2-codex*", "gpt-5.2-chat*"]
    price = { input = 1.75, cached = 0.175, output = 14 }

    [[models]]
    provider = "openai"
    match = "codex-mini-latest"
    price = { input = 1.5, cached = 0.375, output = 6 }

    [[models]]
    provider = "openai"
    match = ["gpt-4.1", "gpt-4.1-20*"]
    price = { input = 2, cached = 0.5, output = 8 }

    [[models]]
    provider = "openai"
    match = "gpt-4.1-mini*"
    price = { input = 0.4, cached = 0.1, output = 1.6 }

    [[models]]
    provider = "openai"
    match = "gpt-4.1-nano*"
    price = { input = 0.1, cached = 0.025, output = 0.4 }

    [[models]]
    provider = "openai"
    match = ["gpt-4o", "gpt-4o-2024-08*", "gpt-4o-2024-11*"]
    price = { input = 2.5, cached = 1.25, output = 10 }

    [[models]]
    provider = "openai"
    match = ["gpt-4o-mini", "gpt-4o-mini-20*"]
    price = { input = 0.15, cached = 0.075, output = 0.6 }

    [[models]]
    provider = "openai"
    match = ["o3", "o3-20*"]
    price = { input = 2, cached = 0.5, output = 8 }

    [[models]]
    provider = "openai"
    match = ["o4-mini", "o4-mini-20*"]
    price = { input = 1.1, cached = 0.275, output = 4.4 }

    [[models]]
    provider = "anthropic"
    match = ["claude-sonnet-4*", "claude-3-7-sonnet*", "claude-3-5-sonnet*"]
    price = { input = 3, cached = 0.3, cache_write = 3.75, output = 15 }

    [[models]]
    provider = "anthropic"
    match = ["claude-opus-4", "claude-opus-4-20*", "claude-opus-4-0*", "claude-opus-4-1*", "claude-3-opus*"]
    price = { input = 15, cached = 1.5, cache_write = 18.75, output = 75 }

    [[models]]
    provider = "anthropic"
    match = ["claude-opus-4-5*", "claude-opus-4-6*"]
    price = { input = 5, cached = 0.5, cache_write = 6.25, output = 25 }

    [[models]]
    provider = "anthropic"
    match = "claude-haiku-4-5*"
    price = { input = 1, cached = 0.1, cache_write = 1.25, output = 5 }

    [[models]]
    provider = "anthropic"
    match = "claude-3-5-haiku*"
    price = { input = 0.8, cached = 0.08, cache_write = 1, output = 4 }

    [[models]]
    provider = "gemini"
    match = "gemini-2.5-pro*"
    price = { input = 1.25, cached = 0.125, output = 10 }
    price_above = { tokens = 200000, input = 2.5, cached = 0.25, output = 15 }

    [[models]]
    provider = "gemini"
    match = ["gemini-2.5-flash", "gemini-2.5-flash-preview*"]
    price = { input = 0.3, cached = 0.03, output = 2.5 }

    [[models]]
    provider = "gemini"
    match = "gemini-2.5-flash-lite*"
    price = { input = 0.1, cached = 0.01, output = 0.4 }

    [[models]]
    provider = "deepseek"
    match = ["deepseek-chat", "deepseek-reasoner"]
    price = { input = 0.28, cached = 0.028, output = 0.42 }

    [[models]]
    provider = "xai"
    match = ["grok-4", "grok-4-0709", "grok-3"]
    price = { input = 3, cached = 0.75, output = 15 }

    [[models]]
    provider = "xai"
    match = "grok-code-fast-1*"
    price = { input = 0.2, cached = 0.02, output = 1.5 }

    [[models]]
    provider = "moonshot"
    match = ["kimi-k2-0905*", "kimi-k2-0711*", "kimi-k2-thinking"]
    price = { input = 0.6, cached = 0.15, output = 2.5 }

    [[models]]
    provider = "zai"
    match = ["glm-4.5", "glm-4.6", "glm-4.7"]
    price = { input = 0.6, cached = 0.11, output = 2.2 }

    [[models]]
    provider = "zai"
    match = "glm-4.5-air"
    price = { input = 0.2, cached = 0.03, output = 1.1 }

    [[models]]
    provider = "mistral"
    match = ["mistral-medium-latest", "mistral-medium-2508", "devstral-medium-2507"]
    price = { input = 0.4, output = 2 }

    # Reasoning that an endpoint takes as reasoning_effort only from some of its models.
    [[models]]
    provider = "groq"
    match = ["llama*", "kimi*"]
    reasoning_effort = false

    # Anthropic's breakpoints pass through OpenRouter.
    [[models]]
    provider = "openrouter"
    match = "claude*"
    cache_control = true

    # Whose models they are: a model without a provider goes there.
    [[models]]
    provider = "moonshot"
    match = ["kimi*", "moonshot*"]

    [[models]]
    provider = "anthropic"
    match = "claude*"

    [[models]]
    provider = "gemini"
    match = "gemini*"

    [[models]]
    provider = "deepseek"
    match = "deepseek*"

    [[models]]
    provider = "xai"
    match = "grok*"

    [[models]]
    provider = "zai"
    match = "glm*"

    [[models]]
    provider = "mistral"
    match = ["mistral*", "devstral*", "codestral*", "magistral*", "ministral*"]

    [[models]]
    provider = "openai"
    match = ["gpt-[3-9]*", "o1*", "o3*", "o4*", "codex-*"]

    """#
}
