import StetJSON

/// Tells whose words a user item of the prompt holds: the user's, or ours in the user's role. The item says it itself
/// (`ItemNotes.ours`). In logs of long ago, and where other programs put items in, its beginning tells: a message may be
/// a megabyte long, and what stands in the middle of it is the user's.
enum PromptOrigin {
  /// How our own user items begin; a text that begins so and says nothing of itself is summarised instead of kept.
  private static let ours = [
    "<environment_context>", "<turn_aborted>", "<files_restored>", "<output_cut>", "<permissions>",
    "<developer_instructions>",
    "<collaboration_mode>", "<user_shell_command>", "<user_action>", "<additional_context",
    "<skill>", "<skills>", "<goal>", "<hook_context", "<review>", "<mcp_tools>", "<output_schema>",
    "<output_schema_error>", CompactionTexts.opening,
    "These project instructions no longer apply: ",
  ]
  /// Lines before the text of a project document: its heading, after an edit with a sentence before it.
  private static let headingLines = 6
  private static let instructions = Array("\n<INSTRUCTIONS>\n".utf8)

  static func isUserMessage(_ item: JSONValue) -> Bool {
    guard item["role"]?.stringValue == "user", item["type"]?.stringValue ?? "message" == "message" else {
      return false
    }
    if let isOurs = item[ItemNotes.member]?[ItemNotes.ours]?.boolValue { return !isOurs }
    guard let text = firstText(item) else { return true }
    return !ours.contains { text.utf8.starts(with: $0.utf8) } && !isDocument(text)
  }

  /// Whether a text of the prompt holds a project document.
  static func isDocument(_ text: String) -> Bool {
    var rest = text.utf8[...]
    for _ in 0..<headingLines {
      guard let line = rest.firstIndex(of: UInt8(ascii: "\n")) else { return false }
      rest = rest[line...]
      if rest.starts(with: instructions) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  /// How many items at the beginning are context layers.
  static func layerCount(_ items: [JSONValue]) -> Int {
    let context = items.prefix(4).firstIndex { item in
      item["role"]?.stringValue == "user" && texts(item).contains { $0.hasPrefix("<environment_context>") }
    }
    return context.map { $0 + 1 } ?? 0
  }

  private static func firstText(_ item: JSONValue) -> String? {
    item["content"]?.stringValue
      ?? item["content"]?.arrayValue?.lazy.compactMap { $0["text"]?.stringValue }.first
  }

  private static func texts(_ item: JSONValue) -> [String] {
    if let text = item["content"]?.stringValue { return [text] }
    return (item["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
  }
}
