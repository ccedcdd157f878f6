/// When the history is compacted and how much of it is kept, by the model's window (C1, C4).
struct CompactionLimits: Sendable, Hashable {
  /// The part of a window that providers let a prompt fill.
  private static let effectiveShare = 0.95
  /// Tokens kept free beside the answer: tool definitions grow, estimates err.
  private static let reserve = 8_192
  /// Tokens of an answer where the model's limit is not known.
  private static let assumedOutput = 16_384
  /// Most tokens of user messages, and of calls with their outputs, that are kept word for word (C4).
  private static let keptTokens = 20_000

  let window: Int
  /// Tokens at which the history is compacted.
  let trigger: Int

  /// - Parameters:
  ///   - maxOutput: most tokens of an answer, where that is known; a quarter of the window at most is kept for it.
  ///   - setting: `model_auto_compact_token_limit`; it holds as far as the window has room.
  init(window: Int, maxOutput: Int? = nil, setting: Int? = nil) {
    self.window = window
    let effective = Int(Double(window) * Self.effectiveShare)
    let output = min(maxOutput ?? Self.assumedOutput, window / 4)
    let usual = max(window / 2, min(effective * 9 / 10, window - output - Self.reserve))
    trigger = setting.map { max(1, min($0, effective)) } ?? usual
  }

  /// Bytes of user messages that are kept.
  var userBytes: Int { bytes(min(Self.keptTokens, window / 5)) }
  /// Bytes of calls with their outputs that are kept.
  var pairBytes: Int { bytes(min(Self.keptTokens, window * 15 / 100)) }

  private func bytes(_ tokens: Int) -> Int { Int(Double(tokens) * ContextMeter.defaultRatio) }
}
