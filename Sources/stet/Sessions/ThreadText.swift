import StetProtocol

/// A thread as lines for a terminal or a pager: who said what, which commands ran, which files changed.
struct ThreadText {
  /// Lines of a command's output that are shown; the export has all of it.
  private static let outputLines = 12

  let isStyled: Bool

  func lines(_ thread: StetProtocol.Thread) -> [String] {
    var lines = [bold(PlainText.line(thread.name ?? thread.preview, limit: 200))]
    lines.append(dim("\(thread.id)  \(PlainText.clean(thread.cwd))  \(thread.model ?? thread.modelProvider)"))
    lines.append(dim("\(PlainText.time(thread.createdAt)) to \(PlainText.time(thread.updatedAt))"))
    if thread.turns.isEmpty { lines += ["", "No turns yet."] }
    for turn in thread.turns {
      for item in turn.items { lines += self.lines(item) }
      if let error = turn.error { lines += ["", "! \(PlainText.clean(error.message))"] }
      if turn.status == .interrupted { lines += ["", dim("(interrupted)")] }
    }
    return lines
  }

  private func lines(_ item: ThreadItem) -> [String] {
    switch item {
    case .userMessage(let item):
      let text = split(TranscriptText.text(item.content))
      return [""] + text.enumerated().map { bold(($0.offset == 0 ? "> " : "  ") + $0.element) }
    case .agentMessage(let item): return [""] + split(item.text)
    case .plan(let item): return ["", bold("Plan")] + split(item.text)
    case .commandExecution(let item): return ["", dim("$ ") + PlainText.clean(item.command)] + output(item)
    case .fileChange(let item):
      return [""] + item.changes.map { TranscriptText.line($0, status: item.status) }.map(PlainText.clean)
    default:
      guard let line = TranscriptText.line(item) else { return [] }
      return ["", dim(PlainText.clean(line))]
    }
  }

  private func output(_ item: CommandExecutionItem) -> [String] {
    var all = split(item.aggregatedOutput ?? "")
    if all.last == "" { all.removeLast() }
    var shown = all.suffix(Self.outputLines).map { dim("  " + $0) }
    if all.count > shown.count { shown.insert(dim("  … \(all.count - shown.count) lines before"), at: 0) }
    if let note = TranscriptText.note(item) { shown.append(dim("  (\(note))")) }
    return shown
  }

  private func split(_ text: String) -> [String] {
    PlainText.clean(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func bold(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func dim(_ text: String) -> String { isStyled ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
