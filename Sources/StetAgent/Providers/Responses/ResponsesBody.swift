import StetJSON

/// Builds the body of a Responses request (protocol.md §6). The tools and the input come last, as the bytes that the
/// prompt keeps: the body of the next request begins with this one's, up to the end of the input (P1).
enum ResponsesBody {
  static func bytes(
    _ request: ModelRequest, _ metadata: ModelMetadata, _ encoded: WireCache.Encoded
  ) -> [UInt8] {
    var head: JSONObject = ["model": .string(request.model), "stream": true, "store": false]
    if metadata.reasoning {
      var reasoning = JSONObject()
      if let effort = request.effort { reasoning["effort"] = .string(effort) }
      if request.summary != "none" { reasoning["summary"] = .string(request.summary ?? "auto") }
      head["reasoning"] = .object(reasoning)
      head["include"] = ["reasoning.encrypted_content"]
    } else if let effort = request.effort {
      // An unknown model takes it only because the user set it.
      head["reasoning"] = ["effort": .string(effort)]
    }
    if let tier = request.serviceTier { head["service_tier"] = .string(tier) }
    if metadata.flags.promptCacheKey { head["prompt_cache_key"] = .string(request.cacheKey) }
    if let schema = request.outputSchema {
      head["text"] = [
        "format": [
          "type": "json_schema", "name": "codex_output_schema", "strict": true, "schema": schema,
        ]
      ]
    }
    if encoded.tools.bytes != nil {
      head["tool_choice"] = request.mayCallTools ? "auto" : "none"
      head["parallel_tool_calls"] = .bool(request.parallelToolCalls)
    }
    return WireBody.bytes(head, tools: encoded.tools.bytes, list: "input", encoded.messages + encoded.tail)
  }
}
