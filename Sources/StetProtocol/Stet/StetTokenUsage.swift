import StetJSON

/// stet: the `stet` member of a thread's token usage: the running turn's tokens, and what they cost. Prices are the
/// providers' published ones, in US dollars; a cost is absent where none is published.
public struct StetTokenUsage: Codable, Hashable, Sendable {
  /// What the turn used so far.
  public var turn: TokenUsageBreakdown
  @OmitIfNil public var turnCost: Double?
  @OmitIfNil public var threadCost: Double?
  /// Tokens of the thread that no price is known for.
  public var unpricedTokens: Int

  public init(
    turn: TokenUsageBreakdown, turnCost: Double? = nil, threadCost: Double? = nil, unpricedTokens: Int = 0
  ) {
    self.turn = turn
    self.turnCost = turnCost
    self.threadCost = threadCost
    self.unpricedTokens = unpricedTokens
  }
}
