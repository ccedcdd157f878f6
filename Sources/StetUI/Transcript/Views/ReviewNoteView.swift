import StetText

/// The beginning of a code review by the model, and its findings.
enum ReviewNoteView {
  static func lines(_ content: ReviewNoteContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    let marker = context.marker("◇", Look.toolRunning)
    if content.isStart {
      let title = Line(("Review ", Look.toolTitle), (Words.firstLine(content.text), Look.dim))
      return [context.header(marker, title, .empty)]
    }
    let body = MarkdownDocument(content.text).lines(width: context.textWidth)
    return context.block([Line("Review", Look.toolTitle)] + body, marker: marker)
  }
}
