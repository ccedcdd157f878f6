/// The moments at which programs of the user run, under the names that Claude Code and Codex give them (X7).
public enum HookEvent: String, CaseIterable, Sendable {
  case sessionStart = "SessionStart"
  case sessionEnd = "SessionEnd"
  case userPromptSubmit = "UserPromptSubmit"
  case preToolUse = "PreToolUse"
  case permissionRequest = "PermissionRequest"
  case postToolUse = "PostToolUse"
  case preCompact = "PreCompact"
  case postCompact = "PostCompact"
  case subagentStart = "SubagentStart"
  case subagentStop = "SubagentStop"
  case stop = "Stop"
  case interrupt = "Interrupt"

  /// The name in the protocol: `preToolUse`.
  public var wireName: String { rawValue.prefix(1).lowercased() + rawValue.dropFirst() }

  /// The name in keys of `hooks.state`: `pre_tool_use`.
  var keyName: String {
    rawValue.reduce(into: "") { name, letter in
      if letter.isUppercase, !name.isEmpty { name.append("_") }
      name += letter.lowercased()
    }
  }

  /// Whether a matcher counts; Codex and Claude Code run the other ones always.
  var hasMatcher: Bool {
    switch self {
    case .preToolUse, .permissionRequest, .postToolUse, .sessionStart, .preCompact, .postCompact,
      .subagentStart, .subagentStop, .sessionEnd:
      true
    case .userPromptSubmit, .stop, .interrupt: false
    }
  }

  /// `thread` or `turn`: what a run belongs to.
  var scope: String { self == .sessionStart || self == .sessionEnd ? "thread" : "turn" }

  /// Nothing here makes it happen: stet has no sub-agents.
  var isNever: Bool { self == .subagentStart || self == .subagentStop }
}
