import StetText

/// What the agent says: Markdown, also while it streams.
enum AgentMessageView {
  static func lines(_ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    var markdown = item.markdown
    return lines(markdown: markdown.lines(width: context.textWidth), context)
  }

  static func lines(markdown lines: [Line], _ context: ViewContext) -> [Line] {
    let shown = lines.isEmpty ? [Line.empty] : lines
    return context.block(shown, marker: context.marker("●", Look.agentBullet))
  }
}
