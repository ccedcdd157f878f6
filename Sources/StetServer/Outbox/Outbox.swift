import Logging
import StetAgent
import StetJSON
import StetProtocol
import StetRPC
import Synchronization

/// The only writer: everything that clients get passes through its lock, which gives it one order.
///
/// It stamps notifications with the time, knows who subscribes to which thread, keeps the requests that wait for an
/// answer, and renders each message for each connection. It never waits and never calls the agent under its lock.
public final class Outbox: ThreadEventSink {
  struct Peer {
    let queue: ClientQueue
    /// Nil before `initialize`: then the peer gets results only.
    var profile: ClientProfile?
  }

  struct State {
    var peers: [Int: Peer] = [:]
    var subscribers: [String: Set<Int>] = [:]
    /// Connections that wait for the open requests of a thread.
    var joining: [String: Set<Int>] = [:]
    var requests = PendingRequests()
    var log = EventLog()
  }

  let state = Mutex(State())
  let log: Logger
  /// Names this life of the server, in which its messages are numbered (protocol.md §7.3).
  let epoch = String(UInt64.random(in: .min ... .max), radix: 36)
  let clock: @Sendable () -> Int64

  init(clock: @escaping @Sendable () -> Int64, log: Logger) {
    self.clock = clock
    self.log = log
  }

  // MARK: Peers

  func add(_ peer: Int, _ queue: ClientQueue) {
    state.withLock { $0.peers[peer] = Peer(queue: queue) }
  }

  /// Forgets a connection; what it was asked stays open for others.
  func remove(_ peer: Int) -> ClientQueue? {
    let (queue, failed) = state.withLock { state -> (ClientQueue?, [PendingRequests.Ended]) in
      let queue = state.peers.removeValue(forKey: peer)?.queue
      for thread in state.subscribers.keys { state.subscribers[thread]?.remove(peer) }
      state.subscribers = state.subscribers.filter { !$0.value.isEmpty }
      for thread in state.joining.keys { state.joining[thread]?.remove(peer) }
      state.joining = state.joining.filter { !$0.value.isEmpty }
      return (queue, endUnanswerable(&state))
    }
    finish(failed)
    return queue
  }

  /// Lets the peer take part: from here on it gets notifications.
  func admit(_ peer: Int, _ profile: ClientProfile) {
    state.withLock { state in
      state.peers[peer]?.profile = profile
      if profile.events { state.log.begin() }
    }
  }

  /// Tells one peer alone.
  func greet(_ peer: Int, _ notification: ServerNotification) {
    deliver(notification, to: .peer(peer), thread: nil)
  }

  /// Sends a result, or an error, to one connection.
  func send(_ message: Message, to peer: Int) {
    state.withLock { state in
      if let queue = state.peers[peer]?.queue, !queue.append(message) { letGo(peer, &state) }
    }
  }

  // MARK: Subscriptions

  /// Subscribes a connection. Called while the agent answers, within the thread's own order and behind the answer:
  /// nothing of the thread is in between.
  ///
  /// - Parameter seq: the messages after this number are sent again first, if all of them are still there.
  func subscribe(_ peer: Int, to thread: String, after seq: Int? = nil) {
    state.withLock { state in
      guard state.peers[peer] != nil else { return }
      if let seq { sendMissed(peer, thread, after: seq, &state) }
      state.subscribers[thread, default: []].insert(peer)
    }
  }

  /// What the thread still asks is sent to a client that joined, with the same ids, as the last of what a resume
  /// brings: behind the goal, which follows every resume.
  func askAgain(_ peer: Int, afterGoalOf thread: String) {
    _ = state.withLock { $0.joining[thread, default: []].insert(peer) }
  }

  /// False if the connection did not subscribe.
  func unsubscribe(_ peer: Int, from thread: String) -> Bool {
    let (wasSubscribed, failed) = state.withLock { state -> (Bool, [PendingRequests.Ended]) in
      let removed = state.subscribers[thread]?.remove(peer) != nil
      if state.subscribers[thread]?.isEmpty == true { state.subscribers[thread] = nil }
      return (removed, endUnanswerable(&state))
    }
    finish(failed)
    return wasSubscribed
  }

  public func hasHunkReview(thread: String) -> Bool {
    state.withLock { state in
      state.subscribers[thread, default: []].contains { state.peers[$0]?.profile?.hunkReview ?? false }
    }
  }

