import StetProtocol
import StetRPC
import StetServer
import StetTestSupport

/// A home, a directory to work in and a scripted model behind real HTTP: where a server with the real agent lives.
/// Servers come and go in it as after a restart.
final class AgentHouse: Sendable {
  let home = TempDirectory("home")
  let work = TempDirectory("work")
  let model: FakeModel

  init(_ script: [FakeModel.Step], config: String = "") {
    model = FakeModel(script: script)
    home.write(
      "config.toml",
      """
      model = "mock-model"
      model_provider = "mock"
      model_context_window = 100000
      \(config)
      [model_providers.mock]
      name = "Mock"
      base_url = "\(model.url)"
      """)
  }

  deinit { model.stop() }

  func server() -> AppServer {
    AppServer(environment: ServerHarness.environment(home, cwd: work.path))
  }

  /// A client that has said hello.
  func connect(
    _ server: AppServer, experimental: Bool = true, stet: JSONValue? = nil
  ) async throws -> TestClient {
    let (serverEnd, clientEnd) = LocalTransport.pair()
    server.accept(serverEnd)
    let client = TestClient(clientEnd)
    try await client.initialize(experimental: experimental, stet: stet)
    return client
  }

  /// Starts a thread in `work` and returns its id.
  func thread(_ client: TestClient, _ more: JSONObject = [:]) async throws -> JSONValue {
    var params = more
    params["cwd"] = .string(work.path)
    return try await client.call("thread/start", .object(params))["thread"]?["id"] ?? .null
  }
}
