/// How full the window is: the last count of the provider plus what was added since, by weight (C1).
struct ContextMeter: Sendable, Hashable {
  /// Bytes a token where nothing was observed yet (C1).
  static let defaultRatio = 3.5
  /// What a calibrated ratio may be: beyond it the provider counts something else than the prompt.
  private static let ratios = 2.0...6.0
  /// Fewer tokens than this say nothing about the ratio.
  private static let calibrationMinimum = 1_000

  struct Measure: Sendable, Hashable {
    var tokens: Int
    /// Weight of the prompt that these tokens stand for.
    var weight: Int
  }

  private(set) var ratio = ContextMeter.defaultRatio
  private(set) var measure: Measure?

  init(_ measure: Measure? = nil) { self.measure = measure }

  /// - Parameters:
  ///   - requestWeight: prompt and tools of the request that was answered.
  ///   - weight: the prompt now, the answer included.
  mutating func note(_ usage: ModelUsage, requestWeight: Int, weight: Int) {
    if usage.input >= Self.calibrationMinimum, requestWeight > 0 {
      let observed = Double(requestWeight) / Double(usage.input)
      ratio = min(max(observed, Self.ratios.lowerBound), Self.ratios.upperBound)
    }
    // A provider that counts nothing leaves the estimate in place.
    measure = usage.total > 0 ? Measure(tokens: usage.total, weight: weight) : nil
  }

  /// The prompt was replaced: nothing is known of it but its weight.
  mutating func forget() { measure = nil }

  /// Tokens that the prompt takes now.
  func tokens(_ prompt: PromptLog) -> Int {
    guard let measure else { return tokens(weight: prompt.weight + (prompt.tools?.bytes.count ?? 0)) }
    return measure.tokens + tokens(weight: max(0, prompt.weight - measure.weight))
  }

  func tokens(weight: Int) -> Int { Int(Double(weight) / ratio) }
}
