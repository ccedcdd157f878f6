import StetConfig
import StetJSON

/// Notices that a local server read only a part of the prompt (V3). Ollama cuts what does not fit into `num_ctx` and
/// answers as if nothing had happened; the others refuse it. Of those a low count says only that the model's template
/// leaves the tools out, as Gemma's does, or that its tokens are long.
struct PromptCut: Sendable, Hashable {
  /// Counts below this part of the estimate can't be its error: bytes for a token differ less than that.
  private static let leastShare = 0.7
  /// Smaller prompts fit into any window, and their estimates are the roughest.
  private static let leastTokens = 1_500
  /// Bytes a token, as for the meter of the window (C1).
  private static let ratios = 2.0...6.0

  /// What a request should count.
  struct Expectation: Sendable, Hashable {
    let tokens: Int
    let weight: Int
    /// The server told of a window that has room for it: a low count is then the estimate's error.
    let fits: Bool
    let provider: ProviderConfig
  }

  /// A count that the server is believed: the estimate goes on from it.
  private struct Anchor: Sendable, Hashable {
    let tokens: Int
    let weight: Int

    var ratio: Double {
      min(max(Double(weight) / Double(max(tokens, 1)), ratios.lowerBound), ratios.upperBound)
    }
  }

  private var anchor: Anchor?
  private var model = ""

  /// What a request to Ollama should count; nil for other servers.
  ///
  /// Images and reasoning are left out: what a server makes of them is its own.
  ///
  /// - Parameter window: what the server itself says that it runs with; nil where it did not say.
  mutating func expect(
    _ items: [PromptItem], tools: Int, _ target: ModelTarget, window: Int? = nil
  ) -> Expectation? {
    guard let provider = target.provider, provider.probe == .ollama else { return nil }
    if model != target.model {
      model = target.model
      anchor = nil
    }
    let weight = items.reduce(tools) { sum, item in
      if item.weight != item.bytes.count { return sum }
      return item.value["type"]?.stringValue == "reasoning" ? sum : sum + item.weight
    }
    let count = tokens(weight)
    return Expectation(
      tokens: count, weight: weight, fits: window.map { count < $0 } ?? false, provider: provider)
  }

  private func tokens(_ weight: Int) -> Int {
    guard let anchor else { return Int(Double(weight) / ContextMeter.defaultRatio) }
    guard weight >= anchor.weight else { return Int(Double(weight) / anchor.ratio) }
    return anchor.tokens + Int(Double(weight - anchor.weight) / anchor.ratio)
  }

  /// A count that was not taken for a cut. One that stands still while the prompt grows is no new ground: a window
  /// that fills up slowly must not pull the estimate along.
  mutating func note(_ usage: ModelUsage, _ expectation: Expectation) {
    let read = Self.read(usage)
    guard read > 0 else { return }
    if let anchor, expectation.weight > anchor.weight {
      let growth = Double(expectation.weight - anchor.weight) / anchor.ratio
      guard Double(read - anchor.tokens) >= growth / 2 else { return }
    }
    anchor = Anchor(tokens: read, weight: expectation.weight)
  }

  /// The error, when the counts that an event brings tell of a cut.
  static func fault(_ event: ModelEvent, _ expectation: Expectation?) -> ModelError? {
    let usage: ModelUsage?
    switch event {
    case .completed(let counts), .incomplete(_, let counts): usage = counts
    default: return nil
    }
    guard let expectation, !expectation.fits, expectation.tokens >= leastTokens, let usage, usage.input > 0
    else { return nil }
    let read = read(usage)
    guard Double(read) < Double(expectation.tokens) * leastShare else { return nil }
    let name = expectation.provider.name
    return ModelError(
      .configuration,
      message: "The server cut the prompt: \(name) read \(read) of about \(expectation.tokens) tokens. "
        + advice(expectation))
  }

  // MARK: - Parts

  /// Some servers count what they had in their cache apart.
  private static func read(_ usage: ModelUsage) -> Int {
    usage.cachedInput > usage.input ? usage.input + usage.cachedInput : usage.input
  }

  private static func advice(_ expectation: Expectation) -> String {
    let wanted = max(ModelMetadata.assumedWindow, expectation.tokens * 2)
    return
      "Its context window (num_ctx) is too small: start Ollama with OLLAMA_CONTEXT_LENGTH=\(wanted), or put "
      + "PARAMETER num_ctx \(wanted) into the model's Modelfile; then try again."
  }
}

extension ThreadSession {
  /// V3: the turn fails; what the model made of a part of the prompt is no answer.
  func promptWasCut(_ fault: ModelError, _ event: ModelEvent, response number: Int, of id: String) {
    guard let turn = running, turn.id == id else { return }
    switch event {
    case .completed(let usage?), .incomplete(_, let usage?): count(usage, turn.model, turn.id)
    default: break
    }
    apply(.failed(fault, response: number, jitter: 0))
  }
}
