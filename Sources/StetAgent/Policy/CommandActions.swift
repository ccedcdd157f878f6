import StetProtocol

/// What a script seems to do, for display only: reading, listing, searching, or unknown. Never a ground to run it.
enum CommandActions {
  static func of(_ text: String) -> [CommandAction] {
    let script = ShellScript(text)
    guard script.opaqueReason == nil, !script.commands.isEmpty else { return [.unknown(command: text)] }
    let actions = script.commands.map(action)
    // One unknown part makes the whole unknown: half a truth in a prompt is worse than none.
    let isKnown = actions.allSatisfy { if case .unknown = $0 { false } else { true } }
    return isKnown ? actions : [.unknown(command: text)]
  }

  private static func action(_ words: [String]) -> CommandAction {
    let command = ShellQuoting.join(words)
    let arguments = words.dropFirst().filter { !$0.hasPrefix("-") }
    switch words[0] {
    case "cat", "head", "tail", "nl", "less", "wc":
      guard let path = arguments.last else { return .unknown(command: command) }
      return .read(
        ReadCommandAction(command: command, name: String(path.split(separator: "/").last ?? ""), path: path))
    case "sed" where words.contains("-n") && arguments.count == 2:
      let path = arguments[1]
      return .read(
        ReadCommandAction(command: command, name: String(path.split(separator: "/").last ?? ""), path: path))
    case "ls", "tree": return .listFiles(ListFilesCommandAction(command: command, path: arguments.first))
    case "rg" where words.contains("--files"):
      return .listFiles(ListFilesCommandAction(command: command, path: arguments.first))
    case "rg", "grep":
      return .search(
        SearchCommandAction(command: command, path: arguments.dropFirst().first, query: arguments.first))
    default: return .unknown(command: command)
    }
  }
}
