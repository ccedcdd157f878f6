import StetConfig
import StetNet
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Windows asked of scripted servers, and what a thread makes of the answer.
@Suite(.timeLimit(.minutes(10)))
struct WindowProbeTests {
  private let http = HTTPClient(environment: [:])

  private func facts(
    _ server: ProbeServer, _ kind: ProviderConfig.Probe?, local: Bool = true, probe: WindowProbe? = nil
  ) async -> ModelFacts {
    var provider = ProviderConfig(id: "x", name: "X", baseURL: server.url + "/v1")
    provider.probe = kind
    provider.isLocal = local
    return await (probe ?? self.probe()).facts(
      ModelTarget(provider: provider, providerId: "x", model: "m", apiKey: nil))
  }

  private func probe(limitMs: Int = 100_000) -> WindowProbe {
    let keys = ProviderKeys(
      variables: [:], file: APIKeyFile(home: StetHome(root: "/nonexistent")), nowMs: { 0 })
    return WindowProbe(http: http, keys: keys, limitMs: limitMs)
  }

  private static let shown: ProbeServer.Answer = .json([
    "model_info": ["llama.context_length": 131_072], "parameters": "num_ctx 8192",
  ])

  @Test("V2: each server is asked in its own way, and only in that one")
  func v2_shapes() async throws {
    let ollama = try ProbeServer([
      "GET /api/ps": .json(["models": [["name": "m", "context_length": 4_096]]]),
      "POST /api/show": Self.shown,
    ])
    #expect(await facts(ollama, .ollama) == ModelFacts(window: 4_096, limit: 131_072))
    #expect(Set(ollama.requests) == ["GET /api/ps", "POST /api/show"])
    let llama = try ProbeServer(["GET /props": .json(["default_generation_settings": ["n_ctx": 16_384]])])
    #expect(await facts(llama, .llamacpp).window == 16_384 && llama.requests == ["GET /props"])
    let studio = try ProbeServer([
      "GET /api/v0/models": .json(["data": [["id": "m", "loaded_context_length": 12_000]]])
    ])
    #expect(await facts(studio, .lmstudio).window == 12_000)
    let vllm = try ProbeServer(["GET /v1/models": .json(["data": [["id": "m", "max_model_len": 32_000]]])])
    #expect(await facts(vllm, .models).window == 32_000 && vllm.requests == ["GET /v1/models"])
  }

