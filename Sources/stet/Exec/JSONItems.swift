import StetProtocol

/// Items in the words of `exec --json`. The names and the order of members are Codex's.
enum JSONItems {
  /// `type` and what follows it; nil for kinds that exec does not report.
  static func members(of item: ThreadItem, aborted: Bool = false) -> JSONObject? {
    switch item {
    case .agentMessage(let item): return ["type": "agent_message", "text": .string(item.text)]
    case .reasoning(let item):
      let text = item.summary.joined(separator: "\n")
      return text.allSatisfy(\.isWhitespace) ? nil : ["type": "reasoning", "text": .string(text)]
    case .commandExecution(let item): return command(item, aborted)
    case .fileChange(let item): return fileChange(item, aborted)
    case .mcpToolCall(let item): return mcpToolCall(item, aborted)
    case .webSearch(let item):
      return ["type": "web_search", "query": .string(item.query), "action": action(item.action)]
    default: return nil
    }
  }

  static func todoList(_ steps: [TurnPlanStep]) -> JSONObject {
    let items = steps.map { step -> JSONValue in
      ["text": .string(step.step), "completed": .bool(step.status == .completed)]
    }
    return ["type": "todo_list", "items": .array(items)]
  }

  static func error(_ message: String) -> JSONObject { ["type": "error", "message": .string(message)] }

  static func usage(_ usage: TokenUsageBreakdown) -> JSONValue {
    [
      "input_tokens": JSONValue(usage.inputTokens), "cached_input_tokens": JSONValue(usage.cachedInputTokens),
      "cache_write_input_tokens": JSONValue(usage.cacheWriteInputTokens),
      "output_tokens": JSONValue(usage.outputTokens),
      "reasoning_output_tokens": JSONValue(usage.reasoningOutputTokens),
    ]
  }

  // MARK: - Kinds

  private static func command(_ item: CommandExecutionItem, _ aborted: Bool) -> JSONObject {
    let status =
      switch item.status {
      case .completed: "completed"
      case .declined: "declined"
      case .inProgress: "in_progress"
      case .failed, .unknown: "failed"
      }
    return [
      "type": "command_execution", "command": .string(item.command),
      "aggregated_output": .string(item.aggregatedOutput ?? ""),
      "exit_code": item.exitCode.map { JSONValue($0) } ?? .null,
      "status": .string(aborted ? "aborted" : status),
    ]
  }

  private static func fileChange(_ item: FileChangeItem, _ aborted: Bool) -> JSONObject {
    let changes = item.changes.map { change -> JSONValue in
      ["path": .string(change.path), "kind": .string(kind(change.kind))]
    }
    let status =
      switch item.status {
      case .completed: "completed"
      case .inProgress: "in_progress"
      // Codex's exec knows no declined change.
      case .failed, .declined, .unknown: "failed"
      }
    return [
      "type": "file_change", "changes": .array(changes), "status": .string(aborted ? "aborted" : status),
    ]
  }

  static func kind(_ kind: PatchChangeKind) -> String {
    switch kind {
    case .add: "add"
    case .delete: "delete"
    case .update, .unknown: "update"
    }
  }

  private static func mcpToolCall(_ item: McpToolCallItem, _ aborted: Bool) -> JSONObject {
    let status =
      switch item.status {
      case .completed: "completed"
      case .inProgress: "in_progress"
      case .failed, .unknown: "failed"
      }
    let result = item.result.map { result -> JSONValue in
      ["content": .array(result.content), "structured_content": result.structuredContent ?? .null]
    }
    return [
      "type": "mcp_tool_call", "server": .string(item.server), "tool": .string(item.tool),
      "arguments": item.arguments, "result": result ?? .null,
      "error": item.error.map { ["message": .string($0.message)] } ?? .null,
      "status": .string(aborted ? "aborted" : status),
    ]
  }

  private static func action(_ action: WebSearchAction?) -> JSONValue {
    func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    switch action {
    case .search(let search):
      var members: JSONObject = ["type": "search"]
      if let query = search.query { members["query"] = .string(query) }
      if let queries = search.queries { members["queries"] = .array(queries.map(JSONValue.string)) }
      return .object(members)
    case .openPage(let url): return ["type": "open_page", "url": text(url)]
    case .findInPage(let find):
      return ["type": "find_in_page", "url": text(find.url), "pattern": text(find.pattern)]
    case .other, .unknown, nil: return ["type": "other"]
    }
  }
}
