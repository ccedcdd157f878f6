import StetJSON
import StetProtocol

extension ThreadSession {
  /// Milliseconds for a verdict: a local model reads 12 kB in a minute.
  private static let reviewLimitMs = 120_000

  /// What answers approvals of a turn in the user's place; nil where the user is asked.
  func autoReview(_ turn: Running, _ model: TurnModel) -> AutoReview? {
    switch meta.approvalsReviewer {
    case .autoReview, .guardianSubagent: break
    case .user, .unknown: return nil
    }
    let clock = services.clock
    return AutoReview(
      read: { [weak self] subject in
        await withTaskGroup(of: AutoReview.Reading.self) { group in
          group.addTask {
            await self?.showReviewer(subject, turn.id, model) ?? .failed("the thread was closed")
          }
          group.addTask {
            await clock.sleep(Self.reviewLimitMs)
            return .timedOut
          }
          let first = await group.next() ?? .timedOut
          group.cancelAll()
          return first
        }
      },
      nowMs: clock.nowMs, isHeadless: services.environment.isHeadless)
  }

  /// One request and no second: what fails is not asked for again until it fits.
  private func showReviewer(
    _ subject: JSONValue, _ turnId: String, _ model: TurnModel
  ) async -> AutoReview.Reading {
    guard let turn = running, turn.id == turnId else { return .failed("the turn is over") }
    let items = ReviewPrompt.items((turn.review?.prompt ?? prompt).items, subject)
    let target = model.target
    var request = ModelRequest(
      threadId: id, turnId: turnId, model: target.model, provider: target.provider, apiKey: target.apiKey,
      input: items, tools: .none, effort: settings.effort, summary: "none", parallelToolCalls: false,
      cacheKey: "\(id)-review")
    if target.provider == nil || model.metadata.flags.jsonSchema {
      request.outputSchema = ReviewPrompt.schema
    }
    var watch = PromptCut()
    let expectation = watch.expect(items, tools: 0, target, window: model.toldWindow)
    do {
      let answer = try await SummaryAnswer.read(services.modelClient().stream(request))
      if let usage = answer.usage, running?.id == turnId {
        chargeGoal(usage)
        count(usage, model, turnId)
      }
      // A model that did not read the beginning does not know what it decides.
      if let fault = PromptCut.fault(.completed(answer.usage), expectation) { return .failed(fault.message) }
      return .answer(answer.text)
    } catch let error as ModelError {
      return .failed("the review failed: \(error.message)")
    } catch {
      return .failed("the review failed: \(error)")
    }
  }
}
