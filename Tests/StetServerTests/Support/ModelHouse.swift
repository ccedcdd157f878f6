import StetConfig
import StetJSON
import StetRPC
import StetServer
import StetTestSupport

/// A home, a workspace and a scripted model, and servers with the real agent on them.
final class ModelHouse: Sendable {
  let home = TempDirectory("home")
  let work = TempDirectory("work")
  let model: FakeModel
  private let base: String

  /// - Parameters:
  ///   - head: lines of config.toml before the provider's table.
  ///   - tail: tables behind it.
  init(_ script: [FakeModel.Step], head: String = "", tail: String = "") {
    model = FakeModel(script: script)
    base = """
      model = "mock-model"
      model_provider = "mock"
      model_context_window = 100000
      project_root_markers = []
      \(head)
      [model_providers.mock]
      name = "Mock"
      base_url = "\(model.url)"
      request_max_retries = 0
      [projects."\(work.path)"]
      trust_level = "trusted"
      \(tail)

      """
    home.write("config.toml", base)
  }

  /// Puts a table of MCP servers in place of the one before.
  func addTable(_ table: String) { home.write("config.toml", base + table) }

  deinit { model.stop() }

  /// - Parameter variables: what the server's process has in its environment besides the usual.
  /// - Parameter overrides: as after `-c` on its command line.
  func server(_ variables: [String: String] = [:], overrides: [String] = []) -> AppServer {
    var environment = ServerHarness.environment(home, cwd: work.path)
    let stet = environment.home
    environment.configuration = { cwd, session in
      try ConfigurationLoader.load(home: stet, cwd: cwd, overrides: overrides, session: session)
    }
    environment.processEnvironment.merge(variables) { $1 }
    return AppServer(environment: environment)
  }

  func connect(_ server: AppServer, stet: JSONValue? = nil) async throws -> TestClient {
    let (serverEnd, clientEnd) = LocalTransport.pair()
    server.accept(serverEnd)
    let client = TestClient(clientEnd)
    try await client.initialize(stet: stet)
    return client
  }

  /// The outputs of calls in a request to the model, by call id.
  func outputs(_ request: Int) -> [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    for item in model.requests[request]["input"]?.arrayValue ?? [] {
      guard item["type"]?.stringValue?.hasSuffix("_output") == true, let id = item["call_id"]?.stringValue
      else { continue }
      found[id] = item["output"]
    }
    return found
  }

  /// The names of the tools in a request.
  func tools(_ request: Int) -> [String] {
    (model.requests[request]["tools"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
  }
}

extension TestClient {
  /// Starts a thread and returns its id.
  func thread(_ params: JSONObject = [:]) async throws -> String {
    let result = try await call("thread/start", .object(params))
    guard let id = result["thread"]?["id"]?.stringValue else { throw MissingId() }
    return id
  }

  struct MissingId: Error {}

  /// Starts a turn and returns its id.
  @discardableResult
  func begin(_ thread: String, _ text: String, _ more: JSONObject = [:]) async throws -> String {
    var params = more
    params["threadId"] = .string(thread)
    params["input"] = [["type": "text", "text": .string(text)]]
    let result = try await call("turn/start", .object(params))
    guard let id = result["turn"]?["id"]?.stringValue else { throw MissingId() }
    return id
  }

  /// Runs a turn to its end; returns `turn/completed`'s turn.
  @discardableResult
  func turn(_ thread: String, _ text: String, _ more: JSONObject = [:]) async throws -> JSONValue {
    let before = notes("turn/completed").count
    try await begin(thread, text, more)
    return await note("turn/completed", before + 1)["turn"] ?? .null
  }

  /// The items of a type that were completed, in order.
  func items(_ type: String) -> [JSONValue] {
    notes("item/completed").compactMap { $0["item"] }.filter { $0["type"]?.stringValue == type }
  }
}
