import StetProcess
import StetTestSupport
import Testing

/// `stet doctor` says what is kept where, for each provider (zero data retention, V2, V10).
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct DoctorTests {
  private func doctor(_ config: String, _ variables: [String: String] = [:]) async throws -> String {
    let (home, work) = (TempDirectory("doctor-home"), TempDirectory("doctor-work"))
    home.write("config.toml", config)
    let result = try await ProcessSession.run(
      Command(
        argv: [Program.folder + "/stet", "doctor"], cwd: work.path,
        environment: Program.environment(home: home, variables)))
    return String(decoding: result.output, as: UTF8.self)
  }

  @Test("V10: a hosted provider: the wire, where the key is from, store:false, the proxy; never the key")
  func hosted() async throws {
    let proxy = try LoopbackServer { $0.respond(403) }
    let text = try await doctor(
      """
      model = "gpt-5.2"
      model_provider = "openai"
      [model_providers.corp]
      base_url = "http://llm.invalid/v1"
      wire_api = "chat"
      env_key = "CORP_KEY"
      """,
      [
        "OPENAI_API_KEY": "sk-secret-1", "HTTPS_PROXY": "http://ada:pw-secret@127.0.0.1:\(proxy.port)",
        "no_proxy": "llm.invalid",
      ])
    #expect(text.contains("OpenAI at https://api.openai.com/v1, wire responses"))
    #expect(text.contains("key from OPENAI_API_KEY"))
    #expect(
      text.contains("store:false with each request; reasoning comes back encrypted and is kept only here"))
    #expect(text.contains("through the proxy 127.0.0.1:\(proxy.port)"))
    #expect(text.contains("window 272000 tokens, from the model table"))
    #expect(text.contains("no key: CORP_KEY is not set"))
    #expect(text.contains("the wire stores no conversation"))
    #expect(!text.contains("secret"))
  }

  @Test("V2: a local server: its own window, and nothing leaves the machine")
  func local() async throws {
    let server = try LoopbackServer { exchange in
      exchange.respond(
        exchange.path == "/props" || exchange.path == "/v1/models" ? 200 : 404,
        body: #"{"default_generation_settings":{"n_ctx":24576},"data":[{"id":"m"}]}"#)
    }
    let text = try await doctor(
      "model = \"m\"\nmodel_provider = \"llamacpp\"\n[model_providers.llamacpp]\nbase_url = \"\(server.url)/v1\"\n"
    )
    #expect(text.contains("window 24576 tokens, as the server says"))
    #expect(text.contains("nothing of a thread leaves this machine"))
    #expect(text.contains("no key is needed"))
    #expect(text.contains("\(server.url)/v1/models answers (HTTP 200)"))
  }

  @Test("a model that Ollama passes on to its maker is not called local; other wires say what they keep")
  func passedOn() async throws {
    let server = try LoopbackServer { $0.respond(404) }
    let text = try await doctor(
      """
      model = "gpt-oss:120b-cloud"
      model_provider = "ollama"
      [model_providers.ollama]
      base_url = "\(server.url)/v1"
      [model_providers.anthropic]
      base_url = "http://messages.invalid/v1"
      wire_api = "messages"
      """)
    #expect(text.contains("gpt-oss:120b-cloud runs on Ollama's servers"))
    #expect(!text.contains("nothing of a thread leaves this machine"))
    #expect(text.contains("the wire stores no conversation"))
  }
}
