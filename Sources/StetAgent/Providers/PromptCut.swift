import StetConfig
import StetJSON

/// Notices that a local server read only a part of the prompt (V3). Ollama cuts what does not fit into `num_ctx` and
/// answers as if nothing had happened.
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

  /// What a request to one of the known servers that people run themselves should count; nil for others, which refuse
  /// what is too long.
  ///
  /// Images and reasoning are left out: what a server makes of them is its own.
  mutating func expect(_ items: [PromptItem], tools: Int, _ target: ModelTarget) -> Expectation? {
    guard let provider = target.provider, let probe = provider.probe, provider.isLocal || probe.isOwnServer
    else {
      return nil
    }
    if model != target.model {
      model = target.model
      anchor = nil
    }
    let weight = items.reduce(tools) { sum, item in
      if item.weight != item.bytes.count { return sum }
      return item.value["type"]?.stringValue == "reasoning" ? sum : sum + item.weight
    }
    return Expectation(tokens: tokens(weight), weight: weight, provider: provider)
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
    guard let expectation, let usage, usage.input > 0, expectation.tokens >= leastTokens else { return nil }
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
    switch expectation.provider.probe {
    case .ollama:
      return
        "Its context window (num_ctx) is too small: start Ollama with OLLAMA_CONTEXT_LENGTH=\(wanted), or put "
        + "PARAMETER num_ctx \(wanted) into the model's Modelfile; then try again."
    default:
      return "Its context window is too small: start the server with one of \(wanted) tokens, then try again."
    }
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
