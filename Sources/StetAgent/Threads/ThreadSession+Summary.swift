import StetJSON
import StetProtocol

/// Asks the model for the summary of a compaction.
extension ThreadSession {
  /// How often a prompt that is too long even for its summary is halved.
  private static let halvings = 3

  /// - Parameter source: what is summarised; made shorter here when the provider refuses it as too long.
  func summarise(
    _ source: inout [JSONValue], _ work: Compactor, _ target: ModelTarget, _ model: TurnModel,
    _ turnId: String
  ) async -> Result<SummaryAnswer, TurnFailure> {
    var retry = model.retry(isHeadless: services.environment.isHeadless)
    var halved = 0
    // What was answered so far when a limit cut it (L14), and the prompt for the rest.
    var cutAnswer = CutAnswer()
    var rest: [JSONValue] = []
    while !Task.isCancelled {
      let text = CompactionTexts.request(
        model.configuration?.compactPrompt, wish: running?.compactInstructions)
      let items = (source + [MessageItem.ours(text)] + rest).map { PromptItem($0) }
      var request = ModelRequest(
        threadId: id, turnId: turnId, model: target.model, provider: target.provider, apiKey: target.apiKey,
        input: items, tools: prompt.tools ?? .none, effort: settings.effort, summary: settings.summary,
        parallelToolCalls: model.metadata.parallelCalls, cacheKey: meta.rootId)
      request.mayCallTools = false
      let expectation = cut.expect(
        items, tools: prompt.tools?.bytes.count ?? 0, target, window: model.toldWindow)
      do {
        var answer = try await SummaryAnswer.read(services.modelClient().stream(request))
        if let usage = answer.usage {
          let weight = items.reduce(prompt.tools?.bytes.count ?? 0) { $0 + $1.weight }
          meter.calibrate(usage, requestWeight: weight)
          count(usage, model, turnId)
        }
        // A summary of what the server left of the prompt would lose the rest for good (V3).
        if let fault = PromptCut.fault(.completed(answer.usage), expectation) {
          return .failure(ModelFailureText.failure(for: fault))
        }
        if answer.reachedLimit {
          if cutAnswer.goesOn(after: answer.text, tokens: answer.usage?.output) {
            rest += [MessageItem.partialAssistant(answer.text), MessageItem.ours(TurnMachine.cutNote)]
            continue
          }
          answer.text = cutAnswer.take()
        } else {
          answer.text = cutAnswer.take() + answer.text
        }
        return .success(answer)
      } catch {
        let known = error as? ModelError ?? ModelError(.cut, message: "\(error)")
        if Task.isCancelled { break }
        if ContextOverflow.matches(known), halved < Self.halvings {
          halved += 1
          cutAnswer = CutAnswer()
          rest = []
          source = halved == 1 && work.masked.won > 0 ? work.masked.items : Self.halved(source)
          continue
        }
        switch retry.decide(known, jitter: services.clock.jitter()) {
        case .fail(let failure): return .failure(failure)
        case .retry(let ms, let notice):
          if let notice { feed.retrying(notice, afterMs: ms, turn: turnId) }
          await services.clock.sleep(ms)
        }
      }
    }
    return .failure(TurnFailure("The compaction was interrupted."))
  }

  /// The layers and the newer half of the rest; an output whose call is gone goes with it.
  private static func halved(_ items: [JSONValue]) -> [JSONValue] {
    let layers = PromptOrigin.layerCount(items)
    let rest = items.dropFirst(layers)
    let newer = rest.suffix(rest.count / 2)
    let calls = Set(newer.compactMap { CallItem($0)?.callId })
    let whole = newer.filter { item in
      guard CallItem(item) == nil, let id = item["call_id"]?.stringValue else { return true }
      return calls.contains(id)
    }
    return Array(items.prefix(layers)) + whole.drop { $0["type"]?.stringValue == "reasoning" }
  }
}

/// The text of one response that is read to its end without being shown.
struct SummaryAnswer: Sendable {
  var text: String
  var usage: ModelUsage?
  /// Why the provider ended it before its end; nil where it is whole.
  var cutReason: String?
  /// It was a limit of the answer's length.
  var reachedLimit: Bool { cutReason.map(ModelEvent.isLengthLimit) ?? false }

  static func read(_ stream: AsyncThrowingStream<ModelEvent, any Error>) async throws -> SummaryAnswer {
    var whole: [String] = []
    var streamed = ""
    func answer(_ usage: ModelUsage?, cutReason: String? = nil) -> SummaryAnswer {
      let text = whole.isEmpty ? streamed : whole.joined(separator: "\n")
      return SummaryAnswer(text: text, usage: usage, cutReason: cutReason)
    }
    for try await event in stream {
      switch event {
      case .textDelta(_, let delta): streamed += delta
      case .itemDone(let item) where item["type"]?.stringValue == "message":
        whole.append(MessageItem.text(of: item))
      case .completed(let usage): return answer(usage)
      case .incomplete(let reason, let usage): return answer(usage, cutReason: reason)
      default: break
      }
    }
    try Task.checkCancellation()
    throw ModelError(.cut, message: "The model server ended the answer before it was complete.")
  }
}
