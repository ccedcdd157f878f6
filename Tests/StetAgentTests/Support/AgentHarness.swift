import Logging
import StetAgent
import StetConfig
import StetNet
import StetProtocol
import StetTestSupport
import Testing

/// An agent on a home and a workspace of its own, with a scripted model behind real HTTP.
final class AgentHarness: Sendable {
  let home: TempDirectory
  let work: TempDirectory
  let model: FakeModel
  let sink = RecordingSink()
  let agent: Agent
  private let http: HTTPClient
  let wire: String
  private let flags: WireFlags?

  /// - Parameters:
  ///   - settings: lines of config.toml before the provider's table.
  ///   - tools: nil for the built-in ones.
  ///   - provider: lines in the provider's table.
  ///   - wire: which API the scripted server is asked in.
  ///   - flags: what it takes; nil for what OpenAI does.
  ///   - network: what the HTTP client reads of proxies and certificates.
  init(
    _ script: [FakeModel.Step], tools: [any Tool]? = [], settings: String = "", provider: String = "",
    model name: String? = "mock-model", environment: [String: String] = [:], clock: AgentClock = .system,
    home: TempDirectory? = nil, work: TempDirectory? = nil, client: (any ModelClient)? = nil,
    wire: String = "responses", flags: WireFlags? = nil, network: [String: String] = [:],
    isHeadless: Bool = false,
    metadata: (@Sendable (ModelMetadata) -> ModelMetadata)? = nil, log: Logger = Logger(label: "agent")
  ) {
    let home = home ?? TempDirectory("home")
    let work = work ?? TempDirectory("work")
    self.home = home
    self.work = work
    self.wire = wire
    self.flags = flags
    model = FakeModel(script: script)
    home.write(
      "config.toml",
      """
      \(name.map { "model = \"\($0)\"\nmodel_provider = \"mock\"" } ?? "")
      model_context_window = 100000
      \(settings)
      [model_providers.mock]
      name = "Mock"
      base_url = "\(model.url)"
      wire_api = "\(wire)"
      \(provider)
      """)
    http = HTTPClient(environment: network)
    let stet = StetHome(root: home.path)
    var surroundings = AgentEnvironment(
      home: stet,
      configuration: { cwd, session in
        try ConfigurationLoader.load(home: stet, cwd: cwd, session: session)
      },
      processEnvironment: environment, http: http, modelClientOverride: client,
      tools: { tools ?? ToolCatalog.builtIn(for: $0) },
      clock: clock, serverVersion: "0.0.1", defaultCwd: work.path, log: log)
    surroundings.wireFlags = { metadata, _ in
      if let flags { return flags }
      var known = metadata.flags
      (known.promptCacheKey, known.customTools) = (true, true)
      return known
    }
    // A busy machine must not decide what a test finds.
    surroundings.serverLimitMs = 600_000
    surroundings.isHeadless = isHeadless
    surroundings.metadata = metadata
    agent = Agent(environment: surroundings, sink: sink)
  }

  deinit { model.stop() }

  /// Another agent on the same home and workspace, as after a restart.
  func restarted(_ script: [FakeModel.Step], tools: [any Tool] = []) async -> AgentHarness {
    await agent.shutdown()
    return AgentHarness(script, tools: tools, home: home, work: work, wire: wire, flags: flags)
  }

  // MARK: - Calls

  func start(_ params: ThreadStartParams = ThreadStartParams()) async throws -> ThreadStartResponse {
    try await call { self.agent.threadStart(params, reply: $0) }
  }

  func begin(_ thread: String, _ text: String) async throws -> Turn {
    let params = TurnStartParams(threadId: thread, input: [.text(text)])
    return try await call { self.agent.turnStart(params, reply: $0) }.turn
  }

  /// Runs a turn to its end.
  @discardableResult
  func turn(_ thread: String, _ text: String) async throws -> Turn {
    let turn = try await begin(thread, text)
    return await ended(turn.id)
  }

  func ended(_ turnId: String) async -> Turn {
    await sink.until { $0.contains { $0.turnCompleted?.id == turnId } }
    let turn = sink.entries.compactMap(\.turnCompleted).first { $0.id == turnId }
    return turn ?? Turn(id: turnId, items: [], status: .inProgress)
  }

