import StetAgent
import StetJSON
import StetProtocol
import StetRPC

extension Outbox {
  public func request(
    _ request: ServerRequest, thread: String,
    completion: @escaping @Sendable (Result<JSONValue, RPCError>) -> Void
  ) -> any PendingRequestToken {
    let id = state.withLock { state in
      let now = clock()
      let seq = state.log.addRequest(thread: thread, nowMs: now)
      let open = state.requests.add(
        request, thread: thread, seq: seq, askedAtMs: now, completion: completion)
      for peer in state.subscribers[thread, default: []].sorted() { ask(open, peer, &state) }
      return open.id
    }
    return Token(outbox: self, id: id)
  }

  private struct Token: PendingRequestToken {
    let outbox: Outbox
    let id: Int64
    func resolve() { outbox.resolve(id) }
  }

  /// Takes an answer of a client. The first valid one wins; answers to what is not open, or was not asked of this
  /// client, are ignored. Without a valid one the request fails once nobody is left who could give it.
  func answered(_ id: RequestID, _ answer: Result<JSONValue, RPCError>, by peer: Int) {
    guard case .int(let number) = id else { return }
    let ended = state.withLock { state -> [PendingRequests.Ended] in
      guard let open = state.requests[number], open.askedOf.contains(peer) else { return [] }
      if case .success(let value) = answer, isValid(value, for: open.request, by: peer, state) {
        return [.init(request: open, result: answer)].filter { end($0.request, &state) }
      }
      if case .failure(let error) = answer {
        state.requests.refuse(number, by: peer, error)
      } else {
        state.requests.refuse(number, by: peer, .invalidRequest("the answer is not valid"))
      }
      return endUnanswerable(&state)
    }
    finish(ended)
  }

  /// Ends a request from the agent's side; the completion is not called.
  private func resolve(_ id: Int64) {
    state.withLock { state in
      if let open = state.requests[id] { _ = end(open, &state) }
    }
  }

  /// Removes a request and tells its subscribers; false when it was gone already.
  private func end(_ open: PendingRequests.Open, _ state: inout State) -> Bool {
    guard state.requests.remove(open.id) != nil else { return false }
    // As Codex does, a tool call of the client ends without a word.
    if case .toolCall = open.request { return true }
    let resolved = ServerNotification.serverRequestResolved(
      .init(threadId: open.thread, requestId: .int(open.id)))
    announce(resolved, thread: open.thread, &state)
    return true
  }

  /// Ends requests whose every subscriber has refused. With no subscriber at all a request waits.
  func endUnanswerable(_ state: inout State) -> [PendingRequests.Ended] {
    state.requests.all.compactMap { open in
      let peers = state.subscribers[open.thread, default: []]
      guard let refusal = open.refusals.values.first, !peers.isEmpty,
        peers.allSatisfy({ open.refusals[$0] != nil })
      else { return nil }
      return end(open, &state) ? .init(request: open, result: .failure(refusal)) : nil
    }
  }

  /// Calls the completions, outside the lock.
  func finish(_ ended: [PendingRequests.Ended]) {
    for ending in ended { ending.request.completion(ending.result) }
  }

  /// Sends a request to one subscriber, rendered for it.
  func ask(_ open: PendingRequests.Open, _ peer: Int, _ state: inout State) {
    guard let client = state.peers[peer], let profile = client.profile else { return }
    do {
      let request = open.request.rendered(for: profile)
      let message = Message.request(
        id: .int(open.id), method: request.method, params: try request.params(),
        stet: profile.events ? .sequence(open.seq...open.seq) : nil)
      state.requests.asked(open.id, of: peer)
      if !client.queue.append(message, itemId: open.request.itemId) { letGo(peer, &state) }
    } catch {
      log.error("\(open.request.method) cannot be written: \(error)")
    }
  }

  private func isValid(_ value: JSONValue, for request: ServerRequest, by peer: Int, _ state: State) -> Bool {
    guard request.accepts(value) else { return false }
    let isReview = value["decision"]?["stetReview"] != nil
    return !isReview || state.peers[peer]?.profile?.hunkReview ?? false
  }
}