  @Test("V2: a local server that nobody knows is asked in every way; a hosted one only for its list")
  func v2_unknownServer() async throws {
    let hidden = try ProbeServer([
      "GET /v1/models": .json(["data": [["id": "m"]]]), "GET /api/ps": .json(["models": []]),
      "POST /api/show": Self.shown, "GET /api/version": .json(["version": "0.12.0"]),
    ])
    #expect(await facts(hidden, nil).window == 8_192)
    // To a server that does not say it is Ollama nothing is posted: it may be anything.
    let other = try ProbeServer(["GET /v1/models": .json(["data": [["id": "m"]]])])
    let once = self.probe()
    for _ in 0..<2 { #expect(await facts(other, nil, probe: once) == ModelFacts()) }
    #expect(other.requests.allSatisfy { $0.hasPrefix("GET ") } && other.requests.count == 4)
    let hosted = try ProbeServer(["GET /v1/models": .json(["data": [["id": "m"]]])])
    let probe = probe()
    for _ in 0..<2 { #expect(await facts(hosted, nil, local: false, probe: probe) == ModelFacts()) }
    #expect(hosted.requests == ["GET /v1/models"], "it will not say more the next time")
  }

  @Test("V2: malformed answers, errors and silence are as if the server knew nothing, in bounded time")
  func v2_malformed() async throws {
    let broken: [ProbeServer.Answer] = [
      .text("<html>"), .text(""), .status(500), .json(nil), .json(["default_generation_settings": "x"]),
      .text("{\"default_generation_settings\":{\"n_ctx\":"), .silence,
    ]
    for answer in broken {
      let server = try ProbeServer(["GET /props": answer])
      #expect(await facts(server, .llamacpp, probe: probe(limitMs: 1_000)) == ModelFacts())
    }
  }

  @Test("V2: a window is asked for once; while the server does not say it, it is asked again")
  func v2_cache() async throws {
    let server = try ProbeServer([
      "GET /api/ps": .json(["models": []]),
      "POST /api/show": .json(["model_info": ["llama.context_length": 131_072]]),
    ])
    let probe = probe()
    #expect(await facts(server, .ollama, probe: probe) == ModelFacts(limit: 131_072))
    server.answer("GET /api/ps", .json(["models": [["name": "m:latest", "context_length": 4_096]]]))
    #expect(await facts(server, .ollama, probe: probe).window == 4_096)
    let count = server.requests.count
    #expect(await facts(server, .ollama, probe: probe).window == 4_096)
    #expect(server.requests.count == count && count == 4)
  }

  // MARK: - In a thread

  private func harness(_ server: ProbeServer, _ id: String, _ more: String = "") -> AgentHarness {
    let harness = AgentHarness([], model: nil)
    harness.home.write(
      "config.toml",
      """
      model = "m"
      model_provider = "\(id)"
      [model_providers.\(id)]
      base_url = "\(server.url)/v1"
      wire_api = "responses"
      \(more)
      """)
    return harness
  }

  private func windows(_ harness: AgentHarness) -> [Int?] {
    harness.sink.notifications.compactMap {
      if case .threadTokenUsageUpdated(let value) = $0 { value.tokenUsage.modelContextWindow } else { nil }
    }
  }

  @Test("V2: the first turn counts with the window that the server runs with")
  func v2_thread() async throws {
    let server = try ProbeServer([
      "GET /props": .json(["default_generation_settings": ["n_ctx": 24_000]]),
      "POST /v1/responses": .stream("hi", input: 2_000),
    ])
    let harness = harness(server, "llamacpp")
    let id = try await harness.start().thread.id
    #expect(try await harness.turn(id, "one").status == .completed)
    #expect(try await harness.turn(id, "two").status == .completed)
    #expect(windows(harness) == [24_000, 24_000])
    #expect(harness.warnings.isEmpty)
    #expect(server.requests.filter { $0 == "GET /props" }.count == 1)
    // One, unless the machine is so busy that two minutes pass between two of them: then libcurl lets go of it.
    #expect(server.connections < 3, "one connection serves the question and two turns")
  }

  @Test("L6: a server that is silent about its window keeps no interrupt waiting")
  func l6_silentServer() async throws {
    // It would be waited for longer than the suite's limit.
    let server = try ProbeServer(["GET /props": .silence, "POST /v1/responses": .stream("hi", input: 2_000)])
    let harness = harness(server, "llamacpp")
    let id = try await harness.start().thread.id
    let turn = try await harness.begin(id, "one")
    _ = try await eventually("the server is asked") { server.requests.contains("GET /props") ? true : nil }
    try await harness.interrupt(id, turn.id)
    #expect(await harness.ended(turn.id).status == .interrupted)
    #expect(harness.order().contains("completed userMessage"), "the message is not lost")
    #expect(!server.requests.contains("POST /v1/responses"))
    harness.checkItems()
  }

  enum Other: CaseIterable { case compaction, review, shell }

  @Test(
    "L6: nor an interrupt of a turn of another kind",
    arguments: Other.allCases)
  func l6_silentServerOfOthers(kind: Other) async throws {
    let server = try ProbeServer(["GET /props": .silence, "POST /v1/responses": .stream("hi", input: 2_000)])
    let harness = harness(server, "llamacpp")
    let id = try await harness.start().thread.id
    harness.sink.mark("begin")
    switch kind {
    case .compaction:
      _ = try await harness.call {
        harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: id), reply: $0)
      }
    case .review:
      let params = ReviewStartParams(threadId: id, target: .custom(instructions: "look at a"))
      _ = try await harness.call { harness.agent.reviewStart(params, reply: $0) }
    case .shell:
      let params = ThreadShellCommandParams(threadId: id, command: "true")
      _ = try await harness.call { harness.agent.threadShellCommand(params, reply: $0) }
    }
    let turn = await harness.begun(after: "begin")
    _ = try await eventually("the server is asked") { server.requests.contains("GET /props") ? true : nil }
    if kind == .shell { #expect(try await harness.begin(id, "and then").id == turn) }
    try await harness.interrupt(id, turn)
    #expect(await harness.ended(turn).status == .interrupted)
    #expect(!server.requests.contains("POST /v1/responses"))
    harness.checkItems()
  }

  @Test("V2: an unknown window is 32k with one warning that says how to mend it, never 272k")
  func v2_unknown() async throws {
    let server = try ProbeServer(["POST /v1/responses": .stream("hi", input: 2_000)])
    let harness = harness(server, "vllm")
    let id = try await harness.start().thread.id
    try await harness.turn(id, "one")
    try await harness.turn(id, "two")
    #expect(windows(harness) == [nil, nil])
    let warnings = harness.warnings.filter { $0.contains("context window of m is not known") }
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("32768 tokens are assumed") == true)
    #expect(warnings.first?.contains("model_context_window") == true)
  }

