import StetClient
import StetJSON
import StetProtocol
import StetRPC

/// A call from its beginning to its result.
extension ToolServer {
  /// Bytes of an answer: it goes into the window of another model.
  private static let answerLimit = 100_000

  func call(_ id: RequestID, _ params: JSONValue, _ reply: Reply) {
    let request: ToolCallRequest
    do throws(ToolCallRequest.Fault) {
      request = try ToolCallRequest(params["name"]?.stringValue ?? "", params["arguments"] ?? [:])
    } catch {
      return reply.succeed(Self.failure(error.message))
    }
    let token = params["_meta"]?["progressToken"].flatMap { $0.isNull ? nil : $0 }
    let call = ServedCall(id: id, reply: reply, progressToken: token, threadId: request.threadId)
    let begin: @Sendable () -> Void = { [weak self] in self?.begin(request, id) }
    let refusal: String?? = state.withLock { state in
      if state.calls.contains(where: { $0.id == id }) { return "a call with this id is under way" }
      guard state.calls.count < Self.callLimit else { return "too many calls at a time; wait for one to end" }
      if let thread = request.threadId, state.calls.contains(where: { $0.threadId == thread }) {
        return "a call works on thread \(thread) already; wait for its answer"
      }
      state.calls.append(call)
      // Its last call was just answered: it is opened again when it is closed.
      if let thread = request.threadId, state.leaving[thread] != nil {
        state.leaving[thread]?.append(begin)
        return .some(nil)
      }
      return nil
    }
    if token != nil, refusal.flatMap({ $0 }) == nil { keepTelling(id) }
    switch refusal {
    case .some(.some(let words)): reply.succeed(Self.failure(words))
    case .some(.none): break
    case .none: begin()
    }
  }

  private func begin(_ request: ToolCallRequest, _ id: RequestID) {
    guard find(id)?.isCancelled == false else { return end(id, failed: nil) }
    if let thread = request.threadId { return resume(thread, request, id) }
    let place: String
    let grant: ToolBounds.Grant
    do throws(ToolCallRequest.Fault) {
      place = try bounds.place(request.directory)
      grant = try bounds.grant(request, in: place)
    } catch {
      return end(id, failed: error.message)
    }
    let params = ThreadStartParams(
      approvalPolicy: grant.approvalPolicy, baseInstructions: request.baseInstructions, cwd: place,
      developerInstructions: request.developerInstructions, model: request.model ?? model)
    send(.threadStart(params), of: id) { [self] value in
      guard let thread = value["thread"]?["id"]?.stringValue else {
        return end(id, failed: "no thread came of it")
      }
      change(id) { $0.threadId = thread }
      startTurn(thread, request.prompt, grant, id)
    }
  }

  private func resume(_ thread: String, _ request: ToolCallRequest, _ id: RequestID) {
    var params = ThreadResumeParams(threadId: thread)
    params.excludeTurns = true
    send(.threadResume(params), of: id) { [self] value in
      do {
        let thread: ThreadResumeResponse = try value.decode()
        startTurn(thread.thread.id, request.prompt, try bounds.grant(thread), id)
      } catch let fault as ToolCallRequest.Fault {
        end(id, failed: fault.message)
      } catch {
        end(id, failed: "the thread can't be read: \(error)")
      }
    }
  }

  private func startTurn(_ thread: String, _ prompt: String, _ grant: ToolBounds.Grant, _ id: RequestID) {
    guard find(id)?.isCancelled == false else { return end(id, failed: nil) }
    var params = TurnStartParams(threadId: thread, input: [.text(prompt)])
    params.permissions = grant.profile
    params.approvalPolicy = grant.approvalPolicy
    send(.turnStart(params), of: id) { [self] value in
      guard let turn = value["turn"]?["id"]?.stringValue else {
        return end(id, failed: "no turn came of it")
      }
      change(id) { $0.turnId = turn }
      if find(id)?.isCancelled == true { interrupt(thread, turn) }
    }
  }

