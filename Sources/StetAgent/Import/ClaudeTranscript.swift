import StetJSON
import StetProtocol

/// Tells a transcript of Claude Code line by line in the records of a Codex rollout, which is what the import reads.
struct ClaudeTranscript {
  /// Bytes of a tool's output that the model is told again, and that a thread shows.
  private static let outputLimit = 40_000
  /// Calls that wait for their outputs; a transcript that never answers any must not fill the memory.
  private static let openLimit = 1_000
  /// How Claude Code's own words in the user's place begin.
  private static let notSaid = [
    "<command-name>", "<command-message>", "<local-command-stdout>", "<local-command-stderr>",
    "<local-command-caveat>", "<bash-input>", "<bash-stdout>", "<system-reminder>",
    "Caveat: The messages below",
  ]

  private struct Call {
    let name: String
    let input: JSONValue
  }

  let threadId: String
  private var rollout = CodexRollout()
  private var hasBegun = false
  private var isOpen = false
  private var calls: [String: Call] = [:]
  private var cwd = ""
  private var time: JSONValue = .null

  init(threadId: String) { self.threadId = threadId }

  /// What was read, to be called after the last line.
  mutating func finished() -> CodexRollout {
    endTurn("task_complete")
    rollout.finish()
    return rollout
  }

  mutating func skip(_ what: String, _ count: Int = 1) { rollout.skip(what, count) }

  mutating func add(_ line: JSONValue) {
    if let stamp = line["timestamp"], stamp.stringValue != nil { time = stamp }
    begin(line)
    let message = line["message"] ?? .null
    switch line["type"]?.stringValue {
    case "user":
      if line["isMeta"]?.boolValue == true { return }
      let text = Self.text(message["content"])
      if line["isCompactSummary"]?.boolValue == true {
        return record("compacted", ["message": .string(text)])
      }
      for block in message["content"]?.arrayValue ?? [] where block["type"] == "tool_result" {
        answer(block, line["toolUseResult"] ?? .null)
      }
      said(text, line)
    case "assistant":
      guard line["isApiErrorMessage"]?.boolValue != true else { return skip("errors of the API") }
      for (index, block) in (message["content"]?.arrayValue ?? []).enumerated() { add(block, index, line) }
      if let text = message["content"]?.stringValue { add(["type": "text", "text": .string(text)], 0, line) }
    case "system", "attachment": break
    case let type: skip("records of type \(type ?? "?")")
    }
  }

  // MARK: - The user

  private mutating func said(_ text: String, _ line: JSONValue) {
    guard text.contains(where: { !$0.isWhitespace }) else { return }
    if text.hasPrefix("[Request interrupted by user") { return endTurn("turn_aborted") }
    if Self.notSaid.contains(where: { text.hasPrefix($0) }) { return skip("commands of Claude Code") }
    let id = line["uuid"]?.stringValue ?? ""
    endTurn("task_complete")
    event("task_started", ["turn_id": .string("claude-\(id)")])
    isOpen = true
    item("UserMessage", id, ["content": [["type": "text", "text": .string(text)]]])
    record("response_item", MessageItem.user(text))
  }

  private mutating func endTurn(_ how: String) {
    if isOpen { event(how, [:]) }
    isOpen = false
  }

  // MARK: - The model

  private mutating func add(_ block: JSONValue, _ index: Int, _ line: JSONValue) {
    let id = "\(line["uuid"]?.stringValue ?? "")-\(index)"
    switch block["type"]?.stringValue {
    case "text":
      guard let text = block["text"]?.stringValue, !text.isEmpty else { return }
      item("AgentMessage", id, ["content": [["type": "Text", "text": .string(text)]]])
      record(
        "response_item",
        [
          "type": "message", "role": "assistant",
          "content": [["type": "output_text", "text": .string(text)]],
        ])
    case "thinking":
      // Its signature is worth something only to who made it: it is shown, and not told again.
      guard let text = block["thinking"]?.stringValue, !text.isEmpty else { return }
      item("Reasoning", id, ["summary_text": [.string(text)]])
    case "tool_use":
      guard let call = block["id"]?.stringValue, let name = block["name"]?.stringValue,
        calls.count < Self.openLimit
      else { return skip("calls") }
      calls[call] = Call(name: name, input: block["input"] ?? [:])
      record(
        "response_item",
        [
          "type": "function_call", "call_id": .string(call), "name": .string(name),
          "arguments": .string((block["input"] ?? [:]).text),
        ])
    case "redacted_thinking": skip("encrypted reasoning of the model")
    case let type: skip("parts of type \(type ?? "?")")
    }
  }

