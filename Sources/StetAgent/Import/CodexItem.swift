import StetJSON
import StetProtocol

/// Items as Codex stores them: types in PascalCase, members in snake_case (protocol.md §5).
enum CodexItem {
  /// Nil for a kind that is not known.
  static func item(_ stored: JSONValue) -> ThreadItem? {
    let id = stored["id"]?.stringValue ?? stored["call_id"]?.stringValue ?? ""
    guard !id.isEmpty, id.utf8.count <= 512 else { return nil }
    switch stored["type"]?.stringValue {
    case "UserMessage": return .userMessage(UserMessageItem(id: id, content: inputs(stored["content"])))
    case "AgentMessage":
      let phase = stored["phase"]?.stringValue.map { name in
        MessagePhase.variants.first { $0.name == name }?.value ?? .unlisted(name)
      }
      return .agentMessage(AgentMessageItem(id: id, text: texts(stored["content"]), phase: phase))
    case "Reasoning":
      return .reasoning(
        ReasoningItem(
          id: id, summary: strings(stored["summary_text"]), content: strings(stored["raw_content"])))
    case "Plan": return .plan(PlanItem(id: id, text: stored["text"]?.stringValue ?? ""))
    case "CommandExecution": return .commandExecution(command(id, stored))
    case "FileChange": return .fileChange(fileChange(id, stored))
    case "ImageView": return .imageView(ImageViewItem(id: id, path: path(stored["path"])))
    case "ContextCompaction": return .contextCompaction(ContextCompactionItem(id: id))
    case "EnteredReviewMode":
      let text = stored["review"]?.stringValue ?? stored["user_facing_hint"]?.stringValue ?? ""
      return .enteredReviewMode(EnteredReviewModeItem(id: id, review: text))
    case "ExitedReviewMode":
      return .exitedReviewMode(ExitedReviewModeItem(id: id, review: stored["review"]?.stringValue ?? ""))
    case "McpToolCall", "DynamicToolCall", "FunctionCallOutput", "WebSearch": return rewritten(id, stored)
    default: return nil
    }
  }

  // MARK: - Kinds

  private static func command(_ id: String, _ stored: JSONValue) -> CommandExecutionItem {
    let argv = strings(stored["command"])
    let exit = stored["exit_code"]?.intValue.map { Int($0) }
    let status: CommandExecutionStatus =
      switch stored["status"]?.stringValue?.lowercased() {
      case "declined": .declined
      case "failed": .failed
      case "completed": .completed
      default: exit == 0 ? .completed : .failed
      }
    return CommandExecutionItem(
      id: id, command: argv.isEmpty ? stored["command"]?.stringValue ?? "" : ShellQuoting.join(argv),
      cwd: path(stored["cwd"]), status: status, commandActions: [],
      aggregatedOutput: stored["aggregated_output"]?.stringValue, exitCode: exit,
      durationMs: milliseconds(stored["duration"]))
  }

  private static func fileChange(_ id: String, _ stored: JSONValue) -> FileChangeItem {
    let changes = (stored["changes"]?.objectValue ?? JSONObject()).map { path, change in
      if let added = change["add"] {
        FileUpdateChange(path: path, kind: .add, diff: added["content"]?.stringValue ?? "")
      } else if let deleted = change["delete"] {
        FileUpdateChange(path: path, kind: .delete, diff: deleted["content"]?.stringValue ?? "")
      } else {
        FileUpdateChange(
          path: path, kind: .update(movePath: change["update"]?["move_path"]?.stringValue),
          diff: change["update"]?["unified_diff"]?.stringValue ?? "")
      }
    }
    let name = stored["status"]?.stringValue?.lowercased()
    let status = PatchApplyStatus.variants.first { $0.name == name }?.value ?? .completed
    return FileChangeItem(id: id, changes: changes, status: status)
  }

  /// The kinds whose members differ in spelling only.
  private static func rewritten(_ id: String, _ stored: JSONValue) -> ThreadItem? {
    guard let members = stored.objectValue, let type = stored["type"]?.stringValue else { return nil }
    var wire = JSONObject()
    for (key, value) in members { wire[camel(key)] = value }
    wire["id"] = .string(id)
    wire["type"] = .string(type.prefix(1).lowercased() + type.dropFirst())
    wire["durationMs"] = milliseconds(stored["duration"]).map { JSONValue($0) }
    wire["status"] = .string(stored["status"]?.stringValue.map(camel) ?? "completed")
    do {
      return try JSONCoder.decode(ThreadItem.self, from: .object(wire))
    } catch {
      return nil
    }
  }

  // MARK: - Members

  private static func inputs(_ content: JSONValue?) -> [UserInput] {
    (content?.arrayValue ?? []).compactMap { part -> UserInput? in
      switch part["type"]?.stringValue?.lowercased().filter({ $0 != "_" }) {
      case "text": .text(TextUserInput(text: part["text"]?.stringValue ?? ""))
      case "localimage": .localImage(path: path(part["path"]), detail: nil)
      case "mention": .mention(name: part["name"]?.stringValue ?? "", path: path(part["path"]))
      case "skill": .skill(name: part["name"]?.stringValue ?? "", path: path(part["path"]))
      case "image": .text(TextUserInput(text: "[image]"))
      default: nil
      }
    }
  }

  private static func texts(_ content: JSONValue?) -> String {
    (content?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
  }

  private static func strings(_ value: JSONValue?) -> [String] {
    (value?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// A path, also from a `file:` URL.
  private static func path(_ value: JSONValue?) -> String {
    guard let text = value?.stringValue else { return "" }
    guard text.hasPrefix("file://") else { return text }
    return decoded(text.dropFirst(7))
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func milliseconds(_ duration: JSONValue?) -> Int? {
    guard let seconds = duration?["secs"]?.intValue, seconds >= 0, seconds < 1 << 40 else { return nil }
    return Int(seconds) * 1_000 + Int(duration?["nanos"]?.intValue ?? 0) / 1_000_000
  }

  private static func camel(_ name: String) -> String {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard let first = parts.first else { return name }
    return first.prefix(1).lowercased() + first.dropFirst()
      + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
