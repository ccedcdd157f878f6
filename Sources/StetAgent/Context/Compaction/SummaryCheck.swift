/// Whether a summary may take the place of what it summarises (C3).
enum SummaryCheck {
  /// Fewer replaced tokens than this need no check but that there is a summary.
  private static let smallTokens = 2_000
  /// From this many replaced tokens on, `shortest` characters are too few.
  private static let largeTokens = 10_000
  private static let shortest = 200

  /// What is wrong with it; nil when nothing is.
  static func fault(_ answer: SummaryAnswer, replacedBytes: Int) -> String? {
    // Its last part is the next steps: what is missing can't be told from what is there.
    if let reason = answer.cutReason { return "the model's summary was cut before its end (\(reason))" }
    let summary = answer.text
    if summary.allSatisfy(\.isWhitespace) { return "the model gave an empty summary" }
    let tokens = Int(Double(replacedBytes) / ContextMeter.defaultRatio)
    guard tokens > smallTokens else { return nil }
    if tokens > largeTokens, summary.count < shortest {
      return "the model gave \(summary.count) characters as the summary of about \(tokens) tokens"
    }
    return summary.utf8.count * 2 > replacedBytes
      ? "the model's summary is more than half as long as what it summarises" : nil
  }
}
