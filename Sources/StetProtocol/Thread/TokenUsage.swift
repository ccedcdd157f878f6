import StetJSON

/// `total` sums over the thread, `last` is the last request.
public struct ThreadTokenUsage: Codable, Hashable, Sendable {
  public var total: TokenUsageBreakdown
  public var last: TokenUsageBreakdown
  public var modelContextWindow: Int?
  /// For clients that asked for stet's extensions.
  @OmitIfNil public var stet: StetTokenUsage?

  public init(
    total: TokenUsageBreakdown, last: TokenUsageBreakdown, modelContextWindow: Int? = nil,
    stet: StetTokenUsage? = nil
  ) {
    self.total = total
    self.last = last
    self.modelContextWindow = modelContextWindow
    self.stet = stet
  }
}

/// Tokens, by kind.
public struct TokenUsageBreakdown: Codable, Hashable, Sendable {
  public var totalTokens: Int
  public var inputTokens: Int
  public var cachedInputTokens: Int
  @Defaulted public var cacheWriteInputTokens: Int
  public var outputTokens: Int
  public var reasoningOutputTokens: Int

  public init(
    totalTokens: Int, inputTokens: Int, cachedInputTokens: Int, cacheWriteInputTokens: Int = 0,
    outputTokens: Int, reasoningOutputTokens: Int
  ) {
    self.totalTokens = totalTokens
    self.inputTokens = inputTokens
    self.cachedInputTokens = cachedInputTokens
    self.cacheWriteInputTokens = cacheWriteInputTokens
    self.outputTokens = outputTokens
    self.reasoningOutputTokens = reasoningOutputTokens
  }
}
