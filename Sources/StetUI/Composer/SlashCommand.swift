/// The commands that a message beginning with `/` can be.
enum SlashCommand: String, CaseIterable, Sendable {
  case compact, diff, dump, export, fork, help, `init`, mcp, mode, model, new, permissions, queue, quit
  case reconnect, redo, rename, resume, review, status, theme, undo

  /// What it does, as the popup and the help show it.
  var words: String {
    switch self {
    case .compact: "summarise the conversation to make room; shows first what is kept"
    case .diff: "what the last turn changed; or thread, head, staged, uncommitted"
    case .dump: "the transcript into the terminal's scrollback; `exit`: also when stet is left"
    case .export: "the whole thread as Markdown into a new file"
    case .fork: "go on in a copy of this thread; this one stays as it is"
    case .help: "keys and commands"
    case .`init`: "let the agent write AGENTS.md for this directory"
    case .mcp: "MCP servers: their state and their tools"
    case .mode: "how edits and commands are approved"
    case .model: "the model of this thread"
    case .new: "start a new thread"
    case .permissions: "what is allowed: list, test a command, revoke"
    case .queue: "edit, reorder and drop queued messages"
    case .quit: "leave stet"
    case .reconnect: "come back to a server that was lost"
    case .redo: "change again what the last undo put back"
    case .rename: "give this thread a name"
    case .resume: "go back to an earlier thread"
    case .review:
      "decide about what is on disk: turn, thread, head, staged or uncommitted; `send` tells the agent"
    case .status: "model, tokens, cache, directory, sandbox"
    case .theme: "colours, with a live preview"
    case .undo: "put back what the last turn changed"
    }
  }

  /// The command that a whole message is, if it is one: `/name` and perhaps an argument.
  static func parse(_ message: String) -> (command: SlashCommand, argument: String)? {
    guard message.hasPrefix("/") else { return nil }
    let name = message.dropFirst().prefix { !$0.isWhitespace }
    guard let command = SlashCommand(rawValue: String(name)) else { return nil }
    let rest = message.dropFirst(1 + name.count).drop { $0.isWhitespace }
    return (command, String(rest))
  }
}
