import StetAgent
import StetNet
import StetProtocol
import StetTestSupport
import Testing

/// What a new thread is: defaults, trust, the model that is found.
@Suite(.timeLimit(.minutes(10)))
struct ThreadStartTests {
  @Test("defaults: on-request; read-only unless the directory is trusted; the server's directory")
  func defaults() async throws {
    let harness = AgentHarness([])
    let start = try await harness.start()
    #expect(start.approvalPolicy == .onRequest)
    #expect(start.sandbox == .readOnly(networkAccess: false))
    #expect(start.cwd == harness.work.path && start.runtimeWorkspaceRoots == [harness.work.path])
    #expect(start.model == "mock-model" && start.modelProvider == "mock")
    #expect(start.thread.preview == "" && start.thread.turns.isEmpty && start.thread.status == .idle)
    #expect(start.thread.path?.hasPrefix(harness.home.path) == true)
  }

  @Test("an explicit workspace-write trusts the directory, also for later threads; a user's no stays a no")
  func trust() async throws {
    let harness = AgentHarness([])
    _ = try await harness.start(ThreadStartParams(sandbox: .workspaceWrite))
    #expect(harness.home.text("config.toml")?.contains("trust_level = \"trusted\"") == true)
    let later = try await harness.start()
    guard case .workspaceWrite = later.sandbox else { throw Unexpected() }

    let work = TempDirectory("work")
    let no = "[projects.\"\(work.path)\"]\ntrust_level = \"untrusted\""
    let refusing = AgentHarness([], provider: no, work: work)
    _ = try await refusing.start(ThreadStartParams(sandbox: .workspaceWrite))
    #expect(refusing.home.text("config.toml")?.contains("trust_level = \"trusted\"") == false)
  }

  @Test("params win over the configuration; the directory is taken by its real path")
  func params() async throws {
    let harness = AgentHarness([], settings: "approval_policy = \"never\"\nsandbox_mode = \"read-only\"")
    harness.work.makeDirectory("real")
    let params = ThreadStartParams(
      approvalPolicy: .untrusted, cwd: harness.work.path("real/../real"), ephemeral: true, model: "other",
      sandbox: .dangerFullAccess, stet: StetThreadOptions(editReview: .ask))
    let start = try await harness.start(params)
    #expect(
      start.approvalPolicy == .untrusted && start.sandbox == .dangerFullAccess && start.model == "other")
    #expect(start.cwd == harness.work.path("real"))
    #expect(start.thread.ephemeral && start.thread.path == nil)
    await #expect(throws: RPCError.self) { _ = try await harness.start(ThreadStartParams(cwd: "relative")) }
  }

  @Test("a broken config.toml is an answer with its place, not a crash")
  func brokenConfiguration() async throws {
    let harness = AgentHarness([])
    harness.home.write("config.toml", "model = \n")
    do {
      _ = try await harness.start()
      throw Unexpected()
    } catch let error as RPCError {
      #expect(error.message.contains("config.toml") && error.message.contains("1"))
    }
  }

  @Test("no model set: a local server that answers is used")
  func localServer() async throws {
    let harness = AgentHarness([.text("hello")], model: nil)
    let dead = ["lmstudio", "llamacpp", "vllm"].map {
      "[model_providers.\($0)]\nbase_url = \"http://127.0.0.1:1/v1\""
    }
    harness.home.write(
      "config.toml",
      "[model_providers.ollama]\nwire_api = \"responses\"\nbase_url = \"\(harness.model.url)\"\n"
        + dead.joined(separator: "\n"))
    let start = try await harness.start()
    #expect(start.model == "mock-model" && start.modelProvider == "ollama")
    #expect(try await harness.turn(start.thread.id, "hi").status == .completed)
    // Its window is not the model's: the user is told what is assumed (V2).
    #expect(harness.warnings.contains { $0.contains("context window of mock-model is not known") })
  }

  @Test("a key that is named but not set fails the turn with its name, and never goes into a log")
  func keys() async throws {
    let missing = AgentHarness([.text("x")], provider: "env_key = \"STET_TEST_KEY\"")
    missing.home.write(
      "config.toml",
      """
      model = "m"
      model_provider = "remote"
      [model_providers.remote]
      base_url = "https://models.invalid/v1"
      env_key = "STET_TEST_KEY"
      """)
    let id = try await missing.start().thread.id
    let turn = try await missing.turn(id, "hi")
    #expect(turn.error?.message.contains("STET_TEST_KEY is not set") == true)

    let harness = AgentHarness(
      [.text("hello")], provider: "env_key = \"STET_TEST_KEY\"",
      environment: ["STET_TEST_KEY": "sk-secret-77"])
    let start = try await harness.start()
    try await harness.turn(start.thread.id, "hi")
    let headers = harness.model.requestHeaders[0]
    #expect(headers.contains { $0.0 == "authorization" && $0.1 == "Bearer sk-secret-77" })
    let path = try #require(start.thread.path)
    let log = harness.home.text(String(path.dropFirst(harness.home.path.count + 1)))
    #expect(log?.contains("sk-secret") == false)
  }

  struct Unexpected: Error {}
}