  // MARK: - Tools

  private mutating func answer(_ block: JSONValue, _ result: JSONValue) {
    guard let id = block["tool_use_id"]?.stringValue, let call = calls.removeValue(forKey: id) else {
      return skip("outputs without a call")
    }
    let text = OutputCutter.cut(Self.text(block["content"]), to: Self.outputLimit, file: nil)
    record(
      "response_item",
      ["type": "function_call_output", "call_id": .string(id), "output": .string(text)])
    let failed = block["is_error"]?.boolValue == true
    let status: JSONValue = failed ? "failed" : "completed"
    if call.name == "Bash" {
      var fields: JSONObject = [
        "command": .string(call.input["command"]?.stringValue ?? ""), "cwd": .string(cwd), "status": status,
        "aggregated_output": .string(text),
      ]
      if !failed { fields["exit_code"] = 0 }
      return item("CommandExecution", id, fields)
    }
    if !failed, let path = call.input["file_path"]?.stringValue, let change = Self.change(call, result) {
      return item("FileChange", id, ["changes": [path: change], "status": "completed"])
    }
    item(
      "DynamicToolCall", id,
      [
        "tool": .string(call.name), "arguments": call.input, "status": status, "success": .bool(!failed),
        "content_items": [["type": "inputText", "text": .string(text)]],
      ])
  }

  /// An edit as it is shown; nil where the transcript does not say what it did.
  private static func change(_ call: Call, _ result: JSONValue) -> JSONValue? {
    let hunks = (result["structuredPatch"]?.arrayValue ?? []).compactMap(hunk)
    if call.name == "Write", hunks.isEmpty {
      return call.input["content"]?.stringValue.map { ["add": ["content": .string($0)]] }
    }
    guard ["Write", "Edit", "MultiEdit"].contains(call.name), !hunks.isEmpty else { return nil }
    return ["update": ["unified_diff": .string(hunks.joined())]]
  }

  private static func hunk(_ hunk: JSONValue) -> String? {
    let numbers = ["oldStart", "oldLines", "newStart", "newLines"].compactMap { hunk[$0]?.intValue }
    guard numbers.count == 4, let lines = hunk["lines"]?.arrayValue else { return nil }
    let head = "@@ -\(numbers[0]),\(numbers[1]) +\(numbers[2]),\(numbers[3]) @@\n"
    return head + lines.compactMap(\.stringValue).map { $0 + "\n" }.joined()
  }

  // MARK: - Records

  private mutating func begin(_ line: JSONValue) {
    if let directory = line["cwd"]?.stringValue, directory.hasPrefix("/") {
      let isNew = directory != cwd
      cwd = directory
      if hasBegun, isNew { record("turn_context", ["cwd": .string(directory)]) }
    }
    guard !hasBegun, !cwd.isEmpty else { return }
    hasBegun = true
    var meta: JSONObject = [
      "id": .string(threadId), "cwd": .string(cwd), "history_mode": "paginated", "originator": "claude-code",
      "cli_version": .string(line["version"]?.stringValue ?? ""), "source": "cli", "timestamp": time,
    ]
    if let branch = line["gitBranch"]?.stringValue, !branch.isEmpty {
      meta["git"] = ["branch": .string(branch)]
    }
    record("session_meta", .object(meta))
  }

  private mutating func item(_ type: String, _ id: String, _ fields: JSONObject) {
    var stored = fields
    stored["type"] = .string(type)
    stored["id"] = .string(id)
    event("item_completed", ["item": .object(stored)])
  }

  private mutating func event(_ type: String, _ fields: JSONObject) {
    var payload = fields
    payload["type"] = .string(type)
    record("event_msg", .object(payload))
  }

  private mutating func record(_ type: String, _ payload: JSONValue) {
    rollout.add(["timestamp": time, "type": .string(type), "payload": payload])
  }

  /// The texts of a message; pictures become a word.
  private static func text(_ content: JSONValue?) -> String {
    if let text = content?.stringValue { return text }
    return (content?.arrayValue ?? []).compactMap { block -> String? in
      switch block["type"]?.stringValue {
      case "text": block["text"]?.stringValue
      case "image": "[image]"
      case "document": "[document]"
      default: nil
      }
    }.joined(separator: "\n")
  }
}
