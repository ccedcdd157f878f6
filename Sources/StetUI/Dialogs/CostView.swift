import StetProtocol

/// What the turn and the thread used and cost, for `/status`.
enum CostView {
  static func rows(_ usage: ThreadTokenUsage) -> [(String, String)] {
    guard let stet = usage.stet else { return [] }
    var rows = [("this turn", tokens(stet.turn) + (stet.turnCost.map { " · " + dollars($0) } ?? ""))]
    if let cost = stet.threadCost {
      let rest =
        stet.unpricedTokens > 0 ? " · and \(Words.count(stet.unpricedTokens)) tokens without a price" : ""
      rows.append(("cost", dollars(cost) + " for the thread" + rest))
    }
    return rows
  }

  private static func tokens(_ used: TokenUsageBreakdown) -> String {
    let written =
      used.cacheWriteInputTokens > 0 ? ", \(Words.count(used.cacheWriteInputTokens)) newly cached" : ""
    let reasoning =
      used.reasoningOutputTokens > 0 ? " (\(Words.count(used.reasoningOutputTokens)) reasoning)" : ""
    return "\(Words.count(used.inputTokens)) in (\(Words.count(used.cachedInputTokens)) cached\(written)) · "
      + "\(Words.count(used.outputTokens)) out\(reasoning)"
  }

  /// Cents from ten cents on, below that to a hundredth of a cent: a turn often costs less than one.
  static func dollars(_ amount: Double) -> String {
    guard amount.isFinite, amount >= 0, amount < 1e12 else { return "$?" }
    let digits = amount >= 0.1 ? 2 : 4
    let unit = digits == 2 ? 100 : 10_000
    let whole = Int((amount * Double(unit)).rounded())
    if whole == 0, amount > 0 { return "under $0.0001" }
    let fraction = String(whole % unit)
    return "$\(whole / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
