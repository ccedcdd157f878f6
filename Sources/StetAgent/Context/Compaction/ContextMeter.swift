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

  /// - Parameter ratio: what was observed before; nil where nothing was.
  init(_ measure: Measure? = nil, ratio: Double? = nil) {
    self.measure = measure
    if let ratio { self.ratio = Self.sensible(ratio) }
  }

  /// - Parameters:
  ///   - requestWeight: prompt and tools of the request that was answered.
  ///   - weight: the prompt now, the answer included.
  mutating func note(_ usage: ModelUsage, requestWeight: Int, weight: Int) {
    calibrate(usage, requestWeight: requestWeight)
    // A provider that counts nothing leaves the estimate in place.
    measure = usage.total > 0 ? Measure(tokens: usage.total, weight: weight) : nil
  }

  /// Learns the bytes of a token from another request of the same model, such as that of a summary.
  mutating func calibrate(_ usage: ModelUsage, requestWeight: Int) {
    guard usage.input >= Self.calibrationMinimum, requestWeight > 0 else { return }
    ratio = Self.sensible(Double(requestWeight) / Double(usage.input))
  }

  private static func sensible(_ ratio: Double) -> Double {
    min(max(ratio, ratios.lowerBound), ratios.upperBound)
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
