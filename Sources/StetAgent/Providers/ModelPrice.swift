import StetJSON

/// What a provider asks for tokens, in US dollars for a million of them, as it publishes it.
public struct ModelPrice: Sendable, Hashable {
  public struct Rates: Sendable, Hashable {
    public var input: Double
    public var output: Double
    /// Nil: no discount is published, cached input costs as much as other input.
    public var cached: Double?
    /// Nil: nothing extra.
    public var cacheWrite: Double?

    /// Nil unless input and output are there and nothing is negative.
    init?(_ table: JSONValue?) {
      guard let input = table?["input"]?.doubleValue, let output = table?["output"]?.doubleValue else {
        return nil
      }
      self.input = input
      self.output = output
      cached = table?["cached"]?.doubleValue
      cacheWrite = table?["cache_write"]?.doubleValue
      guard [input, output, cached ?? 0, cacheWrite ?? 0].allSatisfy({ $0 >= 0 && $0 < 1e6 }) else {
        return nil
      }
    }
  }

  public var rates: Rates
  /// For a request with more than so many input tokens.
  public var above: Rates?
  public var aboveTokens: Int?

  init?(_ values: JSONObject) {
    guard let rates = Rates(values["price"]) else { return nil }
    self.rates = rates
    if let higher = Rates(values["price_above"]), let tokens = values["price_above"]?["tokens"]?.intValue {
      above = higher
      aboveTokens = tokens
    }
  }

  /// US dollars of one response. Its input counts cached and newly cached tokens too, as the Responses API does.
  public func cost(_ usage: ModelUsage) -> Double {
    let isLong = aboveTokens.map { usage.input > $0 } ?? false
    let rates = isLong ? above ?? rates : rates
    let cached = min(max(usage.cachedInput, 0), max(usage.input, 0))
    let written = min(max(usage.cacheWrite, 0), max(usage.input - cached, 0))
    let plain = max(usage.input - cached - written, 0)
    let sum =
      Double(plain) * rates.input + Double(cached) * (rates.cached ?? rates.input)
      + Double(written) * (rates.cacheWrite ?? rates.input) + Double(max(usage.output, 0)) * rates.output
    return sum / 1_000_000
  }
}