  /// The id of the turn that began after a mark.
  func begun(after mark: String) async -> String {
    @Sendable func find(_ entries: [RecordingSink.Entry]) -> String? {
      let start = entries.lastIndex { if case .mark(mark) = $0 { true } else { false } } ?? 0
      return entries[start...].compactMap { entry in
        if case .notification(.turnStarted(let value)) = entry { value.turn.id } else { nil }
      }.first
    }
    await sink.until { find($0) != nil }
    return find(sink.entries) ?? ""
  }

  func interrupt(_ thread: String, _ turn: String = "") async throws {
    _ = try await call {
      self.agent.turnInterrupt(TurnInterruptParams(threadId: thread, turnId: turn), reply: $0)
    }
  }

  func resume(_ thread: String) async throws -> ThreadResumeResponse {
    let response = try await call {
      self.agent.threadResume(ThreadResumeParams(threadId: thread), reply: $0)
    }
    return try received(response)
  }

  /// A reply as a client has it: stored items stay as they are in the log until then.
  func received<Response: Codable>(_ response: Response) throws -> Response {
    try JSONValue(encoding: response).decode()
  }

  func read(_ thread: String, turns: Bool = true) async throws -> StetProtocol.Thread {
    let response = try await call {
      self.agent.threadRead(ThreadReadParams(threadId: thread, includeTurns: turns), reply: $0)
    }
    return try received(response).thread
  }

  func list() async throws -> [StetProtocol.Thread] {
    try await call { self.agent.threadList(ThreadListParams(), reply: $0) }.data
  }

  /// Makes a call and marks its reply in the order of the sink.
  func call<Response: Sendable>(
    _ body: (@escaping AgentReply<Response>) -> Void
  ) async throws -> Response {
    try await withCheckedThrowingContinuation { continuation in
      body { [sink] result in
        sink.mark("reply")
        continuation.resume(with: result.mapError { $0 as any Error })
      }
    }
  }

  // MARK: - What was sent

  /// The order of all that came since the mark, without deltas' repetition.
  func order(after mark: String? = nil) -> [String] {
    var names = sink.entries.map(\.short)
    if let mark, let index = names.lastIndex(of: mark) { names = Array(names[(index + 1)...]) }
    return names.reduce(into: []) { if $0.last != "delta" || $1 != "delta" { $0.append($1) } }
  }

  /// The input items of a request; none of one that was never made, so that a test fails and does not crash.
  func input(_ request: Int) -> [JSONValue] {
    let requests = model.requests
    return requests.indices.contains(request) ? requests[request]["input"]?.arrayValue ?? [] : []
  }

  /// The messages of a request of the other wires.
  func messages(_ request: Int) -> [JSONValue] {
    model.requests[request]["messages"]?.arrayValue ?? []
  }

  var warnings: [String] {
    sink.notifications.compactMap { if case .warning(let value) = $0 { value.message } else { nil } }
  }

  /// Each started item is completed once and before its turn's end; no call without output, no changed prefix.
  func checkInvariants(_ location: SourceLocation = #_sourceLocation) {
    #expect(model.invariantViolations.map(\.description) == [], sourceLocation: location)
    checkItems(location)
  }

  /// The part of the invariants that holds across compactions too.
  func checkItems(_ location: SourceLocation = #_sourceLocation) {
    var open: Set<String> = []
    var done: Set<String> = []
    for entry in sink.notifications {
      switch entry {
      case .itemStarted(let value):
        #expect(
          open.insert(value.item.id).inserted, "\(value.item.id) started twice", sourceLocation: location)
      case .itemCompleted(let value):
        #expect(open.remove(value.item.id) != nil, "\(value.item.id) not open", sourceLocation: location)
        #expect(done.insert(value.item.id).inserted, "\(value.item.id) twice", sourceLocation: location)
      case .turnCompleted: #expect(open.isEmpty, "open at the end: \(open)", sourceLocation: location)
      default: break
      }
    }
  }
}
