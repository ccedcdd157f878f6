import Logging
import StetJSON
import StetProtocol
import StetRPC

extension Outbox {
  /// One message as it is told again.
  private struct Missed {
    /// Of joined deltas the first and the last number.
    let seq: ClosedRange<Int>
    let method: String
    let params: JSONValue
    let emittedAtMs: Int64
    let itemId: String?
  }

  /// Where a thread is for a client that resumes it, and how many messages it is about to be sent again.
  /// - Parameter isStranger: `seq` was counted in another life of the server and says nothing here.
  func position(
    of thread: String, after seq: Int?, isStranger: Bool = false, for profile: ClientProfile
  ) -> StetResumeState {
    state.withLock { state in
      guard let events = state.log.events(of: thread) else {
        let isComplete = seq.map { $0 == 0 && !isStranger }
        return StetResumeState(lastSeq: 0, replayed: 0, complete: isComplete, epoch: epoch)
      }
      guard let seq else { return StetResumeState(lastSeq: events.lastSeq, replayed: 0, epoch: epoch) }
      if isStranger {
        return StetResumeState(lastSeq: events.lastSeq, replayed: 0, complete: false, epoch: epoch)
      }
      let isComplete = events.isComplete(after: seq)
      let replayed = isComplete ? missed(events, after: seq, for: profile).count : 0
      return StetResumeState(
        lastSeq: events.lastSeq, replayed: replayed, complete: isComplete, epoch: epoch)
    }
  }

  /// Sends a client what it has missed, while locked; nothing when some of it is gone. Open requests follow behind
  /// the goal.
  func sendMissed(_ peer: Int, _ thread: String, after seq: Int, _ state: inout State) {
    guard let client = state.peers[peer], let profile = client.profile,
      let events = state.log.events(of: thread), events.isComplete(after: seq)
    else { return }
    for event in missed(events, after: seq, for: profile) {
      let message = Message.notification(
        method: event.method, params: event.params, emittedAtMs: event.emittedAtMs,
        stet: .sequence(event.seq))
      guard client.queue.append(message, itemId: event.itemId) else { return letGo(peer, &state) }
    }
  }

  /// `stet/events/replay`: the messages after a number, open requests among them in their places; nil for a thread
  /// that has had none.
  func replay(_ params: StetEventsReplayParams, for profile: ClientProfile) -> StetEventsReplayResponse? {
    state.withLock { state in
      guard let log = state.log.events(of: params.threadId) else { return nil }
      guard log.isComplete(after: params.afterSeq) else {
        return StetEventsReplayResponse(events: [], lastSeq: log.lastSeq, complete: false)
      }
      var events = missed(log, after: params.afterSeq, for: profile).map { event in
        StetEvent(
          seq: event.seq.upperBound,
          fromSeq: event.seq.count > 1 ? event.seq.lowerBound : nil, method: event.method,
          params: event.params, emittedAtMs: event.emittedAtMs)
      }
      for open in state.requests.open(in: params.threadId) where open.seq > params.afterSeq {
        do {
          let request = open.request.rendered(for: profile)
          events.append(
            StetEvent(
              seq: open.seq, id: .int(open.id), method: request.method, params: try request.params(),
              emittedAtMs: open.askedAtMs))
        } catch {
          self.log.error("\(open.request.method) cannot be written: \(error)")
        }
      }
      events.sort { $0.seq < $1.seq }
      let limit = min(params.limit.map { Int($0) } ?? Self.replayLimit, Self.replayLimit)
      return StetEventsReplayResponse(
        events: Array(events.prefix(limit)), lastSeq: log.lastSeq, complete: true)
    }
  }

  /// Events of one page: what is kept of a thread at least.
  private static let replayLimit = ThreadEvents.leastKept

  private func missed(_ events: ThreadEvents, after seq: Int, for profile: ClientProfile) -> [Missed] {
    events.events(after: seq).compactMap { event in
      switch event.body {
      case .deltas(let run):
        guard profile.wants(run.key.method), let rest = run.params(after: seq) else { return nil }
        return Missed(
          seq: rest.from...event.seq, method: run.key.method, params: rest.params,
          emittedAtMs: event.emittedAtMs, itemId: event.itemId)
      case .notification(let notification):
        guard profile.wants(notification.method) else { return nil }
        do {
          return Missed(
            seq: event.seq...event.seq, method: notification.method,
            params: try notification.rendered(for: profile).params(), emittedAtMs: event.emittedAtMs,
            itemId: event.itemId)
        } catch {
          log.error("\(notification.method) cannot be written: \(error)")
          return nil
        }
      }
    }
  }
}
