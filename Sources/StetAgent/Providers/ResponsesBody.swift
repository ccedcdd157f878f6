import StetJSON

/// Builds the body of a Responses request (protocol.md §6). The tools and the input come last, as the bytes that the
/// prompt keeps: the body of the next request begins with this one's, up to the end of the input (P1).
enum ResponsesBody {
  static func bytes(_ request: ModelRequest, metadata: ModelMetadata) -> [UInt8] {
    var head: [(String, JSONValue)] = [
      ("model", .string(request.model)), ("stream", true), ("store", false),
    ]
    if metadata.reasoning {
      var reasoning: [(String, JSONValue)] = []
      if let effort = request.effort { reasoning.append(("effort", .string(effort))) }
      if request.summary != "none" { reasoning.append(("summary", .string(request.summary ?? "auto"))) }
      head.append(("reasoning", .object(JSONObject(reasoning))))
      head.append(("include", ["reasoning.encrypted_content"]))
    } else if let effort = request.effort {
      // An unknown model takes it only because the user set it.
      head.append(("reasoning", ["effort": .string(effort)]))
    }
    if let tier = request.serviceTier { head.append(("service_tier", .string(tier))) }
    head.append(("prompt_cache_key", .string(request.cacheKey)))
    if let schema = request.outputSchema {
      head.append(
        (
          "text",
          [
            "format": [
              "type": "json_schema", "name": "codex_output_schema", "strict": true, "schema": schema,
            ]
          ]
        ))
    }
    if !request.tools.names.isEmpty {
      head.append(("tool_choice", request.mayCallTools ? "auto" : "none"))
      head.append(("parallel_tool_calls", .bool(request.parallelToolCalls)))
    }
    var bytes = JSONValue.object(JSONObject(head)).serialized()
    bytes.removeLast()
    let size = request.input.reduce(request.tools.bytes.count + 64) { $0 + $1.bytes.count + 1 }
    bytes.reserveCapacity(bytes.count + size)
    if !request.tools.names.isEmpty {
      bytes += Array(#","tools":"#.utf8)
      bytes += request.tools.bytes
    }
    bytes += Array(#","input":["#.utf8)
    for (index, item) in request.input.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      bytes += item.bytes
    }
    bytes += Array("]}".utf8)
    return bytes
  }
}
