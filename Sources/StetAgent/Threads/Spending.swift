import StetProtocol

/// What the tokens of a turn and of its thread cost, as far as prices are published.
struct Spending: Sendable, Hashable {
  private(set) var turnId: String?
  private(set) var turn = TokenUsageBreakdown.zero
  private(set) var turnCost: Double?
  private(set) var threadCost: Double?
  private(set) var unpricedTokens = 0

  /// What the log of a thread says; tokens from before it kept costs have no price.
  init(_ stored: ThreadTokenUsage?) {
    threadCost = stored?.stet?.threadCost
    unpricedTokens = stored?.stet?.unpricedTokens ?? stored?.total.totalTokens ?? 0
  }

  mutating func add(_ usage: ModelUsage, price: ModelPrice?, turn id: String) {
    if id != turnId {
      turnId = id
      turn = .zero
      turnCost = nil
    }
    turn = turn + TokenUsageBreakdown(usage)
    guard let price else {
      unpricedTokens += max(0, usage.total)
      return
    }
    let cost = price.cost(usage)
    turnCost = (turnCost ?? 0) + cost
    threadCost = (threadCost ?? 0) + cost
  }

  var wire: StetTokenUsage {
    StetTokenUsage(turn: turn, turnCost: turnCost, threadCost: threadCost, unpricedTokens: unpricedTokens)
  }
}

extension ThreadSession {
  /// Adds the tokens of a response to what was used, and tells the clients.
  ///
  /// - Parameter ratio: bytes a token, where the thread's own prompt was counted.
  func count(
    _ usage: ModelUsage, _ model: TurnModel?, _ turnId: String, context: StetContextUse? = nil,
    ratio: Double? = nil
  ) {
    let last = TokenUsageBreakdown(usage)
    total = total + last
    spent.add(usage, price: model?.metadata.price, turn: turnId)
    feed.usage(
      ThreadTokenUsage(
        total: total, last: last, modelContextWindow: model?.metadata.contextWindow, stet: spent.wire),
      turn: turnId, context: context, ratio: ratio)
  }
}
