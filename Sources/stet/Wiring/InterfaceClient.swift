import Logging
import StetAgent
import StetClient
import StetProtocol
import StetUI
import Synchronization

/// The interface's end of the protocol: starts the app-server in this process, connects, and carries requests out.
///
/// All methods may be called from the run loop: they enqueue and return. Everything that comes back is posted.
final class InterfaceClient: Sendable {
  private struct Connected {
    let backend: Backend
    let client: AppClient
  }

  private struct State {
    var connected: Connected?
    /// Requests that were made before the server was there.
    var waiting: [@Sendable (AppClient) -> Void] = []
    /// Grows when another server takes over: what the old one still says is not posted.
    var generation = 0
  }

  private let state = Mutex(State())
  private let post: @Sendable (Event) -> Void
  private let log: Logger

  init(log: Logger, post: @escaping @Sendable (Event) -> Void) {
    self.log = log
    self.post = post
  }

  /// Starts a server and connects to it, in the background; ends with `Event.connected`, then `Event.setup`.
  ///
  /// - Parameter stage: what the server's threads work with where it is not what the command line said (the demo).
  func connect(_ surroundings: Surroundings, model: (any ModelClient)? = nil, stage: ThreadOverrides? = nil) {
    let (generation, old) = state.withLock { state in
      state.generation += 1
      defer { state.connected = nil }
      return (state.generation, state.connected)
    }
    Task.detached { [self] in
      if let old {
        old.client.close()
        await old.backend.shutdown()
      }
      await open(surroundings, model, stage, generation)
    }
  }

  func send(_ request: ClientRequest, _ tag: RequestTag) {
    whenConnected { [post] client in
      client.send(request) { post(.reply(tag, $0)) }
    }
  }

  func answer(_ id: RequestID, _ value: JSONValue) { whenConnected { $0.answer(id, value) } }

  func refuse(_ id: RequestID, _ error: RPCError) { whenConnected { $0.refuse(id, error) } }

  /// Ends the connection and the server's work; returns when nothing is left running.
  func shutdown() async {
    let connected = state.withLock { state in
      state.generation += 1
      state.waiting = []
      defer { state.connected = nil }
      return state.connected
    }
    guard let connected else { return }
    connected.client.close()
    await connected.backend.shutdown()
  }

  private func whenConnected(_ body: @escaping @Sendable (AppClient) -> Void) {
    let client = state.withLock { state -> AppClient? in
      if state.connected == nil { state.waiting.append(body) }
      return state.connected?.client
    }
    if let client { body(client) }
  }

  private func open(
    _ surroundings: Surroundings, _ model: (any ModelClient)?, _ stage: ThreadOverrides?, _ generation: Int
  ) async {
    let backend = Backend(surroundings, model: model, log: log)
    let client = AppClient(
      backend.connect(),
      events: AppClient.Events(
        onNotification: { [weak self] in self?.post(.notification($0), of: generation) },
        onRequest: { [weak self] in self?.post(.request($0, $1), of: generation) },
        onClose: { [weak self] in self?.post(.clientClosed($0), of: generation) }))
    do {
      let answer = try await client.initialize(
        clientInfo: ClientInfo(name: "stet-tui", version: Version.current, title: "stet"),
        capabilities: InitializeCapabilities(
          experimentalApi: true,
          stet: StetCapabilities(hunkReview: true, snapshots: true, events: true)))
      let facts = ServerFacts(
        serverVersion: answer.stet?.serverVersion ?? "", hunkReview: answer.stet?.hunkReview ?? false,
        snapshots: answer.stet?.snapshots ?? false, directory: stage == nil ? nil : surroundings.directory,
        overrides: stage)
      post(.connected(facts), of: generation)
    } catch {
      post(.clientClosed("the app-server did not start: \(error)"), of: generation)
      return
    }
    adopt(Connected(backend: backend, client: client), generation)
    look(for: model, backend, surroundings, generation)
  }

  /// Sends what waited, in order.
  private func adopt(_ connected: Connected, _ generation: Int) {
    while true {
      let waiting = state.withLock { state -> [@Sendable (AppClient) -> Void]? in
        guard state.generation == generation else { return nil }
        if state.waiting.isEmpty { state.connected = connected }
        defer { state.waiting = [] }
        return state.waiting
      }
      guard let waiting, !waiting.isEmpty else { return }
      for body in waiting { body(connected.client) }
    }
  }

  private func look(
    for model: (any ModelClient)?, _ backend: Backend, _ surroundings: Surroundings, _ generation: Int
  ) {
    guard model == nil else { return post(.setup(.ready), of: generation) }
    backend.agent.modelResolution(cwd: surroundings.directory) { [weak self] resolution in
      let found = resolution.looks.map { LookedFor(what: $0.place, found: $0.detail) }
      self?.post(.setup(resolution.target == nil ? .missing(found) : .ready), of: generation)
    }
  }

  private func post(_ event: Event, of generation: Int) {
    if state.withLock({ $0.generation == generation }) { post(event) }
  }
}
