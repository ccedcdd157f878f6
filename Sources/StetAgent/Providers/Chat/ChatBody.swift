import StetJSON

/// Builds the body of a Chat Completions request. The messages come last: the body of the next request begins with
/// this one's, up to the end of the messages (P1).
enum ChatBody {
  static func bytes(
    _ request: ModelRequest, _ metadata: ModelMetadata, _ encoded: WireCache.Encoded
  ) -> [UInt8] {
    let flags = metadata.flags
    var head: JSONObject = ["model": .string(request.model), "stream": true]
    if flags.streamUsage { head["stream_options"] = ["include_usage": true] }
    if flags.storeFlag { head["store"] = false }
    if flags.reasoningEffort, let effort = request.effort { head["reasoning_effort"] = .string(effort) }
    if let limit = metadata.maxOutput { head[flags.outputLimitField.rawValue] = JSONValue(limit) }
    if let tier = request.serviceTier { head["service_tier"] = .string(tier) }
    if flags.promptCacheKey { head["prompt_cache_key"] = .string(request.cacheKey) }
    if flags.jsonSchema, let schema = request.outputSchema {
      head["response_format"] = [
        "type": "json_schema",
        "json_schema": ["name": "codex_output_schema", "strict": true, "schema": schema],
      ]
    }
    if encoded.tools.bytes != nil {
      // "auto" is what servers do by themselves, and some have to be started anew to accept the word.
      if !request.mayCallTools { head["tool_choice"] = "none" }
      if flags.parallelField { head["parallel_tool_calls"] = .bool(request.parallelToolCalls) }
    }
    return WireBody.bytes(head, tools: encoded.tools.bytes, list: "messages", encoded.messages + encoded.tail)
  }
}
