import StetConfig
import StetTestSupport
import Testing

@testable import StetAgent

/// What the table makes of names.
@Suite struct ModelCatalogTests {
  private static let providers = Dictionary(
    uniqueKeysWithValues: ModelTable.shipped.providers.map { ($0.id, $0) })

  private func metadata(_ model: String, _ provider: String?) -> ModelMetadata {
    ModelCatalog.metadata(for: model, provider: provider.flatMap { Self.providers[$0] })
  }

  @Test(
    "T1: the edit tool follows the model's family and what the wire takes",
    arguments: [
      ("gpt-5.5", "openai", ModelMetadata.EditTool.patchFreeform), ("gpt-5-codex", "openai", .patchFreeform),
      ("gpt-6.1-sol", "openai", .patchFreeform), ("codex-mini-latest", "openai", .patchFreeform),
      ("openai/gpt-5.2", "openrouter", .patchFunction), ("gpt-4.1", "openai", .patchFunction),
      ("o4-mini", "openai", .patchFunction), ("claude-opus-4-6", "anthropic", .edit),
      ("anthropic/claude-sonnet-4.5", "openrouter", .edit), ("gemini-2.5-pro", "gemini", .edit),
      ("deepseek-chat", "deepseek", .edit), ("kimi-k2-0905-preview", "moonshot", .edit),
      ("glm-4.6", "zai", .edit), ("grok-4", "xai", .edit), ("who-knows", "openai", .edit),
      ("who-knows", "ollama", .editSmall), ("qwen3-coder:30b", "ollama", .editSmall),
      ("gpt-oss:20b", "ollama", .editSmall), ("gpt-oss:120b", "ollama", .edit),
      ("llama-3.3-70b-instruct", "lmstudio", .edit), ("gemma3-270m", "llamacpp", .editSmall),
      ("deepseek-r1:14b", "ollama", .editSmall), ("openai/gpt-oss-120b", "groq", .edit),
    ])
  func t1_editTool(model: String, provider: String, tool: ModelMetadata.EditTool) {
    let metadata = metadata(model, provider)
    #expect(metadata.editTool == tool)
    let names = Set(ToolCatalog.builtIn(for: metadata).map(\.name))
    #expect(names.contains("apply_patch") || names.isSuperset(of: ["edit", "write"]))
    if tool == .patchFreeform { #expect(metadata.flags.customTools) }
  }

  @Test("T1: no custom tools on the wire: the same patch comes as a function")
  func t1_function() {
    var openAI = Self.providers["openai"]
    openAI?.wireAPI = .chat
    let metadata = ModelCatalog.metadata(for: "gpt-5.5", provider: openAI)
    #expect(metadata.editTool == .patchFunction && !metadata.flags.customTools)
    #expect(ToolCatalog.builtIn(for: metadata).contains { $0.name == "apply_patch" })
  }

  @Test(
    "V5: nobody who is not flagged for it is sent namespaces, custom tools, web_search or client_metadata")
  func v5_flags() {
    for provider in ModelTable.shipped.providers where provider.id != "openai" {
      for model in provider.models + ["x", "claude-sonnet-4-5", "qwen3"] {
        let flags = ModelCatalog.metadata(for: model, provider: provider).flags
        #expect(!flags.namespaces && !flags.webSearch && !flags.clientMetadata, "\(provider.id) \(model)")
        #expect(!flags.customTools && !flags.developerRole, "\(provider.id) \(model)")
      }
    }
    #expect(metadata("mistral-large-latest", "mistral").flags.toolIdFormat == .alphanumeric9)
    #expect(metadata("x", "anthropic").flags.cacheControl)
    #expect(metadata("x", "ollama").flags.textToolCalls && !metadata("x", "openai").flags.textToolCalls)
  }

  @Test("V2: the window of a server that people run themselves is never taken from a name")
  func v2_localWindow() {
    #expect(metadata("qwen3-coder:30b", "ollama").contextWindow == nil)
    #expect(metadata("gpt-oss-20b", "lmstudio").contextWindow == nil)
    #expect(metadata("who-knows", "openai").contextWindow == nil)
    #expect(metadata("who-knows", "openai").window == 32_768)
    #expect(metadata("claude-sonnet-4-5", "anthropic").contextWindow == 200_000)
    var small = metadata("x", "ollama")
    small.windowLimit = 8_192
    #expect(small.window == 8_192)
  }

  @Test(
    "a size is read out of a name",
    arguments: [
      ("qwen3-coder:30b-a3b", 30.0), ("llama3.2:1b", 1), ("Qwen2.5-Coder-32B-Instruct", 32),
      ("gemma3-270m", nil),
      ("gpt-oss:120b", 120), ("phi-4", nil), ("a3b", nil), ("7bx", nil), ("", nil), ("1.5b", 1.5),
    ] as [(String, Double?)])
  func sizes(name: String, size: Double?) {
    #expect(ModelCatalog.billions(name) == size)
  }

  @Test("prices: cached and newly cached input have their own, long prompts another, unknown ones none")
  func prices() throws {
    let claude = try #require(metadata("claude-sonnet-4-5", "anthropic").price)
    let usage = ModelUsage(input: 1_000_000, cachedInput: 600_000, cacheWrite: 100_000, output: 10_000)
    #expect(abs(claude.cost(usage) - (0.3 * 3 + 0.6 * 0.3 + 0.1 * 3.75 + 0.01 * 15)) < 1e-9)
    let gemini = try #require(metadata("gemini-2.5-pro", "gemini").price)
    #expect(abs(gemini.cost(ModelUsage(input: 200_000, output: 0)) - 0.25) < 1e-9)
    #expect(abs(gemini.cost(ModelUsage(input: 300_000, output: 0)) - 0.75) < 1e-9)
    #expect(metadata("gpt-5.5", "openai").price == nil && metadata("qwen3:8b", "ollama").price == nil)
    #expect(claude.cost(ModelUsage(input: -5, cachedInput: 9, output: -1)) == 0)
  }
}
