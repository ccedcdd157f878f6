import Logging
import StetAgent
import StetProtocol
import StetRPC
import Synchronization

/// The app-server: an agent and the clients that use it.
public final class AppServer: Sendable {
  /// Time for clients to take what is left when the server ends; a client that does not read must not hold it up.
  static let farewellMs: Int64 = 100
  /// Time for answers to a client that has said all it has to say, and again for it to read them, as long as it is
  /// there. Nearly always there is nothing to wait for; an endless command never ends. On a slow disk one answer waits
  /// for the index as long as thirty seconds, so this is longer.
  private static let answerMs: Int64 = 120_000

  private struct State {
    var connections: Set<Int> = []
    var nextConnection = 0
  }

  let agent: any AgentService
  /// Nil where the agent keeps no snapshots.
  let snapshots: (any SnapshotService)?
  let environment: AgentEnvironment
  let identity: ServerIdentity
  let outbox: Outbox
  private let state = Mutex(State())

  /// - Parameter agent: makes the agent, which speaks to clients through the given sink.
  public init(
    environment: AgentEnvironment, agent: (any ThreadEventSink) -> any AgentService
  ) {
    self.environment = environment
    identity = ServerIdentity(environment: environment)
    outbox = Outbox(clock: environment.clock.nowMs, log: environment.log)
    self.agent = agent(outbox)
    snapshots = self.agent as? any SnapshotService
  }

  /// A server with an agent of its own.
  public convenience init(environment: AgentEnvironment) {
    self.init(environment: environment) { Agent(environment: environment, sink: $0) }
  }

  /// Serves a client until its transport ends; then `onClosed` is called, from the transport's thread. Turns that the
  /// client started go on.
  public func accept(_ transport: any Transport, onClosed: @escaping @Sendable () -> Void = {}) {
    let id = state.withLock { state in
      state.nextConnection += 1
      return state.nextConnection
    }
    let queue = ClientQueue(transport: transport, clock: environment.clock.nowMs)
    outbox.add(id, queue)
    let connection = ClientConnection(id: id, server: self, queue: queue)
    state.withLock { _ = $0.connections.insert(id) }
    transport.start(
      receive: { connection.receive($0) },
      closed: { [self] reason in
        connection.awaitAnswers(withinMs: Self.answerMs) { transport.isHeard }
        end(id, reason)
        queue.finish(withinMs: transport.isHeard ? Self.answerMs : Self.farewellMs)
        onClosed()
      })
  }

  /// Ends the agent's work, then the connections.
  public func shutdown() async {
    await agent.shutdown()
    let connections = state.withLock { state in
      defer { state.connections = [] }
      return state.connections
    }
    for id in connections { outbox.remove(id)?.finish(withinMs: Self.farewellMs) }
  }

  private func end(_ id: Int, _ reason: String?) {
    if let reason { environment.log.info("connection \(id) ended: \(reason)") }
    state.withLock { _ = $0.connections.remove(id) }
    _ = outbox.remove(id)
    agent.connectionEnded(id)
    for thread in agent.loadedThreadIds where !outbox.hasSubscribers(thread: thread) {
      agent.threadIdle(thread)
    }
  }
}
