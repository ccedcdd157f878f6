import StetJSON

/// What a model sends, the same for every wire. Deltas are for display; the item of `.itemDone` is the truth.
public enum ModelEvent: Sendable, Hashable {
  /// The response exists at the provider.
  case created(responseId: String?)
  /// The provider names the model that answers, which need not be the one that was asked for.
  case served(model: String)
  /// An output item begins: a message, a reasoning item, a call (a Responses item, mostly empty).
  case itemAdded(JSONValue)
  /// Text of a message.
  case textDelta(itemId: String, delta: String)
  /// A new part of a reasoning summary begins.
  case reasoningPartAdded(itemId: String, index: Int)
  case reasoningSummaryDelta(itemId: String, index: Int, delta: String)
  /// Raw reasoning text, where a provider gives it.
  case reasoningTextDelta(itemId: String, index: Int, delta: String)
  /// Arguments of a function call or the input of a custom tool call, as they come.
  case callInputDelta(itemId: String, delta: String)
  /// An output item is whole: a Responses item, kept verbatim in the prompt. A call runs now (L3).
  case itemDone(JSONValue)
  /// The response is whole.
  case completed(ModelUsage?)
  /// The response ended before the model did: `max_output_tokens`, `content_filter` … (L14).
  case incomplete(reason: String, usage: ModelUsage?)

  /// Whether the reason of `.incomplete` is a limit of the answer's length.
  static func isLengthLimit(_ reason: String) -> Bool { reason == "max_output_tokens" || reason == "length" }
}

/// Tokens of one response, as the provider counts them.
public struct ModelUsage: Sendable, Hashable {
  public var input: Int
  public var cachedInput: Int
  public var cacheWrite: Int
  public var output: Int
  public var reasoning: Int
  public var total: Int

  public init(
    input: Int, cachedInput: Int = 0, cacheWrite: Int = 0, output: Int, reasoning: Int = 0, total: Int? = nil
  ) {
    self.input = input
    self.cachedInput = cachedInput
    self.cacheWrite = cacheWrite
    self.output = output
    self.reasoning = reasoning
    self.total = total ?? input &+ output
  }
}
