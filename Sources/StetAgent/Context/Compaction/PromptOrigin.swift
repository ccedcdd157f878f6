import StetJSON

/// Tells whose words a user item of the prompt holds: the user's, or ours in the user's role.
enum PromptOrigin {
  /// How our own user items begin; a text of the user that begins so is summarised instead of kept.
  private static let ours = [
    "<environment_context>", "<turn_aborted>", "<files_restored>", "<output_cut>", "<permissions>",
    "<collaboration_mode>", "<user_shell_command>", "<user_action>", "<additional_context",
    "<skill>", "<goal>", CompactionTexts.opening, "These project instructions no longer apply: ",
  ]

  static func isUserMessage(_ item: JSONValue) -> Bool {
    guard item["role"]?.stringValue == "user", item["type"]?.stringValue ?? "message" == "message" else {
      return false
    }
    let text = MessageItem.text(of: item)
    if ours.contains(where: { text.hasPrefix($0) }) { return false }
    return text.firstRange(of: "\n<INSTRUCTIONS>\n") == nil
  }

  /// How many items at the beginning are context layers.
  static func layerCount(_ items: [JSONValue]) -> Int {
    let context = items.prefix(4).firstIndex { item in
      item["role"]?.stringValue == "user"
        && MessageItem.text(of: item).firstRange(of: "<environment_context>") != nil
    }
    return context.map { $0 + 1 } ?? 0
  }
}
