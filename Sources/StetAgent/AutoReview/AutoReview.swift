import StetJSON
import StetProtocol
import Synchronization

/// Answers requests for approval in the user's place, by a model's verdict (`approvals_reviewer = "auto_review"`).
///
/// It fails closed: what is no clear verdict is put to the user, where a client of stet shows it to one; nobody else is
/// asked, because programs that chose this reviewer answer yes to whatever reaches them. It says yes once and to this
/// one action: rules that forbid were heard before, and what leaves the sandbox is never its to decide.
struct AutoReview: Sendable {
  /// Denials in one turn after which nothing more is reviewed: who asks often enough gets a yes from any model.
  static let denialLimit = 5
  /// Actions remembered as denied, the newest.
  static let memoryLimit = 200

  /// What became of the request to the model.
  enum Reading: Sendable {
    case answer(String)
    case failed(String)
    case timedOut
  }

  /// Shows an action to the model.
  let read: @Sendable (JSONValue) async -> Reading
  let nowMs: @Sendable () -> Int64
  /// Nobody watches (`stet exec`).
  let isHeadless: Bool

  /// For the approval desk of one call.
  func reviewer(_ call: ToolCall, _ context: ToolContext) -> ApprovalDesk.Reviewer {
    { request, isOutside, usersOnly, open in
      let usersOnly = usersOnly ?? (isOutside ? "it would do what the sandbox does not allow" : nil)
      guard let action = ReviewedAction(request, call, context, usersOnly: usersOnly) else { return nil }
      if action.usersOnly != nil, mayAsk(context) { return nil }
      open()
      return await review(action, context)
    }
  }

  private func mayAsk(_ context: ToolContext) -> Bool { !isHeadless && context.approvals.hasHunkReview }

  private func review(_ action: ReviewedAction, _ context: ToolContext) async -> JSONValue? {
    let report = ReviewNotice(
      context: context, action: action, id: ThreadIds.random(), startedAtMs: Int(nowMs()))
    report.started()
    switch await verdict(action, context) {
    case .approved(let opinion):
      report.completed(.approved, opinion, nowMs: nowMs())
      return action.yes
    case .denied(let opinion):
      report.completed(.denied, opinion, nowMs: nowMs())
      return action.no(
        "It was denied: \(opinion.rationale) Do not try it in another form; tell the user if it is needed.")
    case .aborted:
      report.aborted(nowMs: nowMs())
      return nil
    case .unclear(let why, let timedOut):
      let asks = mayAsk(context)
      report.unclear(why, timedOut: timedOut, asks: asks, nowMs: nowMs())
      if asks { return nil }
      return action.no(
        "There was no verdict (\(why)), and nobody can be asked. Tell the user what is needed.")
    }
  }

  private enum Verdict {
    case approved(ReviewVerdict.Opinion)
    case denied(ReviewVerdict.Opinion)
    case unclear(String, timedOut: Bool = false)
    case aborted
  }

  private func verdict(_ action: ReviewedAction, _ context: ToolContext) async -> Verdict {
    if let why = action.usersOnly { return .unclear("only the user may decide, because \(why)") }
    let memory = context.threadMemory.value { ReviewMemory() }
    if let before = memory.denial(of: action.subject) { return .denied(before) }
    guard memory.denials(in: context.turnId) < Self.denialLimit else {
      return .unclear("\(Self.denialLimit) actions of this turn were denied already")
    }
    let reading = await read(action.subject)
    if Task.isCancelled { return .aborted }
    switch reading {
    case .failed(let why): return .unclear(why)
    case .timedOut: return .unclear("the model took too long", timedOut: true)
    case .answer(let text):
      switch ReviewVerdict(text) {
      case .allowed(let opinion): return .approved(opinion)
      case .unclear(let why): return .unclear(why)
      case .denied(let opinion):
        memory.add(action.subject, opinion, turn: context.turnId)
        return .denied(opinion)
      }
    }
  }
}

/// What was denied in a thread. Safe from any thread.
private final class ReviewMemory: Sendable {
  private struct Denial {
    let subject: JSONValue
    let opinion: ReviewVerdict.Opinion
    let turn: String
  }

  private let denials = Mutex<[Denial]>([])

  func denial(of subject: JSONValue) -> ReviewVerdict.Opinion? {
    denials.withLock { denials in denials.last { $0.subject == subject }?.opinion }
  }

  func denials(in turn: String) -> Int {
    denials.withLock { denials in denials.count { $0.turn == turn } }
  }

  func add(_ subject: JSONValue, _ opinion: ReviewVerdict.Opinion, turn: String) {
    denials.withLock { denials in
      denials =
        denials.suffix(AutoReview.memoryLimit - 1) + [Denial(subject: subject, opinion: opinion, turn: turn)]
    }
  }
}
