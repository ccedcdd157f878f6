import StetAgent
import StetConfig
import StetTestSupport
import Testing

/// Which model is taken when little or nothing is configured, and what the user is shown of the search.
@Suite(.timeLimit(.minutes(10)))
struct ModelResolverTests {
  /// Local servers at places where nobody listens.
  private static let dead = ["ollama", "lmstudio", "llamacpp", "vllm"].map {
    "[model_providers.\($0)]\nbase_url = \"http://127.0.0.1:1/v1\"\n"
  }.joined()

  private func resolve(_ config: String, _ variables: [String: String]) async -> ModelResolution {
    let harness = AgentHarness([], model: nil, environment: variables)
    harness.home.write("config.toml", config + Self.dead)
    return await resolve(harness)
  }

  private func resolve(_ harness: AgentHarness) async -> ModelResolution {
    await withCheckedContinuation { continuation in
      harness.agent.modelResolution(cwd: harness.work.path) { continuation.resume(returning: $0) }
    }
  }

  @Test(
    "V10: with nothing configured the first provider whose key is there is taken, and the looks tell the order"
  )
  func anything() async {
    let all = await resolve("", ["OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b"])
    #expect(all.target?.providerId == "openai" && all.target?.model == "gpt-5.5")
    let claude = await resolve(
      "", ["OPENAI_API_KEY": "", "ANTHROPIC_API_KEY": "sk-b", "GEMINI_API_KEY": "c"])
    #expect(claude.target?.providerId == "anthropic" && claude.target?.apiKey == "sk-b")
    #expect(claude.target?.provider?.wireAPI == .messages && claude.target?.model == "claude-sonnet-4-6")
    #expect(claude.looks.map(\.place) == ["model in config.toml", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"])
    #expect(claude.looks.map(\.found) == [false, false, true])
    let kimi = await resolve("", ["MOONSHOT_API_KEY": "k"])
    #expect(kimi.target?.providerId == "moonshot" && kimi.target?.provider?.wireAPI == .chat)
    let nothing = await resolve("", [:])
    #expect(
      nothing.target == nil && nothing.problem?.hasPrefix("No model was found. Set OPENAI_API_KEY") == true)
    #expect(nothing.looks[3].detail.hasPrefix("none of OPENROUTER_API_KEY, GEMINI_API_KEY, "))
    #expect(nothing.looks.map(\.place).suffix(4).map { $0.prefix(4) } == ["Olla", "LM S", "llam", "vLLM"])
  }

  @Test("a model without a provider goes to whom it belongs")
  func unnamed() async {
    let keys = [
      "OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b", "GEMINI_API_KEY": "c", "OPENROUTER_API_KEY": "d",
    ]
    func provider(_ model: String, _ variables: [String: String]) async -> String? {
      await resolve("model = \"\(model)\"\n", variables).target?.providerId
    }
    #expect(await provider("claude-opus-4-6", keys) == "anthropic")
    #expect(await provider("gemini-2.5-pro", keys) == "gemini")
    #expect(await provider("o3", keys) == "openai")
    #expect(await provider("who-knows", keys) == "openai")
    #expect(await provider("anthropic/claude-opus-4.6", keys) == "openrouter")
    #expect(await provider("openai/gpt-5.2", ["OPENAI_API_KEY": "a", "GROQ_API_KEY": "g"]) == "groq")
    #expect(
      await provider("llama-3.3-70b-versatile", ["GROQ_API_KEY": "g", "OPENAI_API_KEY": "a"]) == "groq")
    let missing = await resolve("model = \"gemini-2.5-pro\"\n", ["OPENAI_API_KEY": "a"])
    #expect(missing.target == nil && missing.problem?.contains("GEMINI_API_KEY is not set") == true)
  }

  @Test("V4: a project's choice of a model does not move requests to another provider")
  func v4_projectModel() async {
    let harness = AgentHarness(
      [], model: nil, environment: ["OPENAI_API_KEY": "a", "DEEPSEEK_API_KEY": "b"])
    harness.work.makeDirectory(".git")
    harness.work.write(".stet/config.toml", "model = \"deepseek-chat\"\n")
    harness.home.write(
      "config.toml", "[projects.\"\(harness.work.path)\"]\ntrust_level = \"trusted\"\n" + Self.dead)
    let resolution = await resolve(harness)
    #expect(resolution.target?.model == "deepseek-chat" && resolution.target?.providerId == "openai")
    #expect(resolution.target?.apiKey == "a")
  }

  @Test("V4: a model of a provider can speak another wire than the rest")
  func v4_wire() async {
    let harness = AgentHarness([], model: nil, environment: ["OPENROUTER_API_KEY": "k"])
    harness.home.write("config.toml", "model = \"anthropic/claude-x\"\nmodel_provider = \"openrouter\"\n")
    harness.home.write(
      "models.toml", "[[models]]\nmatch = \"claude*\"\nprovider = \"openrouter\"\nwire = \"messages\"\n")
    #expect(await resolve(harness).target?.provider?.wireAPI == .messages)
  }

  @Test("all three wires are resolved", arguments: ["responses", "chat", "messages"])
  func wires(wire: String) async {
    let config = """
      model = "m"
      model_provider = "mine"
      [model_providers.mine]
      base_url = "http://127.0.0.1:1/v1"
      wire_api = "\(wire)"

      """
    let resolution = await resolve(config, [:])
    #expect(resolution.target?.provider?.wireAPI.rawValue == wire && resolution.problem == nil)
  }
}