  /// The client wants no answer any more: the turn is stopped.
  func cancel(_ id: RequestID) {
    change(id) { $0.isCancelled = true }
    if let call = find(id), let turn = call.turnId, let thread = call.threadId { interrupt(thread, turn) }
  }

  private func interrupt(_ thread: String, _ turn: String) {
    // A turn that is over by now needs no stop.
    client?.send(.turnInterrupt(TurnInterruptParams(threadId: thread, turnId: turn))) { _ in }
  }

  // MARK: - The result

  func ended(_ note: TurnCompletedNotification) {
    let call = state.withLock { state in
      state.calls.first { $0.threadId == note.threadId && $0.turnId == note.turn.id }
    }
    guard let call else { return }
    switch note.turn.status {
    case .completed: end(call.id, failed: nil)
    case .interrupted: end(call.id, failed: "The turn was interrupted.")
    default: end(call.id, failed: note.turn.error?.message ?? "The turn failed.")
    }
  }

  /// - Parameter failed: why there is no good answer.
  func end(_ id: RequestID, failed: String?) {
    let call: ServedCall? = state.withLock { state in
      guard let index = state.calls.firstIndex(where: { $0.id == id }) else { return nil }
      let call = state.calls.remove(at: index)
      if let thread = call.threadId { state.leaving[thread] = [] }
      return call
    }
    guard let call else { return }
    if let thread = call.threadId { takeBackQuestions(of: thread) }
    // Who cancelled waits for nothing.
    if call.isCancelled {
      call.reply.discard()
    } else {
      call.reply.succeed(Self.result(call, failed: failed))
    }
    if let thread = call.threadId { leave(thread) }
  }

  /// Nobody works with the thread any more: the user may open it elsewhere.
  private func leave(_ thread: String) {
    let isOut: @Sendable () -> Void = { [weak self] in
      let waiting = self?.state.withLock { $0.leaving.removeValue(forKey: thread) } ?? []
      for begin in waiting { begin() }
    }
    guard let client else { return isOut() }
    client.send(.threadUnsubscribe(ThreadUnsubscribeParams(threadId: thread))) { [letGo] _ in
      letGo(thread, isOut)
    }
  }

  private static func result(_ call: ServedCall, failed: String?) -> JSONValue {
    var text = call.answer
    if text.utf8.count > answerLimit {
      text = String(decoding: text.utf8.prefix(answerLimit), as: UTF8.self) + "\n[cut: the answer was longer]"
    }
    if let failed { text = text.isEmpty ? failed : "\(failed)\n\nIts last message:\n\(text)" }
    if !call.declined.isEmpty {
      text += "\n\nDeclined, because nobody could be asked:\n" + call.declined.map { "- \($0)\n" }.joined()
    }
    var structured: JSONObject = [
      "threadId": call.threadId.map(JSONValue.string) ?? "", "content": .string(text),
    ]
    if !call.declined.isEmpty { structured["declined"] = .array(call.declined.map(JSONValue.string)) }
    return [
      "content": [["type": "text", "text": .string(text)]], "structuredContent": .object(structured),
      "isError": .bool(failed != nil),
    ]
  }

  private static func failure(_ message: String) -> JSONValue {
    ["content": [["type": "text", "text": .string(message)]], "isError": true]
  }

  // MARK: - Parts

  private func send(
    _ request: ClientRequest, of id: RequestID, then: @escaping @Sendable (JSONValue) -> Void
  ) {
    guard let client else { return end(id, failed: "the app-server is gone") }
    client.send(request) { [self] result in
      switch result {
      case .success(let value): then(value)
      case .failure(let error): end(id, failed: error.message)
      }
    }
  }

  private func find(_ id: RequestID) -> ServedCall? { state.withLock { $0.calls.first { $0.id == id } } }

  private func change(_ id: RequestID, _ body: @Sendable (inout ServedCall) -> Void) {
    state.withLock { state in
      if let index = state.calls.firstIndex(where: { $0.id == id }) { body(&state.calls[index]) }
    }
  }
}
