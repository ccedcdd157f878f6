import Glibc
import StetProtocol

/// How a run ended, and what is left to say.
struct ExecOutcome: Hashable, Sendable {
  enum Ending: Hashable, Sendable {
    case completed
    case failed(String)
    /// By a signal, or by another client when nil.
    case interrupted(signal: Int32?)
    case timeLimit

    /// What an event says of it; nil for a good end.
    var text: String? {
      switch self {
      case .completed: nil
      case .failed(let reason): reason
      case .interrupted: "interrupted"
      case .timeLimit: "the time limit was reached"
      }
    }
  }

  var ending: Ending
  /// The last message of the model; of a turn that did not complete, the last there was.
  var answer: String?
  /// Nil when no turn began: there is nothing to go on with.
  var thread: ExecThread?
  var refusals: [ExecRefusal] = []

  /// X3. A signal other than SIGINT keeps its own number, as a shell would report it.
  var exitCode: Int32 {
    switch ending {
    case .completed: refusals.isEmpty ? 0 : 3
    case .failed: 1
    case .interrupted(let number): 128 + (number ?? SIGINT)
    case .timeLimit: 124
    }
  }
}

/// The tokens of the turn: the server counts over the thread, which may be older than this run.
struct ExecUsage: Hashable, Sendable {
  private var before: TokenUsageBreakdown?
  private var total: TokenUsageBreakdown?

  /// - Parameter isOld: told again: a compaction begins with the counts that were there before it.
  mutating func take(_ usage: ThreadTokenUsage, isOld: Bool) {
    if before == nil { before = isOld ? usage.total : usage.total.less(usage.last) }
    total = usage.total
  }

  var ofTurn: TokenUsageBreakdown {
    let none = TokenUsageBreakdown(
      totalTokens: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0)
    return (total ?? none).less(before ?? none)
  }
}

extension TokenUsageBreakdown {
  /// What this counts beyond another; never below zero, whatever a server counts.
  fileprivate func less(_ other: TokenUsageBreakdown) -> TokenUsageBreakdown {
    func rest(_ left: Int, _ right: Int) -> Int {
      max(0, left.subtractingReportingOverflow(right).partialValue)
    }
    return TokenUsageBreakdown(
      totalTokens: rest(totalTokens, other.totalTokens), inputTokens: rest(inputTokens, other.inputTokens),
      cachedInputTokens: rest(cachedInputTokens, other.cachedInputTokens),
      cacheWriteInputTokens: rest(cacheWriteInputTokens, other.cacheWriteInputTokens),
      outputTokens: rest(outputTokens, other.outputTokens),
      reasoningOutputTokens: rest(reasoningOutputTokens, other.reasoningOutputTokens))
  }
}
