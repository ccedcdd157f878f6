import Logging
import StetAgent
import StetClient
import StetProtocol
import StetRPC
import StetUI
import Synchronization

/// The interface's end of the protocol: starts or reaches the app-server, connects, and carries requests out.
///
/// All methods may be called from the run loop: they enqueue and return. Everything that comes back is posted.
final class InterfaceClient: Sendable {
  /// Waits between attempts to come back to a server that listens: half a minute in all, in which a server that was
  /// restarted is there again.
  private static let retryMs = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000]

  /// Threads whose numbers are kept: more than one interface opens. Forgetting costs one reading anew.
  private static let maxSeen = 256

  private struct Connected {
    let id: Int
    let generation: Int
    let link: ServerLink
    let client: AppClient
  }

  private struct State {
    var choice: ServerChoice
    /// Stays when the connection is lost, so that what is sent meanwhile fails at once.
    var connected: Connected?
    /// Made, and not greeted yet: a server that never answers must not keep it.
    var opening: Connected?
    /// The number of the last message that was handed over, by thread.
    var seen: [String: Int] = [:]
    /// The life of the server that they are of.
    var epoch: String?
    /// Requests that were made before the server was there.
    var waiting: [@Sendable (Connected) -> Void] = []
    /// There is no connection and none is on its way: nothing waits for one.
    var isDown = false
    /// Grows when another connection takes over: what the old one still says is not posted.
    var generation = 0
    var nextID = 0
    /// The last connection that ended before it was adopted.
    var ended: (id: Int, reason: String?)?
  }

  private let state: Mutex<State>
  private let surroundings: Surroundings
  /// Where threads work, as the server is told; nil leaves it to the server or to the interface's own directory.
  private let directory: String?
  private let post: @Sendable (Event) -> Void
  private let log: Logger

  init(
    _ choice: ServerChoice, _ surroundings: Surroundings, directory: String? = nil, log: Logger,
    post: @escaping @Sendable (Event) -> Void
  ) {
    state = Mutex(State(choice: choice))
    self.surroundings = surroundings
    self.directory = directory
    self.log = log
    self.post = post
  }

  /// Connects to the server, in the background; ends with `Event.connected`, then `Event.setup`, or with
  /// `Event.clientClosed`.
  ///
  /// - Parameter isReturn: the connection was lost, and the user comes back.
  func connect(isReturn: Bool = false) {
    let (generation, old) = takeOver()
    Task.detached { [self] in
      await end(old)
      do {
        try await open(generation, isReturn: isReturn)
      } catch {
        giveUp("\(error)", generation)
      }
    }
  }

  /// Puts the demo's server in place of the present one.
  ///
  /// - Parameter stage: what the server's threads work with where it is not what the command line said.
  func connect(demo: Demo, stage: ThreadOverrides) {
    let (generation, old) = takeOver()
    Task.detached { [self] in
      await end(old)
      do {
        let link = ServerLink(embedded: Backend(demo.surroundings, model: demo.model, log: log))
        let connected = connected(link, generation)
        var facts = ServerFacts(try await greet(connected.client))
        (facts.directory, facts.overrides) = (demo.surroundings.directory, stage)
        post(.connected(facts), of: generation)
        adopt(connected, generation)
        post(.setup(.ready), of: generation)
      } catch {
        giveUp("the demo did not start: \(error)", generation)
      }
    }
  }

  func send(_ request: ClientRequest, _ tag: RequestTag) {
    let isTaken = whenConnected { [self] connected in
      if request.startsWork { connected.link.openDoor() }
      connected.client.send(request) { [self] answer in
        if case .failure = answer, join(request, tag, connected) { return }
        post(.reply(tag, answer))
      }
    }
    if !isTaken { post(.reply(tag, .failure(.connectionClosed(nil)))) }
  }

  /// An answer that has no way to go is asked for again when the connection is back.
  func answer(_ id: RequestID, _ value: JSONValue) { _ = whenConnected { $0.client.answer(id, value) } }

  func refuse(_ id: RequestID, _ error: RPCError) { _ = whenConnected { $0.client.refuse(id, error) } }

  /// Ends the connection and the server's work; returns when nothing is left running.
  func shutdown() async {
    let (_, old) = takeOver()
    state.withLock { $0.waiting = [] }
    await end(old)
  }

  // MARK: Connecting

  /// Goes over to the process that has a thread open, where nothing is lost by that, and asks there for what was
  /// refused here (X9).
  private func join(_ request: ClientRequest, _ tag: RequestTag, _ connected: Connected) -> Bool {
    guard case .threadResume(let params) = request, connected.link.isIdle,
      let holder = ThreadHolder(of: params.threadId, home: surroundings.home)
    else { return false }
    let isOurs = state.withLock { state in
      guard state.generation == connected.generation else { return false }
      state.choice = .holder(holder)
      return true
    }
    guard isOurs else { return false }
    connect(isReturn: true)
    send(request, tag)
    post(.notice("the thread is open in process \(holder.pid): joined it there"))
    return true
  }

  /// The next connection may be to a server that was started anew and counts from one: nothing was seen of it.
  private func takeOver() -> (generation: Int, old: [Connected]) {
    state.withLock { state in
      state.generation += 1
      state.isDown = false
      state.seen = [:]
      defer { (state.connected, state.opening) = (nil, nil) }
      return (state.generation, [state.connected, state.opening].compactMap { $0 })
    }
  }

  private func end(_ old: [Connected]) async {
    for old in old {
      old.client.close()
      await old.link.end()
    }
  }

  private func connected(_ link: ServerLink, _ generation: Int) -> Connected {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let client = AppClient(
      link.transport,
      events: AppClient.Events(
        onNotification: { [weak self] in self?.post(.notification($0), of: generation) },
        onRequest: { [weak self] in self?.post(.request($0, $1), of: generation) },
        onClose: { [weak self] in self?.lost(id, $0, generation) },
        onSequence: { [weak self] in self?.note($1, of: $0, generation) }))
    return Connected(id: id, generation: generation, link: link, client: client)
  }

  private func note(_ seq: Int, of thread: String, _ generation: Int) {
    state.withLock { state in
      guard state.generation == generation else { return }
      if state.seen.count >= Self.maxSeen, state.seen[thread] == nil { state.seen = [:] }
      state.seen[thread] = seq
    }
  }

  private func keepOpening(_ connected: Connected, _ generation: Int) -> Bool {
    state.withLock { state in
      guard state.generation == generation else { return false }
      state.opening = connected
      return true
    }
  }

  private func dropOpening(_ connected: Connected) {
    state.withLock { if $0.opening?.id == connected.id { $0.opening = nil } }
  }

  private func greet(_ client: AppClient) async throws -> InitializeResponse {
    try await client.initialize(
      clientInfo: ClientInfo(name: "stet-tui", version: Version.current, title: "stet"),
      capabilities: InitializeCapabilities(
        experimentalApi: true, stet: StetCapabilities(hunkReview: true, snapshots: true, events: true)))
  }

  /// Opens a connection and tells of it; throws why there is none, with nothing left running.
  private func open(_ generation: Int, isReturn: Bool) async throws {
    let choice = choice
    let link = try await ServerLink.open(choice, surroundings, log: log)
    let connected = connected(link, generation)
    guard keepOpening(connected, generation) else {
      await end([connected])
      throw SocketError("another connection took over")
    }
    do {
      var facts = ServerFacts(try await greet(connected.client))
      let known = state.withLock { state in
        defer { if state.generation == generation { state.epoch = facts.epoch } }
        return (seen: state.seen, epoch: state.epoch)
      }
      if isReturn { facts.recall(known.seen, ofEpoch: known.epoch) }
      facts.place = link.backend == nil ? choice.place : nil
      facts.directory = directory
      facts.choosesDirectory = choice.choosesDirectory && directory == nil
      facts.isReturn = isReturn
      // What is sent from now on waits for this connection, and does not fail with the lost one.
      state.withLock { if $0.generation == generation { $0.connected = nil } }
      post(.connected(facts), of: generation)
      if case .holder(let holder) = choice, link.backend != nil {
        state.withLock { if $0.generation == generation { $0.choice = .embedded } }
        post(.notice("process \(holder.pid) ended: the thread goes on here"), of: generation)
      }
    } catch {
      dropOpening(connected)
      connected.client.close()
      let why = link.epitaph("\(error)") ?? "\(error)"
      await link.end()
      throw SocketError("the app-server did not start: \(why)")
    }
    adopt(connected, generation)
    look(link, generation)
  }

  /// Sends what waited, in order.
  private func adopt(_ connected: Connected, _ generation: Int) {
    while true {
      let next = state.withLock { state -> (waiting: [@Sendable (Connected) -> Void], ended: String??)? in
        guard state.generation == generation else { return nil }
        if state.waiting.isEmpty { (state.connected, state.opening) = (connected, nil) }
        defer { state.waiting = [] }
        return (state.waiting, state.ended.flatMap { $0.id == connected.id ? .some($0.reason) : nil })
      }
      guard let next else {
        // Another connection took over while this one was made.
        Task.detached { [self] in await end([connected]) }
        return
      }
      for body in next.waiting { body(connected) }
      if next.waiting.isEmpty {
        if let reason = next.ended { lost(connected.id, reason, generation) }
        return
      }
    }
  }

  /// What a server of others finds is its own matter; it says so when it is asked for a turn.
  private func look(_ link: ServerLink, _ generation: Int) {
    guard let backend = link.backend else { return post(.setup(.ready), of: generation) }
    backend.agent.modelResolution(cwd: surroundings.directory) { [weak self] resolution in
      let found = resolution.looks.map { LookedFor(what: $0.place, found: $0.detail) }
      self?.post(.setup(resolution.target == nil ? .missing(found) : .ready), of: generation)
    }
  }

  // MARK: Losing

  /// Called from the connection's thread, which has nothing left to do.
  private func lost(_ id: Int, _ reason: String?, _ generation: Int) {
    let connected = state.withLock { state -> Connected? in
      guard state.generation == generation else { return nil }
      guard state.connected?.id == id else {
        // Whoever greets it, or adopts it next, tells.
        state.ended = (id, reason)
        return nil
      }
      return state.connected
    }
    guard let connected else { return }
    let why = connected.link.epitaph(reason) ?? "the server ended the connection"
    guard choice.comesBack else { return giveUp(why, generation) }
    post(.clientClosed(why, .trying), of: generation)
    Task.detached { [self] in await comeBack(after: why, generation) }
  }

  private func comeBack(after reason: String, _ generation: Int) async {
    var last = reason
    for pause in Self.retryMs {
      do { try await Task.sleep(for: .milliseconds(pause)) } catch { break }
      // The user may have left meanwhile.
      guard state.withLock({ $0.generation == generation }) else { return }
      do {
        return try await open(generation, isReturn: true)
      } catch {
        last = "\(error)"
        // It was gone: what comes back may be another process.
        state.withLock { if $0.generation == generation { $0.seen = [:] } }
      }
    }
    giveUp(last, generation)
  }

  /// No connection, and none on its way: what was to go over it fails.
  private func giveUp(_ reason: String, _ generation: Int) {
    state.withLock { state in
      guard state.generation == generation else { return }
      state.isDown = true
      state.waiting = []
    }
    post(.clientClosed(reason, choice.place == nil ? .no : .byKey), of: generation)
  }

  /// False: there is no connection and none is on its way.
  private func whenConnected(_ body: @escaping @Sendable (Connected) -> Void) -> Bool {
    let (connected, isDown) = state.withLock { state -> (Connected?, Bool) in
      if state.connected == nil, !state.isDown { state.waiting.append(body) }
      return (state.connected, state.isDown)
    }
    if let connected { body(connected) }
    return connected != nil || !isDown
  }

  private var choice: ServerChoice { state.withLock { $0.choice } }

  private func post(_ event: Event, of generation: Int) {
    if state.withLock({ $0.generation == generation }) { post(event) }
  }
}

extension ClientRequest {
  /// Whether something runs at the server from then on that is worth watching from elsewhere.
  fileprivate var startsWork: Bool {
    switch self {
    case .turnStart, .threadShellCommand, .reviewStart, .threadCompactStart, .threadGoalSet: true
    default: false
    }
  }
}

extension ServerFacts {
  /// What the server said of itself; without `stet` it is one that others made.
  init(_ answer: InitializeResponse) {
    self.init(
      serverVersion: answer.stet?.serverVersion ?? "", hunkReview: answer.stet?.hunkReview ?? false,
      snapshots: answer.stet?.snapshots ?? false)
    isStet = answer.stet != nil
    epoch = answer.stet?.epoch
  }
}