  @Test("V2: the warning comes once for a model, not with every thread")
  func v2_onceForAModel() async throws {
    let server = try ProbeServer(["POST /v1/responses": .stream("hi", input: 2_000)])
    let harness = harness(server, "vllm")
    for text in ["one", "two"] {
      let id = try await harness.start().thread.id
      try await harness.turn(id, text)
    }
    #expect(harness.warnings.count { $0.contains("context window of m is not known") } == 1)
  }

  @Test("V2: what a model was made for is no window; a smaller limit is one", arguments: [131_072, 16_000])
  func v2_limitOnly(limit: Int) async throws {
    let server = try ProbeServer([
      "GET /v1/models": .json(["data": [["id": "m", "meta": ["n_ctx_train": JSONValue(limit)]]]]),
      "POST /v1/responses": .stream("hi", input: 2_000),
    ])
    let harness = harness(server, "vllm")
    let id = try await harness.start().thread.id
    try await harness.turn(id, "one")
    let assumed = min(limit, 32_768)
    #expect(windows(harness) == [nil])
    #expect(harness.warnings.contains { $0.contains("\(assumed) tokens are assumed") })
    let uses = harness.sink.notifications.compactMap {
      if case .threadTokenUsageUpdated(let value) = $0 { value.stet } else { nil }
    }
    #expect(uses.map(\.window) == [assumed], "it is what the thread counts with")
  }

  @Test("V2: a window that is too small to work in is told with the fix")
  func v2_small() async throws {
    let server = try ProbeServer([
      "GET /api/ps": .json(["models": [["name": "m", "context_length": 8_192]]]),
      "POST /v1/responses": .stream("hi", input: 2_900),
    ])
    let harness = harness(server, "ollama")
    let id = try await harness.start().thread.id
    try await harness.turn(id, "one")
    try await harness.turn(id, "two")
    #expect(harness.warnings.count == 1)
    #expect(harness.warnings.first?.contains("only 8192 tokens") == true)
    #expect(harness.warnings.first?.contains("OLLAMA_CONTEXT_LENGTH") == true)
  }

  // MARK: - V3

