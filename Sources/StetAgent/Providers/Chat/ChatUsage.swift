import StetJSON

/// Finds the token counts in a chunk of the Chat wire: where each server puts them, under each server's names.
enum ChatUsage {
  static func find(in chunk: JSONValue) -> ModelUsage? {
    let places = [
      chunk["usage"], chunk["choices"]?[0]?["usage"], chunk["x_groq"]?["usage"],
    ]
    for case .some(let place) in places where place.objectValue != nil { return read(place) }
    return chunk["timings"].flatMap(timings)
  }

  private static func read(_ value: JSONValue) -> ModelUsage? {
    guard let prompt = value["prompt_tokens"] ?? value["input_tokens"] else { return nil }
    let details = value["prompt_tokens_details"]
    let cached =
      details?["cached_tokens"] ?? value["prompt_cache_hit_tokens"] ?? value["cached_tokens"]
    return ModelUsage(
      input: count(prompt), cachedInput: count(cached), cacheWrite: count(details?["cache_write_tokens"]),
      output: count(value["completion_tokens"] ?? value["output_tokens"]),
      reasoning: count(value["completion_tokens_details"]?["reasoning_tokens"]),
      total: value["total_tokens"]?.intValue.map { count(JSONValue($0)) })
  }

  /// llama.cpp without `include_usage`.
  private static func timings(_ value: JSONValue) -> ModelUsage? {
    guard value["prompt_n"]?.intValue != nil else { return nil }
    let cached = count(value["cache_n"])
    return ModelUsage(
      input: cached + count(value["prompt_n"]), cachedInput: cached, output: count(value["predicted_n"]))
  }

  /// A server's number, whatever it says: never negative, never so large that sums overflow.
  static func count(_ value: JSONValue?) -> Int { min(max(value?.intValue ?? 0, 0), 1 << 40) }
}
