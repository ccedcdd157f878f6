import StetText

/// The model's reasoning: one line when it is over, its last lines while it comes.
enum ReasoningView {
  /// Lines shown live: enough to see that and about what it thinks.
  static let liveLines = 3

  static func lines(_ content: ReasoningContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    let marker = context.marker("◦", Look.reasoning)
    let text = content.text
    if item.isFinal, item.folded {
      return [context.header(marker, title(content, text), .empty)]
    }
    let body = context.wrapped(text.filter { $0 != "*" }, Look.reasoning)
    if !item.isFinal {
      let seconds = context.now.since(item.startedAt) / 1000
      let head = Line("Thinking \(Words.elapsed(seconds: seconds))", Look.reasoning)
      let live = item.isFolded == false ? body[...] : body.suffix(liveLines)
      return context.block([head] + (text.isEmpty ? [] : live), marker: marker)
    }
    return context.block([title(content, "")] + body, marker: marker)
  }

  private static func title(_ content: ReasoningContent, _ text: String) -> Line {
    let time = content.durationMs.map { " for " + Words.elapsed(seconds: max(1, $0 / 1000)) } ?? ""
    let about = Words.firstLine(text.filter { $0 != "*" })
    return Line("Thought" + time + (about.isEmpty ? "" : ": " + about), Look.reasoning)
  }
}
