import StetJSON
import StetProtocol
import StetRPC

/// One client: takes its messages in order, checks the handshake and passes requests on.
final class ClientConnection: @unchecked Sendable {
  /// Requests of one client that may be unanswered at a time; the next is refused at once (A4).
  static let maxUnanswered = 128

  /// How often a wait for answers looks whether anybody still wants them.
  private static let lookMs: Int64 = 200

  let id: Int
  /// A server lives as long as a client is connected.
  private let server: AppServer
  private let queue: ClientQueue
  private let monitor = Monitor()
  private var negotiated: ClientProfile?
  private var unanswered = 0

  /// What a client may always ask, however much it has not read: it makes less come.
  private static let relieving: Set<String> = [TurnInterruptParams.method, ThreadUnsubscribeParams.method]

  init(id: Int, server: AppServer, queue: ClientQueue) {
    self.id = id
    self.server = server
    self.queue = queue
  }

  /// What the client negotiated; nil before `initialize`.
  var profile: ClientProfile? { monitor.locked { negotiated } }

  /// Called by `InitializeHandler` once, before the result is sent.
  func adopt(_ profile: ClientProfile) { monitor.locked { negotiated = profile } }

  /// Waits until everything that was asked is answered: who says all it has to say and then ends its side, as a
  /// script does, is still to hear the answers. Ends early when `isHeard` says that nobody waits for them.
  func awaitAnswers(withinMs: Int64, while isHeard: () -> Bool) {
    var leftMs = withinMs
    while leftMs > 0, isHeard() {
      let slice = min(leftMs, Self.lookMs)
      let isDone = monitor.locked {
        monitor.wait(forMs: slice) { unanswered == 0 }
        return unanswered == 0
      }
      if isDone { return }
      leftMs -= slice
    }
  }

  /// Takes one message, on the transport's thread.
  func receive(_ message: Message) {
    switch message {
    case .request(let id, let method, let params, _): take(id, method, params)
    case .notification: break  // `initialized` asks for nothing, and unknown ones are ignored
    case .result(let id, let value): server.outbox.answered(id, .success(value), by: self.id)
    case .error(let id, let error): server.outbox.answered(id, .failure(error), by: self.id)
    }
  }

  private func take(_ id: RequestID, _ method: String, _ params: JSONValue?) {
    let mayAsk = Self.relieving.contains(method) || !queue.isCrowded
    let isAccepted = monitor.locked {
      guard mayAsk, unanswered < Self.maxUnanswered else { return false }
      unanswered += 1
      return true
    }
    guard isAccepted else {
      server.outbox.send(.error(id: id, .overloaded), to: self.id)
      return
    }
    let reply = Reply { [self] result in
      server.outbox.send(Message(answering: id, result), to: self.id)
      monitor.locked {
        unanswered -= 1
        monitor.wakeAll()
      }
    }
    do {
      try Router(server: server).route(method, params, from: self, reply)
    } catch {
      reply.fail(error)
    }
  }
}
