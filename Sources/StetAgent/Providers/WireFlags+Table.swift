import StetJSON

extension WireFlags {
  /// The flags that the model table has for a provider and a model; what it does not say stays as it is.
  init(_ values: JSONObject) {
    self.init()
    let switches: [(String, WritableKeyPath<WireFlags, Bool>)] = [
      ("developer_role", \.developerRole), ("custom_tools", \.customTools), ("namespace", \.namespaces),
      ("web_search", \.webSearch), ("client_metadata", \.clientMetadata), ("store", \.storeFlag),
      ("prompt_cache_key", \.promptCacheKey), ("cache_control", \.cacheControl),
      ("json_schema", \.jsonSchema), ("strict", \.strictTools), ("parallel_field", \.parallelField),
      ("reasoning_effort", \.reasoningEffort), ("stream_usage", \.streamUsage),
      ("assistant_after_tool", \.assistantAfterTool), ("text_tool_calls", \.textToolCalls),
      ("remote_compaction", \.remoteCompaction),
    ]
    for (key, path) in switches {
      if let isOn = values[key]?.boolValue { self[keyPath: path] = isOn }
    }
    reasoningField = values["reasoning_field"]?.stringValue.flatMap(ReasoningField.init)
    toolIdFormat = values["tool_id_format"]?.stringValue.flatMap(ToolIdFormat.init) ?? toolIdFormat
    outputLimitField = values["output_limit"]?.stringValue.flatMap(OutputLimitField.init) ?? outputLimitField
    thinking = values["thinking"]?.stringValue.flatMap(Thinking.init) ?? thinking
  }
}