  @Test("V3: a server that read less than the prompt fails the turn with the fix")
  func v3_cut() async throws {
    let server = try ProbeServer(["POST /v1/responses": .stream("I see nothing", input: 2_048)])
    let harness = harness(server, "ollama")
    let id = try await harness.start().thread.id
    let turn = try await harness.turn(id, String(repeating: "a long and plain sentence. ", count: 600))
    #expect(turn.status == .failed)
    let message = turn.error?.message ?? ""
    #expect(message.hasPrefix("The server cut the prompt: Ollama read 2048 of about "))
    #expect(message.contains("OLLAMA_CONTEXT_LENGTH=") && message.contains("num_ctx"))
    #expect(
      harness.sink.notifications.contains { if case .threadTokenUsageUpdated = $0 { true } else { false } })
    #expect(server.requests.filter { $0.hasPrefix("POST /v1") }.count == 1, "it is not tried again")
    // The thread stays usable (L13).
    server.answer("POST /v1/responses", .stream("now I do", input: 9_000))
    #expect(try await harness.turn(id, "again").status == .completed)
  }

  @Test("V3: no summary is made of a cut prompt: the compaction fails and the history stays")
  func v3_compaction() async throws {
    let server = try ProbeServer(["POST /v1/responses": .stream("understood", input: 7_000)])
    let harness = harness(server, "ollama")
    let id = try await harness.start().thread.id
    try await harness.turn(id, String(repeating: "a long and plain sentence. ", count: 600))
    let summary = String(repeating: "The summary of what was done. ", count: 20)
    server.answer("POST /v1/responses", .stream(summary, input: 2_048))
    harness.sink.mark("compact")
    let _: EmptyResponse = try await harness.call {
      harness.agent.threadCompactStart(ThreadCompactStartParams(threadId: id), reply: $0)
    }
    let turn = await harness.ended(await harness.begun(after: "compact"))
    #expect(turn.status == .failed)
    #expect(turn.error?.message.hasPrefix("The server cut the prompt: Ollama read 2048 of about ") == true)
  }

  @Test("V3: a window that fills up slowly is noticed too, and a hosted provider's count is believed")
  func v3_slowly() {
    var cut = PromptCut()
    var provider = ProviderConfig(id: "ollama", name: "Ollama", baseURL: "http://127.0.0.1:1/v1")
    (provider.isLocal, provider.probe) = (true, .ollama)
    let target = ModelTarget(provider: provider, providerId: "ollama", model: "m", apiKey: nil)
    let item = PromptItem(MessageItem.user(String(repeating: "word ", count: 400)))
    var items: [PromptItem] = []
    var failedAt: Int?
    for count in 1...20 where failedAt == nil {
      items.append(item)
      let expected = cut.expect(items, tools: 0, target)
      let usage = ModelUsage(input: min(count * 500, 4_096), output: 1)
      if PromptCut.fault(.completed(usage), expected) != nil { failedAt = count }
      if let expected { cut.note(usage, expected) }
    }
    #expect(failedAt == 12, "5,900 of 4,096")
    provider.probe = nil
    let hosted = ModelTarget(provider: provider, providerId: "x", model: "m", apiKey: nil)
    #expect(cut.expect(items, tools: 0, hosted) == nil)
  }

  @Test("V3: a prompt that fits into the window that the server told is not cut, however long its tokens are")
  func v3_fits() async throws {
    var answers: [String: ProbeServer.Answer] = ["POST /v1/responses": .stream("yes", input: 2_500)]
    answers["GET /api/ps"] = .json(["models": [["name": "m", "context_length": 32_768]]])
    let server = try ProbeServer(answers)
    let harness = harness(server, "ollama")
    let id = try await harness.start().thread.id
    let prose = String(repeating: "a long and plain sentence. ", count: 600)
    #expect(try await harness.turn(id, prose).status == .completed)
    // The window that the user sets is no word of the server's.
    let other = try ProbeServer(answers)
    let told = self.harness(other, "ollama")
    let rest = told.home.text("config.toml") ?? ""
    told.home.write("config.toml", "model_context_window = 32768\n" + rest)
    let second = try await told.start().thread.id
    #expect(try await told.turn(second, prose).status == .failed)
  }

  @Test("V3: a server that refuses what is too long is believed when its template leaves the tools out")
  func v3_noTools() async throws {
    let server = try ProbeServer([
      "GET /props": .json(["default_generation_settings": ["n_ctx": 8_192]]),
      "POST /v1/responses": .stream("yes", input: 1_500),
    ])
    let harness = harness(server, "llamacpp")
    let id = try await harness.start().thread.id
    #expect(
      try await harness.turn(id, String(repeating: "a plain sentence. ", count: 200)).status == .completed)
  }

  @Test("V3: small prompts, missing counts, images and counts with the cache apart are no cut")
  func v3_careful() {
    var cut = PromptCut()
    var provider = ProviderConfig(id: "ollama", name: "Ollama", baseURL: "http://127.0.0.1:1/v1")
    (provider.isLocal, provider.probe) = (true, .ollama)
    let target = ModelTarget(provider: provider, providerId: "ollama", model: "m", apiKey: nil)
    let small = cut.expect([PromptItem(MessageItem.user("hi"))], tools: 900, target)
    #expect(PromptCut.fault(.completed(ModelUsage(input: 1, output: 1)), small) == nil)
    let long = cut.expect(
      [PromptItem(MessageItem.user(String(repeating: "x", count: 35_000)))], tools: 0, target)
    #expect(PromptCut.fault(.completed(nil), long) == nil)
    #expect(PromptCut.fault(.completed(ModelUsage(input: 0, output: 1)), long) == nil)
    #expect(PromptCut.fault(.completed(ModelUsage(input: 3_000, output: 1)), long) != nil)
    #expect(PromptCut.fault(.completed(ModelUsage(input: 3_000, cachedInput: 6_000, output: 1)), long) == nil)
    let image: JSONValue = [
      "type": "message", "role": "user",
      "content": [["type": "input_image", "image_url": .string(String(repeating: "A", count: 90_000))]],
    ]
    #expect(cut.expect([PromptItem(image)], tools: 0, target)?.tokens == 0)
  }
}
