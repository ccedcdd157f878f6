import StetProtocol

/// Numbers from the token usage, safe against any value a server sends.
enum StatusFacts {
  /// How much of the model's window the last request took, 0…100.
  static func contextPercent(_ usage: ThreadTokenUsage) -> Int? {
    guard let window = usage.modelContextWindow, window > 0 else { return nil }
    return percent(usage.last.totalTokens, of: window)
  }

  static func contextPercent(_ use: StetContextUse) -> Int? {
    use.window > 0 ? percent(use.tokens, of: use.window) : nil
  }

  /// How much of the last request's input came from the provider's cache.
  static func cachedPercent(_ usage: ThreadTokenUsage) -> Int? {
    guard usage.last.inputTokens > 0 else { return nil }
    return percent(usage.last.cachedInputTokens, of: usage.last.inputTokens)
  }

  private static func percent(_ part: Int, of whole: Int) -> Int {
    min(100, max(0, Int((Double(part) / Double(whole) * 100).rounded())))
  }
}