  public func hasSubscribers(thread: String) -> Bool {
    state.withLock { !($0.subscribers[thread] ?? []).isEmpty }
  }

  // MARK: Notifications

  public func notify(_ notification: ServerNotification, thread: String) {
    deliver(notification, to: notification.isForEveryone ? .everyone : .subscribers(thread), thread: thread)
    switch notification {
    case .threadGoalCleared, .threadGoalUpdated: sendOpenRequests(thread)
    case .threadArchived, .threadDeleted, .threadClosed:
      state.withLock { state in
        state.subscribers[thread] = nil
        state.log.forget(thread)
      }
    default: break
    }
  }

  /// It has no number: it is not the thread's, and nobody else has missed it.
  public func notifyJoining(_ notification: ServerNotification, thread: String) {
    deliver(notification, to: .joining(thread), thread: nil)
  }

  /// Tells every connection something that is of no thread.
  func tellEveryone(_ notification: ServerNotification) {
    deliver(notification, to: .everyone, thread: nil)
  }

  private func sendOpenRequests(_ thread: String) {
    state.withLock { state in
      guard let peers = state.joining.removeValue(forKey: thread) else { return }
      for peer in peers.sorted() where state.subscribers[thread]?.contains(peer) ?? false {
        for request in state.requests.open(in: thread) { ask(request, peer, &state) }
      }
    }
  }

  enum Audience {
    case everyone
    case subscribers(String)
    case joining(String)
    case peer(Int)
  }

  private func deliver(_ notification: ServerNotification, to audience: Audience, thread: String?) {
    let emittedAtMs = clock()
    if let delta = TextDelta(notification, emittedAtMs: emittedAtMs) {
      state.withLock { state in
        let seq = thread.map { state.log.add(delta, thread: $0, nowMs: emittedAtMs) }
        for peer in members(audience, state) { append(delta, seq, peer, &state) }
      }
      return
    }
    do {
      let rendering = try Rendering(notification, emittedAtMs: emittedAtMs)
      try state.withLock { state in
        let seq = thread.flatMap { state.log.add(rendering, thread: $0, nowMs: emittedAtMs) }
        for peer in members(audience, state) { try append(rendering, seq, peer, &state) }
      }
    } catch {
      log.error("\(notification.method) cannot be written: \(error)")
    }
  }

  /// Tells the subscribers of a thread, while locked.
  func announce(_ notification: ServerNotification, thread: String, _ state: inout State) {
    do {
      let rendering = try Rendering(notification, emittedAtMs: clock())
      let seq = state.log.add(rendering, thread: thread, nowMs: rendering.emittedAtMs)
      for peer in members(.subscribers(thread), state) { try append(rendering, seq, peer, &state) }
    } catch {
      log.error("\(notification.method) cannot be written: \(error)")
    }
  }

  private func append(_ delta: TextDelta, _ seq: Int?, _ peer: Int, _ state: inout State) {
    guard let client = state.peers[peer], let profile = client.profile, profile.wants(delta.key.method)
    else { return }
    let numbered = profile.events ? seq.map { delta.numbered($0) } : nil
    if !client.queue.append(numbered ?? delta) { letGo(peer, &state) }
  }

  private func append(_ rendering: Rendering, _ seq: Int?, _ peer: Int, _ state: inout State) throws {
    guard let client = state.peers[peer], let profile = client.profile, profile.wants(rendering.method)
    else { return }
    if !client.queue.append(try rendering.message(for: profile, seq: seq), itemId: rendering.itemId) {
      letGo(peer, &state)
    }
  }

  private func members(_ audience: Audience, _ state: State) -> [Int] {
    switch audience {
    case .everyone: state.peers.keys.sorted()
    case .subscribers(let thread): state.subscribers[thread].map { $0.sorted() } ?? []
    case .joining(let thread): state.joining[thread].map { $0.sorted() } ?? []
    case .peer(let peer): [peer]
    }
  }

  /// A client that is too far behind: it is closed and forgotten; what it was asked stays open.
  func letGo(_ peer: Int, _ state: inout State) {
    log.warning("connection \(peer) does not keep up and is closed")
    state.peers.removeValue(forKey: peer)?.queue.close()
    for thread in state.subscribers.keys { state.subscribers[thread]?.remove(peer) }
  }
}
