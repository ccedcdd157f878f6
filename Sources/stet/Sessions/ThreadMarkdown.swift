import StetProtocol

/// A thread as a Markdown document. Whatever was said or printed stands as it is: fences are longer than any run of
/// backticks inside of them.
struct ThreadMarkdown {
  func document(_ thread: StetProtocol.Thread) -> String {
    var parts = ["# \(PlainText.line(thread.name ?? thread.preview, limit: 200))", facts(thread)]
    for turn in thread.turns {
      for item in turn.items { parts += part(item).map { [$0] } ?? [] }
      if let error = turn.error { parts.append("**Error:** \(PlainText.clean(error.message))") }
      if turn.status == .interrupted { parts.append("*Interrupted.*") }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func facts(_ thread: StetProtocol.Thread) -> String {
    var facts = [("Thread", thread.id), ("Directory", thread.cwd)]
    if let model = thread.model { facts.append(("Model", model)) }
    if let branch = thread.gitInfo?.branch { facts.append(("Branch", branch)) }
    if let sha = thread.gitInfo?.sha { facts.append(("Commit", sha)) }
    facts.append(("Created", PlainText.time(thread.createdAt)))
    facts.append(("Updated", PlainText.time(thread.updatedAt)))
    return facts.map { "- \($0.0): `\(PlainText.line($0.1, limit: 4_096))`" }.joined(separator: "\n")
  }

  private func part(_ item: ThreadItem) -> String? {
    switch item {
    case .userMessage(let item): return "## User\n\n\(PlainText.clean(TranscriptText.text(item.content)))"
    case .agentMessage(let item): return "## Agent\n\n\(PlainText.clean(item.text))"
    case .plan(let item): return "## Plan\n\n\(PlainText.clean(item.text))"
    case .reasoning(let item):
      let text = item.summary.joined(separator: "\n\n")
      return text.isEmpty ? nil : "### Reasoning\n\n\(PlainText.clean(text))"
    case .commandExecution(let item): return command(item)
    case .fileChange(let item):
      return item.changes.map { change in
        let line = PlainText.line(TranscriptText.line(change, status: item.status), limit: 4_096)
        return "### `\(line)`\n\n" + fenced(change.diff, change.kind.isUpdate ? "diff" : "")
      }.joined(separator: "\n\n")
    default: return TranscriptText.line(item).map { "> \(PlainText.line($0, limit: 4_096))" }
    }
  }

  private func command(_ item: CommandExecutionItem) -> String {
    var parts = ["### Command", fenced(item.command, "sh")]
    if let output = item.aggregatedOutput, !output.isEmpty { parts.append(fenced(output, "")) }
    if let note = TranscriptText.note(item) { parts.append("*\(note)*") }
    return parts.joined(separator: "\n\n")
  }

  private func fenced(_ text: String, _ language: String) -> String {
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let body = PlainText.clean(text)
    return "\(fence)\(language)\n\(body)\(body.hasSuffix("\n") || body.isEmpty ? "" : "\n")\(fence)"
  }
}

extension PatchChangeKind {
  fileprivate var isUpdate: Bool { if case .update = self { true } else { false } }
}
